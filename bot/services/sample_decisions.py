"""The decisions of a sample, with all that hangs on them."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.domain.sample import Sample
from bot.domain.sample_decisions import DecisionRow
from bot.services.context import Context
from bot.services.sample_keys import Keys
from storage.tables import (
    Decision,
    DecisionAgreement,
    DecisionEntry,
    DecisionObjective,
    DecisionOption,
    DecisionStatus,
    Workspace,
)


def load_decisions(
    session: Session,
    context: Context,
    workspace: Workspace,
    sample: Sample,
    keys: Keys,
    meeting_ids: Mapping[str, str],
) -> None:
    """An answer counts from the end of its meeting on."""
    ends = {meeting.key: meeting.ends_at for meeting in sample.meetings}
    for row in sample.decisions:
        decision = Decision(
            id=context.new_id(),
            workspace_id=workspace.id,
            key=row.key,
            meeting_id=meeting_ids[row.meeting],
            rank=row.rank,
            question=row.question,
            kind=row.kind,
            recommendation=row.recommendation,
            owner_id=keys.members[row.owner].id,
            co_owner_id=keys.member_id(row.co_owner),
            status=row.status,
            taken_option=row.taken_option,
            entered_at=row.entered_at,
            answered_at=None if row.status is DecisionStatus.ASKED else ends[row.meeting],
        )
        session.add(decision)
        session.flush()
        _load_links(session, decision, row, keys)
    session.flush()


def _load_links(session: Session, decision: Decision, row: DecisionRow, keys: Keys) -> None:
    here = decision.id
    session.add_all(
        DecisionOption(decision_id=here, letter=option.letter, text=option.text, price=option.price)
        for option in row.options
    )
    session.add_all(
        DecisionObjective(decision_id=here, workspace_id=decision.workspace_id, objective_key=key, position=position)
        for position, key in enumerate(row.objectives)
    )
    session.add_all(DecisionEntry(decision_id=here, entry_id=keys.entry_ids[key]) for key in row.entries)
    session.add_all(DecisionAgreement(decision_id=here, agreement_id=keys.agreement_ids[key]) for key in row.agreements)
