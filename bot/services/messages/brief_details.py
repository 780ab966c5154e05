"""What the post of a brief has no room for: its thread, and what its buttons show."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from bot.domain.brief import AgreementFact, BriefSnapshot, ObjectiveFact
from bot.services.messages.brief_lines import QUOTE, month_before
from bot.services.messages.fitting import pack
from bot.templates import Rich, Speaker
from bot.templates.formats import cut
from storage.tables import Level

PARAGRAPH: Final = 2_000
"""Characters of one paragraph; platforms take three thousand."""


def details(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    """Every list in full, as paragraphs; empty when the post has said all."""
    return [
        *_changes(speak, snapshot),
        *_levels(speak, snapshot),
        *_came_back(speak, snapshot),
        *agreements(speak, snapshot),
        *_went_well(speak, snapshot),
    ]


def agreements(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    """The titles of all agreements by how they stand; nobody's name."""
    facts = snapshot.agreements
    closed = {"kept_list": facts.kept, "partly_kept_list": facts.partly_kept, "not_kept_list": facts.not_kept}
    listed = [line for block, group in closed.items() for line in _named(speak, block, [_title(a) for a in group])]
    listed += _named(speak, "overdue_list", _dated(speak, facts.overdue))
    for day, group in groupby(facts.due, key=lambda agreement: agreement.due_on):
        for names in pack([_title(agreement) for agreement in group], PARAGRAPH):
            listed.append(speak.text("brief", "due_list", date=day, names=names))
    listed += _named(speak, "later_list", _dated(speak, facts.later))
    return _section(speak.text("brief", "agreements", items=[]), listed)


def _changes(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    moved = [_change(speak, fact) for fact in snapshot.objectives if fact.change is not None]
    if not moved or snapshot.month is None:
        return []
    months = {"month": snapshot.month, "before": month_before(snapshot.month)}
    return [speak.text("brief", "changes", items=items, **months) for items in pack(moved, PARAGRAPH)]


def _change(speak: Speaker, fact: ObjectiveFact) -> Rich:
    amount = speak.text("brief", "moved_by", moved=fact.change, unit=fact.unit)
    name = cut(fact.indicator.of(speak.language), QUOTE)
    return speak.text("brief", "change", name=name, moved=fact.change, amount=amount)


def _levels(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    facts = snapshot.entries
    if not facts.total:
        return []
    levels = {str(level): facts.by_level[level] for level in Level}
    window = {"since": snapshot.since, "as_of": snapshot.as_of}
    return [speak.text("brief", "levels", without_level=facts.without_level, **levels, **window)]


def _came_back(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    listed = [
        speak.text(
            "brief",
            "repeat",
            headline=cut(repeat.headline, QUOTE),
            ref=repeat.ref,
            earlier_ref=repeat.earlier_ref,
            resolved_on=repeat.resolved_on,
        )
        for repeat in snapshot.came_back
    ]
    return _section(speak.text("brief", "came_back_details"), listed)


def _went_well(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    listed = [
        speak.text("brief", "win", headline=cut(win.headline, QUOTE), why=cut(win.why, QUOTE), ref=win.ref)
        for win in snapshot.went_well
    ]
    return _section(speak.text("brief", "went_well_details"), listed)


def _title(agreement: AgreementFact) -> str:
    return cut(agreement.title, QUOTE)


def _dated(speak: Speaker, agreements: Sequence[AgreementFact]) -> list[str]:
    return [speak.text("brief", "dated", title=_title(a), due_on=a.due_on) for a in agreements]


def _named(speak: Speaker, block: str, names: Sequence[str]) -> list[Rich]:
    return [speak.text("brief", block, names=group) for group in pack(names, PARAGRAPH)]


def _section(heading: Rich, listed: Sequence[Rich]) -> list[Rich]:
    """A heading with its lines, as paragraphs; one that goes on has no heading."""
    return [Rich("\n".join(group)) for group in pack([heading, *listed], PARAGRAPH)] if listed else []
