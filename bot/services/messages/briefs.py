"""The brief as messages: the post of at most fifteen lines, its thread, what its buttons show (golden message 9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.brief import BriefSnapshot
from bot.domain.chat import Buttons, Heading, Message, Part, Small, Text
from bot.services.messages import brief_details, brief_lines
from bot.services.messages.fitting import pack
from bot.templates import Rich, Speaker
from bot.templates.formats import clock
from storage.tables import Meeting

PREVIEW: Final = "preview"
"""In place of the id of a brief: the one to come, as known now."""

MESSAGE: Final = 2_500
"""Characters of one message of the thread; platforms take three to four thousand."""


def post(speak: Speaker, snapshot: BriefSnapshot, brief_id: str, *, posted_late: datetime | None = None) -> Message:
    """The post in the channel; `posted_late` is when it was posted, if that was not when it was due."""
    note = (Small(_late(speak, snapshot.as_of, posted_late)),) if posted_late else ()
    return Message(_heading(speak, snapshot), (*note, *_page(speak, snapshot, brief_id)))


def thread(speak: Speaker, snapshot: BriefSnapshot) -> tuple[Message, ...]:
    """What stands in the thread of the post."""
    groups = pack(brief_details.details(speak, snapshot), MESSAGE)
    return tuple(Message(_heading(speak, snapshot), _texts(group)) for group in groups)


def preview(speak: Speaker, snapshot: BriefSnapshot, meeting: Meeting) -> Message:
    """The brief to come, as known now."""
    ahead = meeting.brief_due_at is not None and meeting.brief_due_at > snapshot.as_of
    note = speak.text("brief", "preview" if ahead else "preview_unposted", due=meeting.brief_due_at)
    return Message(_heading(speak, snapshot), (Small(note), *_page(speak, snapshot, PREVIEW)))


def posted(speak: Speaker, snapshot: BriefSnapshot, brief_id: str, version: int) -> Message:
    """The brief that stands in the channel, privately."""
    note = Small(speak.text("brief", "posted", version=version))
    return Message(_heading(speak, snapshot), (note, *_page(speak, snapshot, brief_id)))


def details(speak: Speaker, snapshot: BriefSnapshot) -> Message:
    return _behind_button(speak, snapshot, brief_details.details(speak, snapshot))


def agreements(speak: Speaker, snapshot: BriefSnapshot) -> Message:
    listed = brief_details.agreements(speak, snapshot)
    return _behind_button(speak, snapshot, listed or [brief_lines.agreements(speak, snapshot)])


def no_meeting(speak: Speaker) -> Message:
    return _sentence(speak.text("brief", "no_meeting"), speak.plain("brief", "no_meeting"))


def not_posted(speak: Speaker, meeting: Meeting, reason: str, next_due: datetime | None) -> Message:
    """To a facilitator. `reason` is "skipped" or "no_channel"."""
    facts = {"starts_at": meeting.starts_at, "next_due": next_due}
    return _sentence(speak.text("brief", reason, **facts), speak.plain("brief", reason, **facts))


def _heading(speak: Speaker, snapshot: BriefSnapshot) -> str:
    return speak.plain("brief", "heading", meeting=snapshot.meeting_type, starts_at=snapshot.starts_at)


def _page(speak: Speaker, snapshot: BriefSnapshot, brief_id: str) -> tuple[Part, ...]:
    buttons = (
        speak.button("details", "brief.details", brief_id, "primary"),
        speak.button("agreements", "brief.agreements", brief_id),
    )
    return (
        Heading(_heading(speak, snapshot)),
        *_texts(brief_lines.lines(speak, snapshot)),
        Small(_as_known(speak, snapshot)),
        Buttons(buttons),
    )


def _as_known(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    hidden = snapshot.entries.total > 0 and snapshot.entries.by_side is None
    return speak.text("brief", "as_known", as_of=snapshot.as_of, hidden=hidden)


def _late(speak: Speaker, due: datetime, now: datetime) -> Rich:
    same_day = brief_lines.local_day(speak, due) == brief_lines.local_day(speak, now)
    times = {"clock": clock(due, speak.zone), "posted": clock(now, speak.zone)}
    return speak.text("brief", "late", due=due, now=now, same_day=same_day, **times)


def _behind_button(speak: Speaker, snapshot: BriefSnapshot, paragraphs: Sequence[Rich]) -> Message:
    said = paragraphs or [speak.text("brief", "nothing_more")]
    heading, known = _heading(speak, snapshot), Small(_as_known(speak, snapshot))
    return Message(heading, (Heading(heading), *_texts(said), known))


def _texts(paragraphs: Sequence[str]) -> tuple[Text, ...]:
    return tuple(Text(paragraph) for paragraph in paragraphs)


def _sentence(markup: Rich, summary: str) -> Message:
    return Message(summary, (Text(markup),))
