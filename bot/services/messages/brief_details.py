"""What the post of a brief has no room for: its thread, and what its buttons show."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from bot.domain.brief import AgreementFact, BriefSnapshot, ObjectiveFact, ToldKind
from bot.services.messages.brief_decisions import decision_details
from bot.services.messages.brief_guards import guard_details
from bot.services.messages.brief_lines import QUOTE, month_before
from bot.services.messages.brief_pulse import pulse_details
from bot.services.messages.fitting import pack
from bot.templates import Rich, Speaker
from bot.templates.formats import cut
from storage.tables import Level

PARAGRAPH: Final = 2_000
"""Characters of one paragraph; platforms take three thousand."""


def details(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    """Every list in full, as paragraphs; empty when the post has said all."""
    return [
        *decision_details(speak, snapshot),
        *_changes(speak, snapshot),
        *_levels(speak, snapshot),
        *_told(speak, snapshot),
        *_cycles(speak, snapshot),
        *_came_back(speak, snapshot),
        *agreements(speak, snapshot),
        *_went_well(speak, snapshot),
        *pulse_details(speak, snapshot),
        *_elsewhere(speak, snapshot),
        *guard_details(speak, snapshot),
    ]


def month_or_day(speak: Speaker, snapshot: BriefSnapshot) -> list[str]:
    """What each cycle is called: its month, or the day of its meeting where a month has two."""
    days = [cycle.day for cycle in snapshot.cycles]
    months = [(day.year, day.month) for day in days]
    block = "cycle_month" if len(set(months)) == len(months) else "cycle_day"
    return [speak.plain("brief", block, day=day) for day in days]


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


def _told(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    """What people wrote, by its titles; what went well stands further down, with its why."""
    return [paragraph for of_kind in snapshot.told for paragraph in _told_kind(speak, of_kind)]


def _told_kind(speak: Speaker, of_kind: ToldKind) -> list[Rich]:
    items = [speak.text("brief", "told", headline=cut(one.headline, QUOTE), ref=one.ref) for one in of_kind.named]
    if of_kind.left_out:
        items.append(speak.text("brief", "more", more=of_kind.left_out))
    return [speak.text("brief", "told_kind", kind=of_kind.kind, items=group) for group in pack(items, PARAGRAPH)]


def _cycles(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    """What the chart below the post shows, in words."""
    named = zip(month_or_day(speak, snapshot), snapshot.cycles, strict=True)
    items = [speak.text("brief", "cycle", name=name, cycle=cycle) for name, cycle in named]
    return [speak.text("brief", "cycles", items=items)] if len(items) > 1 else []


def _elsewhere(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    asked = [
        speak.text("brief", "elsewhere_listed", one=one, question=cut(" ".join(one.question.split()), QUOTE))
        for one in snapshot.elsewhere
    ]
    parked = [
        speak.text("brief", "parked_listed", ref=one.ref, headline=cut(one.headline, QUOTE)) for one in snapshot.parked
    ]
    return _section(speak.text("brief", "elsewhere_details"), [*asked, *parked])


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
