"""Buttons. Each stands in one of four ways: it changes its card, opens a form, shows a window, or answers privately."""

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlmodel import Session

from bot.domain.chat import Form, Message
from bot.platforms.slack_blocks import parse_press
from bot.services import (
    absences,
    asks,
    audit_list,
    briefs,
    decisions,
    entries,
    entry_lists,
    failures,
    help_today,
    meetings,
    member_list,
    members,
    privacy,
    setup,
    sites,
    sop,
)
from bot.services.checkins import audience, changing, copying, listing, questions, running
from bot.services.checkins.answering import answer_form, answer_form_at_home, change_form
from bot.services.checkins.examples import show_example
from bot.services.checkins.previewing import preview_form
from bot.services.checkins.putting_off import ask_later, away_form, skip, undo
from bot.services.checkins.replying import kind_of_reply, set_kind_of_reply
from bot.services.checkins.results_shown import show_answers
from bot.services.context import Context
from bot.services.disturbances.announcing import announce_form, restore_change, withdraw_change
from bot.services.disturbances.listing import open_change
from bot.services.not_shown import why_not_shown
from bot.services.requests import press_once
from bot.services.summaries.changing import summary_form, undo_summary_rule
from bot.services.summaries.showing import summary_agreements, summary_entries
from handlers import answers
from handlers.joining import choose_side
from handlers.privacy import export_mine
from handlers.request import Handler, Request
from handlers.setting_up import open_question, try_channels

UseCase: TypeAlias = Callable[..., Any]


def in_place(use_case: Callable[..., Message]) -> Handler:
    """The card itself changes, and says what was done."""

    async def pressed(request: Request) -> None:
        await answers.answer_in_place(request, await _write(request, use_case))

    return pressed


def opens(use_case: Callable[..., Form]) -> Handler:
    """A form opens; its answer comes back to this card."""

    async def pressed(request: Request) -> None:
        request.ack.opens = "window"
        await answers.open_form(request, await _read(request, use_case))

    return pressed


def opens_beside(use_case: Callable[..., Form]) -> Handler:
    """A form opens; its answer stands beside the message that was pressed, which says more than one thing."""

    async def pressed(request: Request) -> None:
        request.ack.opens = "window"
        await answers.open_form(request, await _read(request, use_case), in_place=False)

    return pressed


def opens_after(use_case: Callable[..., Form]) -> Handler:
    """A form opens, and something is noted with it: who takes a question has it from the first press on."""

    async def pressed(request: Request) -> None:
        request.ack.opens = "window"
        await answers.open_form(request, await _write(request, use_case))

    return pressed


def shows(use_case: Callable[..., Message]) -> Handler:
    """A window with more, for this reader only."""

    async def pressed(request: Request) -> None:
        request.ack.opens = "window"
        await answers.show(request, await _read(request, use_case))

    return pressed


def shows_after(use_case: Callable[..., Message]) -> Handler:
    """A window with more, and something is noted with it: that somebody opened the brief."""

    async def pressed(request: Request) -> None:
        request.ack.opens = "window"
        await answers.show(request, await _write(request, use_case))

    return pressed


async def leaves(request: Request) -> None:
    """A link: Slack opens it and only wants to be told that we heard."""
    await request.ack()


async def _write(request: Request, use_case: UseCase) -> Any:
    house, value = request.house, parse_press(request.body).value
    return await house.database.write(press_once, house.context(), request.sender, request.id, use_case, value)


async def _read(request: Request, use_case: UseCase) -> Any:
    house, value = request.house, parse_press(request.body).value
    return await house.database.read(use_case, house.context(), request.sender, value)


def open_settings(session: Session, context: Context, sender: Any, _value: str) -> Form:
    return members.settings_form(session, context, sender)


def show_help(session: Session, context: Context, sender: Any, _value: str) -> Message:
    return sop.help_card(session, context, sender)


ACTIONS: dict[str, Handler] = {
    "side.choose": choose_side,
    "settings.open": opens(open_settings),
    "sop.help": shows(show_help),
    "entry.new": opens(entries.new_form),
    "entry.details": opens(entries.details_form),
    "entry.edit": opens(entries.details_form),
    "entry.kind": in_place(entries.kind_choice),
    "entry.set_kind": in_place(entries.set_kind),
    "entry.back": in_place(entries.show_card),
    "entry.tension": opens(entries.tension_form),
    "entry.link": in_place(entries.link_recurrence),
    "entry.share": in_place(entries.share_entry),
    "entry.undo": in_place(entries.undo_entry),
    "entry.restore": in_place(entries.restore_entry),
    "entry.name_off": in_place(entries.take_name_off),
    "entry.name_keep": in_place(entries.keep_name),
    "entry.read": shows(entries.read_entry),
    "entry.open": shows(entries.open_entry),
    "entry.tell": opens(entries.tell_form),
    "entry.resolve": in_place(entries.resolve_entry),
    "entry.park": in_place(entries.park_entry),
    "entry.adopt": in_place(entries.adopt_entry),
    "entry.reopen": in_place(entries.reopen_entry),
    "entry.withdraw": in_place(entries.withdraw_entry),
    "entry.hide": opens(entries.hide_form),
    "entry.ask": opens(asks.ask_form),
    "entry.help": in_place(help_today.offer_help),
    "entry.help_send": in_place(help_today.send_help),
    "entry.help_back": in_place(help_today.back_from_help),
    "help.lesson": opens(help_today.lesson_form),
    "ask.tell": opens(asks.tell_form),
    "ask.tell_beside": opens_beside(asks.tell_beside_form),
    "ask.take": opens_after(asks.take_ask),
    "ask.later": in_place(asks.tell_later),
    "ask.refuse": in_place(asks.refuse_ask),
    "ask.withdraw": in_place(asks.withdraw_ask),
    "ask.read": shows(asks.read_both),
    "entries.list": in_place(entry_lists.list_entries),
    "entries.filter": opens(entry_lists.filter_form),
    "outbox.again": in_place(failures.post_again),
    "brief.details": shows_after(briefs.brief_details),
    "brief.decisions": shows_after(briefs.brief_decisions),
    "brief.agreements": shows_after(briefs.brief_agreements),
    "brief.open": shows(briefs.open_brief),
    "brief.past": shows(briefs.past_briefs),
    "brief.correct": opens(briefs.correct_form),
    "decision.list": in_place(decisions.list_decisions_card),
    "decision.ask": opens(decisions.ask_form),
    "decision.change": opens(decisions.change_form),
    "decision.remove": in_place(decisions.remove_decision),
    "decision.restore": in_place(decisions.restore_decision),
    "decision.options": shows(decisions.show_options),
    "decision.object": opens(decisions.object_form),
    "decision.object_withdraw": in_place(decisions.withdraw_objection),
    "decision.answers": in_place(decisions.answer_card),
    "decision.take": in_place(decisions.take_option),
    "decision.carry": in_place(decisions.carry_over),
    "decision.escalate": in_place(decisions.escalate),
    "decision.undo": in_place(decisions.undo_answer),
    "agenda.add": opens(decisions.agenda_form),
    "agenda.remove": in_place(decisions.remove_agenda_item),
    "setup.list": in_place(setup.list_setup),
    "setup.open": open_question,
    "setup.channels": opens(setup.channels_form),
    "setup.try_channels": try_channels,
    "setup.remove_test": in_place(setup.remove_test),
    "member.list": in_place(member_list.list_members_card),
    "member.open": opens(member_list.member_form),
    "disturbance.new": opens(announce_form),
    "disturbance.open": shows(open_change),
    "disturbance.withdraw": in_place(withdraw_change),
    "disturbance.restore": in_place(restore_change),
    "meetings.list": in_place(meetings.list_upcoming),
    "meeting.open": in_place(meetings.open_meeting),
    "meeting.move": opens(meetings.move_form),
    "meeting.cancel": in_place(meetings.cancel_meeting),
    "meeting.restore": in_place(meetings.restore_meeting),
    "meeting.undo": in_place(meetings.undo_change),
    "series.new": opens(meetings.series_form),
    "series.change": opens(meetings.series_form),
    "series.end": in_place(meetings.end_series),
    "holiday.list": in_place(meetings.list_days_off),
    "holiday.new": opens(meetings.day_off_form),
    "holiday.toggle": in_place(meetings.toggle_day_off),
    "site.list": in_place(sites.list_sites),
    "site.open": in_place(sites.open_site),
    "site.new": opens(sites.site_form),
    "site.change": opens(sites.site_form),
    "site.remove": in_place(sites.remove_site),
    "site.days": opens(sites.site_days_form),
    "site.toggle": in_place(sites.toggle_site_day),
    "site.undo": in_place(sites.undo_site),
    "away.open": opens(absences.away_form),
    "away.end": in_place(absences.end_mine),
    "checkin.list": in_place(listing.list_checkins_card),
    "checkin.open": in_place(listing.open_checkin),
    "checkin.outcomes": shows(listing.show_outcomes),
    "checkin.start": in_place(changing.start_weekly),
    "checkin.templates": in_place(changing.list_templates),
    "checkin.new": opens(changing.new_form),
    "checkin.settings": opens(changing.settings_form),
    "checkin.undo_change": in_place(changing.undo_change),
    "checkin.audience": opens(audience.audience_form),
    "checkin.questions": in_place(questions.list_questions_card),
    "checkin.question_new": opens(questions.new_question_form),
    "checkin.question": opens(questions.question_form),
    "checkin.preview": shows(running.preview_checkin),
    "checkin.pause": in_place(running.pause_checkin),
    "checkin.resume": in_place(running.resume_checkin),
    "checkin.duplicate": in_place(copying.duplicate_checkin),
    "checkin.run_now": in_place(running.run_checkin),
    "checkin.stop": in_place(running.stop_round),
    "checkin.go_on": in_place(running.go_on),
    "checkin.delete": in_place(running.delete_checkin),
    "checkin.restore": in_place(running.restore_checkin),
    "checkin.answers": shows(show_answers),
    "figure.why": shows(why_not_shown),
    "checkin.answer": opens(answer_form),
    "checkin.answer_home": opens(answer_form_at_home),
    "checkin.change": opens(change_form),
    "checkin.later": in_place(ask_later),
    "checkin.away": opens(away_form),
    "checkin.skip": in_place(skip),
    "checkin.undo": in_place(undo),
    "checkin.example": shows(show_example),
    "checkin.kind": in_place(kind_of_reply),
    "checkin.set_kind": in_place(set_kind_of_reply),
    "checkin.ask": opens_beside(asks.ask_form),
    "checkin.preview_form": opens(preview_form),
    "summary.entries": shows(summary_entries),
    "summary.agreements": shows(summary_agreements),
    "summary.open": opens(summary_form),
    "summary.undo": in_place(undo_summary_rule),
    "brieftime.open": opens(meetings.brief_rule_form),
    "privacy.show": in_place(privacy.show_privacy),
    "privacy.open": shows(privacy.show_privacy),
    "privacy.export": export_mine,
    "privacy.delete": in_place(privacy.offer_erasure),
    "privacy.erase": in_place(privacy.erase_me),
    "privacy.stop": in_place(privacy.stop_asking),
    "privacy.ask": in_place(privacy.ask_again),
    "audit.list": in_place(audit_list.list_audit),
    "audit.filter": opens(audit_list.audit_filter_form),
}
