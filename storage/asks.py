"""Queries of asks: the questions to the other side."""

from collections.abc import Collection, Sequence

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from storage.tables import Ask, AskState, Member


def find_ask(session: Session, workspace_id: str, ask_id: str) -> Ask | None:
    return session.exec(select(Ask).where(Ask.workspace_id == workspace_id, Ask.id == ask_id)).one_or_none()


def find_ask_about(session: Session, entry_id: str) -> Ask | None:
    return session.exec(select(Ask).where(Ask.entry_id == entry_id)).one_or_none()


def move_ask(
    session: Session, ask: Ask, states: Collection[AskState], to: AskState, asked_id: str | None = None
) -> bool:
    """Move the ask if it is still in one of the states; False when somebody else was first."""
    values = {"state": to} | ({"asked_id": asked_id} if asked_id else {})
    moved: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]
        update(Ask).where(col(Ask.id) == ask.id, col(Ask.state).in_(states)).values(**values)
    )
    session.refresh(ask)
    return moved.rowcount == 1


def list_asks_to(session: Session, member: Member, states: Collection[AskState]) -> Sequence[Ask]:
    """The questions to that person, and those to anyone that they took."""
    asked = select(Ask).where(Ask.workspace_id == member.workspace_id, Ask.asked_id == member.id)
    return session.exec(asked.where(col(Ask.state).in_(states)).order_by(col(Ask.id))).all()


def give_back(session: Session, ask: Ask) -> None:
    """Nobody has taken it."""
    ask.state, ask.asked_id = AskState.OPEN, None
    session.add(ask)
    session.flush()
