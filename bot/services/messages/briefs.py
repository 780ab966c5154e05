"""The brief as messages: the post of at most fifteen lines, its thread, what its buttons show (golden message 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.brief import BriefSnapshot
from bot.domain.chat import Button, Buttons, Form, Heading, Message, Part, Small, Text, TextField
from bot.domain.markup import strip_markup
from bot.services.messages import brief_details, brief_lines
from bot.services.messages.brief_decisions import decision_details
from bot.services.messages.brief_page import cycles_chart, last_line, page
from bot.services.messages.fitting import pack
from bot.services.messages.late import late_note
from bot.templates import Rich, Speaker
from storage.tables import Brief, BriefReach, Meeting

PREVIEW: Final = "preview"
"""In place of the id of a brief: the one to come, as known now."""

MESSAGE: Final = 2_500
"""Characters of one message of the thread; platforms take three to four thousand."""

REASON: Final = 150
"""Characters of what was wrong: one line, with the version before it."""

REACH_FROM: Final = 5
"""People invited; of fewer, a count would point at persons."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a brief since it was frozen.

    `replaced_by` = version and id of the brief that took its place. `moved_to` = when the meeting is now.
    """

    brief_id: str
    version: int = 1
    late_at: datetime | None = None
    corrected_at: datetime | None = None
    correction: str = ""
    replaced_by: tuple[int, str] | None = None
    moved_to: datetime | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class PastBrief:
    brief: Brief
    meeting: Meeting


def post(speak: Speaker, snapshot: BriefSnapshot, standing: Standing) -> Message:
    """The post in the channel, as it stands now."""
    heading, notes = _heading(speak, snapshot, standing), _notes(speak, snapshot, standing)
    body = page(speak, snapshot, standing.brief_id, above=1 + len(notes))
    chart, buttons = cycles_chart(speak, snapshot), _buttons(speak, snapshot, standing.brief_id)
    return Message(heading, (*notes, Heading(heading), *body, last_line(speak, snapshot), *chart, buttons))


def thread(speak: Speaker, snapshot: BriefSnapshot) -> tuple[Message, ...]:
    """What stands in the thread of the post."""
    groups = pack(brief_details.details(speak, snapshot), MESSAGE)
    return tuple(Message(_heading(speak, snapshot), _texts(group)) for group in groups)


def preview(speak: Speaker, snapshot: BriefSnapshot, meeting: Meeting, past: Sequence[Part] = ()) -> Message:
    """The brief to come, as known now."""
    ahead = meeting.brief_due_at is not None and meeting.brief_due_at > snapshot.as_of
    note = speak.text("brief", "preview" if ahead else "preview_unposted", due=meeting.brief_due_at)
    return _copy(speak, snapshot, PREVIEW, [Small(note)], past)


def posted(
    speak: Speaker,
    snapshot: BriefSnapshot,
    standing: Standing,
    *,
    versions: Sequence[Brief] = (),
    reach: BriefReach | None = None,
    may_correct: bool = False,
    past: Sequence[Part] = (),
) -> Message:
    """A brief that was posted, privately: as it was, with its other versions, and how many it reached."""
    note = Small(speak.text("brief", "posted", version=standing.version))
    others = [_version(speak, brief) for brief in versions if brief.id != standing.brief_id][-3:]
    correct = [speak.button("correct", "brief.correct", standing.brief_id)] if may_correct else []
    more: list[Part] = [Buttons((*correct, *others))] if (correct or others) else []
    return _copy(
        speak,
        snapshot,
        standing.brief_id,
        [note, *_notes(speak, snapshot, standing)],
        [*_reach(speak, reach), *more, *past],
    )


def details(speak: Speaker, snapshot: BriefSnapshot) -> Message:
    return _behind_button(speak, snapshot, brief_details.details(speak, snapshot))


def decisions(speak: Speaker, snapshot: BriefSnapshot) -> Message:
    return _behind_button(speak, snapshot, decision_details(speak, snapshot) or [speak.text("brief", "nothing_asked")])


def agreements(speak: Speaker, snapshot: BriefSnapshot) -> Message:
    listed = brief_details.agreements(speak, snapshot)
    return _behind_button(speak, snapshot, listed or [brief_lines.agreements(speak, snapshot)])


def past_list(speak: Speaker, past: Sequence[PastBrief], offset: int, *, more: bool) -> Sequence[Part]:
    """Briefs of meetings that have begun, each with a button; empty when there are none."""
    if not past and not offset:
        return []
    rows: list[Part] = [
        Text(
            speak.text("brief", "past_one", meeting=one.meeting, version=one.brief.version),
            speak.button("open", "brief.open", one.brief.id),
        )
        for one in past
    ]
    older: list[Part] = [Buttons((speak.button("older", "brief.past", str(offset + len(past))),))] if more else []
    return [Text(speak.text("brief", "past")), *rows, *older]


def past_window(speak: Speaker, parts: Sequence[Part]) -> Message:
    return Message(speak.plain("brief", "past"), tuple(parts or [Text(speak.text("brief", "past_none"))]))


def no_meeting(speak: Speaker, past: Sequence[Part] = ()) -> Message:
    return Message(speak.plain("brief", "no_meeting"), (Text(speak.text("brief", "no_meeting")), *past))


def correct_form(speak: Speaker, brief_id: str) -> Form:
    return Form(
        action="brief.correct_save",
        title=speak.plain("brief", "correct_title"),
        submit=speak.plain("button", "post_again"),
        close=speak.plain("button", "cancel"),
        fields=(
            TextField(
                "reason",
                speak.plain("brief", "correct_label"),
                hint=speak.plain("brief", "correct_hint"),
                required=True,
                max_length=REASON,
            ),
        ),
        notice=speak.text("brief", "correct_notice"),
        payload={"brief": brief_id},
    )


def corrected(speak: Speaker, version: int) -> Message:
    return _sentence(speak.text("brief", "corrected", version=version))


def reminder(speak: Speaker, snapshot: BriefSnapshot, brief_id: str, starts_at: datetime) -> Message:
    """Golden message 9, reminder: once, to who has not opened it."""
    text = speak.text("brief", "reminder", starts_at=starts_at, decisions=len(snapshot.decisions))
    decisions_first = (
        speak.button("decisions", "brief.decisions", brief_id, "primary"),
        speak.button("details", "brief.details", brief_id),
    )
    return Message(
        speak.plain("brief", "reminder_summary", starts_at=starts_at), (Text(text), Buttons(decisions_first))
    )


def reminder_line(speak: Speaker, snapshot: BriefSnapshot, brief_id: str, starts_at: datetime) -> Text:
    """What stands for the reminder beside other things of the day."""
    facts = {"meeting": snapshot.meeting_type, "starts_at": starts_at, "decisions": len(snapshot.decisions)}
    text = speak.text("brief", "reminder_line", **facts)
    return Text(text, speak.button("decisions", "brief.decisions", brief_id))


def not_posted(speak: Speaker, meeting: Meeting, reason: str, next_due: datetime | None) -> Message:
    """To a facilitator. `reason` is "skipped" or "no_channel"."""
    return _sentence(speak.text("brief", reason, starts_at=meeting.starts_at, next_due=next_due))


def _heading(speak: Speaker, snapshot: BriefSnapshot, standing: Standing | None = None) -> str:
    starts_at = (standing.moved_to if standing else None) or snapshot.starts_at
    return speak.plain("brief", "heading", meeting=snapshot.meeting_type, starts_at=starts_at)


def _notes(speak: Speaker, snapshot: BriefSnapshot, standing: Standing) -> list[Part]:
    """What stands above the heading: what became of it comes first."""
    notes: list[Part] = []
    if standing.replaced_by:
        version, brief_id = standing.replaced_by
        open_it = Button("brief.open", speak.plain("brief", "open_version", version=version), brief_id)
        return [Text(speak.text("brief", "replaced", version=version), open_it)]
    if standing.cancelled:
        notes.append(Text(speak.text("brief", "cancelled")))
    elif standing.moved_to:
        notes.append(Text(speak.text("brief", "moved", was=snapshot.starts_at)))
    if standing.corrected_at:
        facts = {"version": standing.version, "at": standing.corrected_at, "reason": standing.correction}
        notes.append(Small(speak.text("brief", "version", **facts)))
    elif standing.late_at:
        notes.append(Small(late_note(speak, snapshot.as_of, standing.late_at)))
    return notes


def _buttons(speak: Speaker, snapshot: BriefSnapshot, brief_id: str) -> Buttons:
    return Buttons(
        (
            speak.button("details", "brief.details", brief_id, "primary"),
            speak.button("decisions", "brief.decisions", brief_id),
            speak.button("agreements", "brief.agreements", brief_id),
            speak.button("add_to_agenda", "agenda.add", snapshot.meeting_id),
        )
    )


def _copy(
    speak: Speaker, snapshot: BriefSnapshot, brief_id: str, notes: Sequence[Part], after: Sequence[Part]
) -> Message:
    """A private copy: the first note says so and takes no line of the fifteen.

    Without the chart, because what answers a command cannot be tried a second time without it.
    """
    heading = _heading(speak, snapshot)
    body = page(speak, snapshot, brief_id, above=len(notes))
    end = (last_line(speak, snapshot), _buttons(speak, snapshot, brief_id), *after)
    return Message(heading, (*notes, Heading(heading), *body, *end))


def _version(speak: Speaker, brief: Brief) -> Button:
    return Button("brief.open", speak.plain("brief", "open_version", version=brief.version), brief.id)


def _reach(speak: Speaker, reach: BriefReach | None) -> list[Part]:
    """A count from five on; "all" or "none" would tell it of each."""
    if reach is None or reach.invited < REACH_FROM or reach.opened in {0, reach.invited}:
        return []
    return [Small(speak.text("brief", "reach", reach=reach))]


def _behind_button(speak: Speaker, snapshot: BriefSnapshot, paragraphs: Sequence[Rich]) -> Message:
    said = paragraphs or [speak.text("brief", "nothing_more")]
    heading = _heading(speak, snapshot)
    return Message(heading, (Heading(heading), *_texts(said), last_line(speak, snapshot)))


def _texts(paragraphs: Sequence[str]) -> tuple[Text, ...]:
    return tuple(Text(paragraph) for paragraph in paragraphs)


def _sentence(markup: Rich) -> Message:
    return Message(strip_markup(markup), (Text(markup),))
