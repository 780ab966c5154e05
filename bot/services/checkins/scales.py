"""The scale of a check-in is a pulse question: the weekly one of the company, or one of its own."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.domain.checkin.questions import BLUEPRINTS, Template
from bot.domain.errors import Refused
from bot.services.checkins.skipping import is_default_checkin
from bot.services.context import Context
from bot.services.figures.pulse import is_weekly_pulse
from bot.services.messages import checkin_templates as texts
from storage.checkin_settings import asks_pulse
from storage.checkins import list_checkins
from storage.checkins import list_questions as list_asked
from storage.members import list_sides
from storage.pulses import find_question, list_questions
from storage.tables import Cadence, Checkin, CheckinQuestion, PulseQuestion, Workspace
from storage.workspaces import lock_workspace

LOWEST, HIGHEST = 1, 5
WEEKLY_KEY = "weekly"


def weekly_scale(session: Session, workspace: Workspace) -> PulseQuestion:
    """The question behind the weekly pulse of the company; made where there is none.

    Nobody else begins or takes over a scale until the end of the transaction.
    """
    lock_workspace(session, workspace.id)
    found = next((one for one in list_questions(session, workspace.id) if is_weekly_pulse(one)), None)
    if found is not None:
        return found
    said = texts.question(BLUEPRINTS[Template.WEEKLY].asks[0], texts.counterparts(list_sides(session, workspace.id)))
    return _add(session, workspace, WEEKLY_KEY, said.text, said.text_nl, texts.ENDS)


def find_weekly_checkin(session: Session, workspace: Workspace) -> Checkin | None:
    """The one that asks the weekly pulse of the company; nobody else begins one until the end of the transaction."""
    lock_workspace(session, workspace.id)
    checkins = list_checkins(session, workspace.id)
    return next((one for one in checkins if is_default_checkin(session, workspace, list_asked(session, one.id))), None)


def check_scales(session: Session, checkin: Checkin) -> None:
    """Raises `Refused` where another check-in asks one of its scales by now: two would mix in one figure."""
    lock_workspace(session, checkin.workspace_id)
    for question in list_asked(session, checkin.id):
        if question.pulse_key and asks_pulse(session, checkin.workspace_id, question.pulse_key, but=checkin.id):
            raise Refused("checkin_scale_taken")


def new_scale(
    session: Session, context: Context, workspace: Workspace, question: CheckinQuestion, like: str | None = None
) -> PulseQuestion:
    """A pulse question of its own for that question, with the words of its options at the ends, or where it has none
    those of the pulse question `like`.
    """
    weekly_scale(session, workspace)  # first: a later one never takes its place in the figures
    other = find_question(session, workspace.id, like) if like else None
    ends = question.options or ([other.lowest_words, other.highest_words] if other else [])
    key = f"c{context.new_ref(8)}"
    return _add(session, workspace, key, question.text, question.text_nl or question.text, ends)


def follow_text(session: Session, question: CheckinQuestion) -> None:
    """Let the pulse question behind a scale be asked in the same words."""
    scale = find_question(session, question.workspace_id, question.pulse_key) if question.pulse_key else None
    if scale is None:
        return
    scale.text, scale.text_nl = question.text, question.text_nl or question.text
    if question.options:
        scale.lowest_words, scale.highest_words = question.options
    session.add(scale)
    session.flush()


def _add(
    session: Session, workspace: Workspace, key: str, text: str, text_nl: str, ends: Sequence[str]
) -> PulseQuestion:
    last = max((one.position for one in list_questions(session, workspace.id)), default=-1)
    lowest, highest = ends or ("", "")
    scale = PulseQuestion(
        workspace_id=workspace.id,
        key=key,
        cadence=Cadence.WEEKLY,
        text=text,
        text_nl=text_nl,
        lowest=LOWEST,
        highest=HIGHEST,
        lowest_words=lowest,
        highest_words=highest,
        position=last + 1,
    )
    session.add(scale)
    session.flush()
    return scale
