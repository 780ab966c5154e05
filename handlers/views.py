"""Forms that were saved."""

from collections.abc import Callable

from bot.domain.chat import Form, Message
from bot.platforms.slack_forms import parse_submission
from bot.services import (
    absences,
    asks,
    audit_list,
    briefs,
    decisions,
    entries,
    entry_lists,
    help_today,
    meetings,
    member_list,
    members,
    setup,
    sites,
)
from bot.services.checkins import changing, questions
from bot.services.checkins.answering import save_answer
from bot.services.checkins.previewing import end_preview
from bot.services.checkins.putting_off import save_away
from bot.services.disturbances.announcing import announce_change
from handlers.answers import answer_form, push_form
from handlers.checkin_audience import save_audience, save_settings
from handlers.request import Handler, Request
from handlers.setting_up import save_channels, save_facilitators
from handlers.summaries import save_summary


def saves(use_case: Callable[..., Message]) -> Handler:
    """Save once however often it is delivered; the answer goes to the card the form came from."""

    async def submitted(request: Request) -> None:
        house, submission = request.house, parse_submission(request.body["view"])
        message = await house.database.write(use_case, house.context(), request.sender, request.id, submission)
        await answer_form(request, submission, message)

    return submitted


def finds(use_case: Callable[..., Message]) -> Handler:
    """Look for what the form asks; nothing is saved."""

    async def submitted(request: Request) -> None:
        house, submission = request.house, parse_submission(request.body["view"])
        message = await house.database.read(use_case, house.context(), request.sender, submission)
        await answer_form(request, submission, message)

    return submitted


def previews(use_case: Callable[..., Form]) -> Handler:
    """Show what would be saved above the form, which is not closed yet."""

    async def submitted(request: Request) -> None:
        request.ack.opens = "form_above"
        house, submission = request.house, parse_submission(request.body["view"])
        form = await house.database.read(use_case, house.context(), request.sender, submission)
        await push_form(request, submission, form)

    return submitted


VIEWS: dict[str, Handler] = {
    "checkin.new_save": saves(changing.save_new),
    "checkin.settings_save": save_settings,
    "checkin.audience_save": save_audience,
    "checkin.question_save": saves(questions.save_question),
    "brief.correct_save": saves(briefs.correct_brief),
    "settings.save": saves(members.save_settings),
    "entry.save": saves(entries.save_form),
    "entry.details_save": saves(entries.save_details),
    "entry.tension_save": saves(entries.save_tension),
    "entry.tell_save": saves(entries.save_tell),
    "entry.hide_save": saves(entries.hide_entry),
    "entry.ask_send": saves(asks.send_ask),
    "help.lesson_save": saves(help_today.save_lesson),
    "ask.tell_save": saves(asks.save_tell),
    "entries.filter_save": finds(entry_lists.filter_entries),
    "decision.save": saves(decisions.save_decision),
    "decision.object_save": saves(decisions.save_objection),
    "agenda.save": saves(decisions.save_agenda_item),
    "disturbance.save": saves(announce_change),
    "meeting.move_save": saves(meetings.save_move),
    "series.preview": previews(meetings.preview_series),
    "series.save": saves(setup.save_meeting),
    "setup.sides_save": saves(setup.save_sides),
    "setup.channels_save": save_channels,
    "setup.place_save": saves(setup.save_place),
    "setup.facilitators_save": save_facilitators,
    "member.save": saves(member_list.save_member),
    "holiday.save": saves(meetings.save_days_off),
    "site.save": saves(sites.save_site),
    "site.days_save": saves(sites.save_site_days),
    "away.save": saves(absences.save_away),
    "checkin.save": saves(save_answer),
    "checkin.away_save": saves(save_away),
    "checkin.preview_send": finds(end_preview),
    "summary.save": save_summary,
    "brieftime.save": saves(meetings.save_brief_rule),
    "audit.filter_save": finds(audit_list.filter_audit),
}
