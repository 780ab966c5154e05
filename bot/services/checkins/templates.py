"""A new check-in from a ready-made one, with its questions and everybody of every side to ask."""

from sqlmodel import Session

from bot.domain.checkin.questions import BLUEPRINTS, Asks, Blueprint, Template
from bot.services.access import company_day
from bot.services.checkins.scales import new_scale, weekly_scale
from bot.services.context import Context
from bot.services.messages import checkin_templates as texts
from storage.checkin_settings import asks_pulse
from storage.members import list_sides
from storage.tables import Checkin, CheckinQuestion, CheckinSide, QuestionType, Workspace

__all__ = ["Template", "create"]


def create(session: Session, context: Context, workspace: Workspace, template: Template) -> Checkin:
    """Made and active, asking everybody of all sides; plan its rounds with `plan_next`.

    The weekly one asks the weekly pulse of the company, unless another check-in asks that already.
    """
    blueprint = BLUEPRINTS[template]
    checkin = _checkin(context, workspace, template, blueprint)
    session.add(checkin)
    session.flush()
    sides = list_sides(session, workspace.id)
    session.add_all(CheckinSide(checkin_id=checkin.id, side=side.key) for side in sides)
    for position, asks in enumerate(blueprint.asks):
        session.add(_question(session, context, workspace, checkin, template, asks, position))
    session.flush()
    return checkin


def _checkin(context: Context, workspace: Workspace, template: Template, blueprint: Blueprint) -> Checkin:
    return Checkin(
        id=context.new_id(),
        workspace_id=workspace.id,
        name=texts.name(workspace.language, template),
        rule=blueprint.rule,
        starts_on=company_day(workspace, context),
        local_time=blueprint.local_time,
        close_after_days=blueprint.close_after_days,
        close_at=blueprint.close_at,
        nudge_share_pct=blueprint.nudge_share_pct,
    )


def _question(
    session: Session,
    context: Context,
    workspace: Workspace,
    checkin: Checkin,
    template: Template,
    asks: Asks,
    position: int,
) -> CheckinQuestion:
    said = texts.question(asks, texts.counterparts(list_sides(session, workspace.id)))
    question = CheckinQuestion(
        id=context.new_id(),
        workspace_id=workspace.id,
        checkin_id=checkin.id,
        position=position,
        type=asks.type,
        text=said.text,
        text_nl=said.text_nl,
        options=list(said.options),
        options_nl=list(said.options_nl),
        required=asks.required,
    )
    if asks.type is QuestionType.SCALE:
        _measure(session, context, workspace, question, template)
    return question


def _measure(
    session: Session, context: Context, workspace: Workspace, question: CheckinQuestion, template: Template
) -> None:
    """Let the scale be a pulse question: the weekly one of the company, in its words, or one of its own."""
    weekly = weekly_scale(session, workspace)
    if template is Template.WEEKLY and not asks_pulse(session, workspace.id, weekly.key):
        question.pulse_key, question.text, question.text_nl = weekly.key, weekly.text, weekly.text_nl or None
        question.options, question.options_nl = [], []  # its ends have their words already
    else:
        question.pulse_key = new_scale(session, context, workspace, question).key
