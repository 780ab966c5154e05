"""The lines of the brief's post, one section each, by stated rules."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.brief import (
    AgreementFact,
    AgreementFacts,
    BriefSnapshot,
    Elsewhere,
    ObjectiveFact,
    Repeat,
    SideCount,
)
from bot.services.messages.brief_pulse import cooperation
from bot.services.messages.fitting import first_that_fits, fit_line
from bot.templates import Rich, Speaker
from bot.templates.formats import cut
from storage.tables import Kind

WINS: Final = 2
DATES: Final = 3
MENTIONED: Final = 3
QUOTE: Final = 150
_POLES: Final = re.compile(r" (?:against|versus|vs\.?|tegenover) |: ")
KINDS: Final = (Kind.CLASH, Kind.NOT_SO_WELL, Kind.WENT_WELL, Kind.IMPROVE)


def local_day(speak: Speaker, moment: datetime | None) -> date | None:
    return moment.astimezone(ZoneInfo(speak.zone)).date() if moment else None


def month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def more(speak: Speaker, number: int) -> Rich:
    """Says that there is more; empty when there is not."""
    return speak.text("brief", "more", more=number) if number > 0 else Rich()


def in_short(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    """How cooperation moved (without a pulse: how many entries), what was kept, what came back and is not resolved."""
    names, facts = _unresolved(speak, snapshot.came_back), snapshot.agreements
    since = local_day(speak, snapshot.since)
    entries = speak.text("brief", "short_entries", total=snapshot.entries.total, since=since)
    base = {"kept": len(facts.kept), "fell_due": facts.fell_due, "all_closed": facts.all_closed, "since": since}
    kept = [speak.text("brief", "short_agreements", **base)] if facts.fell_due else []

    def say(side: int, said: Sequence[str] | None) -> Rich:
        clauses = [cooperation(speak, snapshot.pulse, side) or entries, *kept]
        if names and said is not None:
            rest = more(speak, len(names) - len(said))
            clauses.append(speak.text("brief", "short_subjects", subjects=len(names), names=said, more=rest))
        return speak.text("brief", "in_short", clauses=clauses)

    short = [_short(name) for name in names]
    fewer = [(16, short[:n]) for n in range(len(short), -1, -1)]
    return first_that_fits(say(*one) for one in [(60, names), (16, names), *fewer, (16, None), (8, None)])


def _short(name: str) -> str:
    """The first of the two interests of a tension: "Fast response" of "Fast response against a stable schedule"."""
    return cut(_POLES.split(name, maxsplit=1)[0], 40)


def _unresolved(speak: Speaker, repeats: Sequence[Repeat]) -> list[str]:
    waiting = (repeat for repeat in repeats if repeat.resolved_on is None)
    return list(dict.fromkeys(repeat.tension.of(speak.language) for repeat in waiting if repeat.tension))


def objectives(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    facts = snapshot.objectives
    numbers = {
        "month": snapshot.month,
        "before": month_before(snapshot.month) if snapshot.month else None,
        "compared": sum(fact.better is not None for fact in facts),
        "better": sum(fact.better is True for fact in facts),
        "measured": sum(fact.actual is not None for fact in facts),
        "reached": sum(fact.at_target for fact in facts),
    }

    def render(named: int, length: int) -> Rich:
        items = [_objective(speak, fact, length, first=fact is facts[0]) for fact in facts[:named]]
        rest = more(speak, len(facts) - named) if named else Rich()
        return speak.text("brief", "objectives", items=[*items, *_some(rest)], **numbers)

    return fit_line(render, len(facts))


def _objective(speak: Speaker, fact: ObjectiveFact, length: int, *, first: bool) -> Rich:
    """The first one says what the number in brackets is."""
    name, unit = cut(fact.indicator.of(speak.language), length), cut(fact.unit, 12)
    return speak.text("brief", "objective", name=name, unit=unit, actual=fact.actual, target=fact.target, first=first)


def since_last(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    facts = snapshot.entries
    since = local_day(speak, snapshot.since)
    kinds = [speak.text("brief", f"kind_{kind}", count=facts.by_kind[kind]) for kind in KINDS]
    groups = facts.by_side or ()

    def render(named: int, length: int) -> Rich:
        """All sides or none: one left out would look like one that was hidden."""
        shown = groups if named == len(groups) else ()
        counts = [speak.text("brief", "side", name=_side(speak, side, length), count=side.entries) for side in shown]
        silent = [_side(speak, side, length) for side in shown if side.key in facts.silent]
        silence = speak.text("brief", "silence", silent=silent)
        return speak.text("brief", "since", total=facts.total, since=since, kinds=kinds, sides=counts, silence=silence)

    return fit_line(render, len(groups))


def _side(speak: Speaker, side: SideCount, length: int) -> str:
    return speak.word("the_bridges") if side.name is None else cut(side.name, length)


def came_back(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    """How many clashes came back; then each recurring tension with its newest example, resolved ones last."""
    clashes, repeats = snapshot.entries.by_kind[Kind.CLASH], snapshot.came_back
    subjects: dict[tuple[str, bool], list[Repeat]] = {}
    for repeat in repeats:
        subjects.setdefault((repeat.tension_key or repeat.ref, repeat.resolved_on is not None), []).append(repeat)

    def render(named: int, length: int) -> Rich:
        shown = [_subject(speak, examples, length) for examples in list(subjects.values())[:named]]
        rest = more(speak, len(subjects) - named) if named else Rich()
        return speak.text("brief", "came_back", clashes=clashes, repeats=len(repeats), items=[*shown, *_some(rest)])

    return fit_line(render, len(subjects))


def _some(rest: Rich) -> list[Rich]:
    return [rest] if rest else []


def _subject(speak: Speaker, examples: Sequence[Repeat], length: int) -> Rich:
    example = examples[0]
    name = example.tension.of(speak.language) if example.tension else example.headline
    resolved = example.resolved_on is not None
    refs = [one.ref for one in examples[:MENTIONED]]
    return speak.text("brief", "subject", resolved=resolved, name=cut(name, length), refs=refs)


def agreements(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    facts = snapshot.agreements
    if not (facts.fell_due or facts.overdue or facts.due or facts.later):
        nothing = speak.text("brief", "agreements_none", since=local_day(speak, snapshot.since))
        return speak.text("brief", "agreements", items=[nothing])
    counts = _agreement_counts(speak, facts)
    later = _later(speak, facts.later)

    def render(named: int, length: int) -> Rich:
        return speak.text("brief", "agreements", items=[*counts, *_due(speak, facts.due, named, length), *later])

    return fit_line(render, len(facts.due))


def _agreement_counts(speak: Speaker, facts: AgreementFacts) -> list[Rich]:
    counts = {
        "kept": len(facts.kept),
        "partly_kept": len(facts.partly_kept),
        "not_kept": len(facts.not_kept),
        "overdue": len(facts.overdue),
    }
    return [speak.text("brief", block, count=count) for block, count in counts.items() if count or block != "not_kept"]


def _due(speak: Speaker, due: Sequence[AgreementFact], named: int, length: int) -> list[Rich]:
    """By date, the soonest first; only counted when there is no room for a name."""
    if not due or not named:
        return [speak.text("brief", "due_count", count=len(due))] if due else []
    dates = [
        speak.text("brief", "due", date=day, names=[cut(agreement.title, length) for agreement in group])
        for day, group in groupby(due[:named], key=lambda agreement: agreement.due_on)
    ]
    rest = more(speak, len(due) - named)
    return [*dates, *_some(rest)]


def _later(speak: Speaker, later: Sequence[AgreementFact]) -> list[Rich]:
    days = sorted({agreement.due_on for agreement in later})
    shown = days if len(days) <= DATES else []
    return [speak.text("brief", "later", count=len(later), dates=shown)] if later else []


def went_well(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    """The largest stated benefit first; why = the lesson in its author's words."""
    wins, since = snapshot.went_well, local_day(speak, snapshot.since)

    def render(named: int, length: int) -> Rich:
        items = [
            speak.text(
                "brief",
                "win",
                headline=cut(win.headline, length),
                why=cut(win.why, min(QUOTE, 3 * length)),
                ref=win.ref,
            )
            for win in wins[:named]
        ]
        return speak.text("brief", "went_well", items=items, count=len(wins), since=since)

    return fit_line(render, min(WINS, len(wins)))


def elsewhere(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    """What another meeting answers, and what was parked; empty when there is neither."""
    asked, parked = snapshot.elsewhere, snapshot.parked
    if not (asked or parked):
        return Rich()

    def render(named: int, length: int) -> Rich:
        items = [speak.text("brief", "elsewhere_item", question=cut(_subject_of(one), length)) for one in asked[:named]]
        rest = more(speak, len(asked) - named) if named else Rich()
        refs = [one.ref for one in parked[:MENTIONED]] if named else []
        return speak.text(
            "brief",
            "elsewhere",
            items=[*items, *_some(rest)],
            count=len(asked),
            meeting=asked[0] if asked else None,
            parked=len(parked),
            refs=refs,
        )

    return fit_line(render, max(len(asked), 1))


def _subject_of(one: Elsewhere) -> str:
    return " ".join(one.question.split()).rstrip("?")
