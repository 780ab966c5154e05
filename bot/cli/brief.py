"""`ampersand brief`."""

from enum import StrEnum
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.common import CannotDo, Team, find_workspace, open_database, parse_moment
from bot.domain.chat import Heading, Message, Small, Text
from bot.domain.markup import strip_markup
from bot.services.briefs import build_brief
from bot.services.messages import briefs as messages
from bot.templates import speaker
from storage.meetings import list_meetings
from storage.tables import Meeting, Workspace

app = typer.Typer(help="The brief before a meeting.", no_args_is_help=True, rich_markup_mode=None)


class Language(StrEnum):
    EN = "en"
    NL = "nl"


@app.callback()
def brief() -> None:
    """The brief before a meeting."""


@app.command()
def preview(
    meeting: Annotated[str, typer.Option(metavar="KEY", help="The meeting, for example 2026-06-PS.")],
    as_of: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="As known then; without it when the brief is due."),
    ] = None,
    language: Annotated[Language | None, typer.Option(help="Without it that of the company.")] = None,
    team: Team = None,
) -> None:
    """Print the brief of a meeting: the post of the channel, a line of dashes, and what stands in its thread.

    \b
    Example:
      ampersand brief preview --meeting 2026-06-PS --as-of 2026-06-11T07:00Z --language nl
    """
    with open_database() as (session, _context):
        workspace = find_workspace(session, team)
        if workspace is None:
            raise CannotDo("There is no workspace yet. Start one with `ampersand serve` or `ampersand load-sample`.")
        found = _find_meeting(session, workspace, meeting)
        moment = parse_moment(as_of) if as_of else found.brief_due_at
        if moment is None:
            raise CannotDo(f"{meeting} is a meeting without a brief. Say as of when, with --as-of.")
        snapshot = build_brief(session, found, moment)
        speak = speaker(language or workspace.language, workspace.timezone)
        post = messages.post(speak, snapshot, messages.Standing(messages.PREVIEW))
        thread = messages.thread(speak, snapshot)
    typer.echo("\n".join([_text(post), "---", *(_text(message) for message in thread)]))


def _find_meeting(session: Session, workspace: Workspace, key: str) -> Meeting:
    meetings = {meeting.key: meeting for meeting in list_meetings(session, workspace.id)}
    if key not in meetings:
        briefed = ", ".join([key for key, one in meetings.items() if one.brief_due_at][-6:])
        raise CannotDo(f"There is no meeting {key}. The last ones with a brief: {briefed or 'none'}.")
    return meetings[key]


def _text(message: Message) -> str:
    """What is written there, without buttons and charts."""
    said = (part.text for part in message.parts if isinstance(part, Heading | Text | Small))
    return "\n".join(strip_markup(text) for text in said)
