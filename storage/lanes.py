"""The queries of lanes: one row for each workspace that is written to."""

from sqlmodel import Session, col, select

from storage.database import insert_once
from storage.tables import Lane


def lock(session: Session, new: Lane) -> Lane:
    """The lane of that workspace until the end of the transaction; the new one where it has none yet."""
    lane = select(Lane).where(col(Lane.workspace_id) == new.workspace_id)
    locked = lane.with_for_update().execution_options(populate_existing=True)
    found = session.exec(locked).one_or_none()
    if found is None:
        insert_once(session, new, unique=["workspace_id"])
        found = session.exec(locked).one()
    return found
