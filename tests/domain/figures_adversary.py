"""The adversary: sees everything that is shown in all reports, knows the code and who belongs where, and tries to learn
what a group under five, or one person, answered.

`python -m tests.domain.figures_adversary 10000` builds that many random companies and prints every leak it finds.

Three ways to attack:
- arithmetic: totals minus what is visible, means times counts, differences of windows, reports and audiences, gaps;
- two worlds: change only what must stay hidden; if anything shown changes with it, it can be learned from that;
- one answer: look for another world, shown the same, in which that person answered otherwise; without one it is known.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from bot.domain.figures import rounded
from bot.domain.figures.pulse import NAMED_WELL
from storage.tables import COMPANY, Answered, PulseMeasure
from tests.domain.figures_company import QUESTIONS, Asked, Company, Report, a_company, in_time

FEW = 5
WORLDS = 2


@dataclass(frozen=True)
class Leak:
    """What was learned, in which company, and how."""

    seed: int
    attack: str
    what: str


def attack(company: Company) -> list[Leak]:
    """Everything that can be learned of this company and should not be."""
    company.shown = company.publish()
    worlds = [other_world(company, Random(f"{company.seed}/{number}")) for number in range(WORLDS)]
    found = [
        *_totals(company),
        *_gaps_beside_one_mean(company),
        *_few_or_all_alike(company),
        *_late_answers(company),
        *_differences(company, worlds),
        *_dependent(company, worlds),
        *_single_answers(company),
    ]
    return [Leak(company.seed, name, what) for name, what in found]


# ---------------------------------------------------------------- arithmetic


def _totals(company: Company) -> Iterator[tuple[str, str]]:
    """Total minus visible: what is not in a visible number must be of five people together, or of nobody."""
    for report, shown, fewest in zip(company.reports, company.shown, company.fewest, strict=True):
        rates = shown["figures"]["response_rate"]
        visible = {group for group in report.groups.groups if rates[group]["asked"] is not None}
        for asked in _rounds_of(company, "Q1", report) if rates["total"]["asked"] is not None else ():
            rest = [cell for group, cell in asked.cells().items() if group not in visible or len(cell) < FEW]
            if 0 < sum(map(len, rest)) < FEW:
                yield "total minus visible", f"how many of {rest} answered in {asked.label}"
        by_side = any(rate is not None for rate in shown["figures"]["entries_per_member"].values())
        small = [people for people in fewest.values() if 0 < people < FEW]
        if small and (by_side or shown["figures"]["participation_balance"] is not None):
            yield "total minus visible", f"entries of a group of {small}"


def _gaps_beside_one_mean(company: Company) -> Iterator[tuple[str, str]]:
    for report, shown in zip(company.reports, company.shown, strict=True):
        first, second = report.groups.first, report.groups.second
        beside = [
            (pulse[f"gap_{first}_minus_{second}"], *(pulse[side]["mean"] for side in (first, second) if side))
            for pulse in shown["figures"]["pulse"].values()
        ]
        ends = [shown["pulse"].sides[side] for side in (first, second) if side]
        beside.append((shown["pulse"].gap, *(end.mean for end in ends)))
        beside.append((shown["pulse"].gap_before, *(end.before for end in ends)))
        beside += [(1, point.first, point.second) for point in shown["results"]["trend"] if point.first or point.second]
        if any(gap is not None and None in means for gap, *means in beside):
            yield "a gap beside one mean", str(beside)


def _few_or_all_alike(company: Company) -> Iterator[tuple[str, str]]:
    """A count of people under five beside a value, or a value that says the same of everybody."""
    for shown in company.shown:
        recall = [value for value in shown["figures"]["strategy_recall"].values() if isinstance(value, dict)]
        windows = [v for p in shown["figures"]["pulse"].values() for v in p.values() if isinstance(v, dict)]
        points = [point for side in shown["pulse"].sides.values() for point in side.points]
        people = [value["respondents"] for value in (*windows, *recall)] + [point.people for point in points]
        trend = [mean for point in shown["results"]["trend"] for mean in (point.first, point.second)]
        means = [window["mean"] for window in windows] + [point.mean for point in points] + trend
        asked = [part.asked for took in shown["results"]["took_part"].values() for part in took.shown]
        if any(number < FEW for number in asked):
            yield "fewer than five", f"{asked} were asked"
        if any(number is not None and number < FEW for number in people):
            yield "fewer than five", str(people)
        if {1, 5}.intersection(means):
            yield "all the same", str(means)
        if any(value["respondents"] and value["named_3_or_more"] in {0, value["respondents"]} for value in recall):
            yield "all the same", str(recall)


def _late_answers(company: Company) -> Iterator[tuple[str, str]]:
    """The same window shown twice says the same."""
    seen: dict[Any, Any] = {}
    for shown in company.shown:
        for key, pulse in shown["figures"]["pulse"].items():
            for group, value in pulse.items():
                if isinstance(value, dict) and group in shown["pulse"].sides:
                    before = seen.setdefault((key, tuple(pulse["rounds"]), group), value)
                    if before != value:
                        yield "a late answer moving a mean", f"{before} → {value}"


def _differences(company: Company, worlds: list[Company]) -> Iterator[tuple[str, str]]:
    """Means times counts, subtracted over windows, points, reports and audiences: does it hit a sum of few people, here
    and in every other world?"""
    for (question, group, weeks), value in _derived_sums(company).items():
        if 0 < len(_people(company, question, group, weeks)) < FEW:
            everywhere = [company, *worlds]
            derived = [_derived_sums(world).get((question, group, weeks)) for world in worlds] if worlds else []
            truths = [_sum(world, question, group, weeks) for world in everywhere]
            if [value, *derived] == truths and len(set(truths)) > 1:
                yield "means times counts", f"{question} {group} {sorted(weeks)}: {value}"


def _derived_sums(company: Company) -> dict[tuple[str, str, frozenset[str]], int]:
    """Sums of scores over sets of rounds that follow from what is shown, whether small rounds are in it or not."""
    known: defaultdict[tuple[str, str], dict[frozenset[str], int]] = defaultdict(dict)
    for shown in company.shown or company.publish():
        for question, group, weeks, mean in _means(shown):
            for small_too in (True, False):
                rounds = frozenset(
                    w for w in weeks if _answers(company, question, group, w) >= (1 if small_too else FEW)
                )
                answers = sum(_answers(company, question, group, week) for week in rounds)
                total = round(Fraction(str(mean)) * answers)
                if answers and float(rounded(Fraction(total, answers), 2)) == float(mean):
                    known[question, group][rounds] = total
    found = {}
    for (question, group), sums in known.items():
        for (big, total), (part, less) in product(sums.items(), repeat=2):
            found[question, group, big] = total
            if part < big:
                found[question, group, big - part] = total - less
    return found


def _means(shown: dict[str, Any]) -> Iterator[tuple[str, str, list[str], Any]]:
    for question, pulse in shown["figures"]["pulse"].items():
        for group, value in pulse.items():
            if isinstance(value, dict) and value["mean"] is not None:
                yield question, group, pulse["rounds"], value["mean"]
    yield from _means_of_charts(shown)
    pulse = shown["pulse"]
    for group, side in pulse.sides.items():
        points = [([point.label], point.mean) for point in side.points]
        for weeks, mean in (*points, (pulse.rounds, side.mean), (pulse.rounds_before, side.before)):
            if mean is not None:
                yield "Q1", group, weeks, mean


def _means_of_charts(shown: dict[str, Any]) -> Iterator[tuple[str, str, list[str], Any]]:
    """Each point of the chart in the result of a round stands for the four rounds that end with its own."""
    labels = list(shown["results"]["took_part"])
    for point in shown["results"]["trend"]:
        end = labels.index(point.label) + 1
        for group, mean in zip(shown["results"]["sides"], (point.first, point.second), strict=True):
            if mean is not None:
                yield "Q1", group, labels[max(end - 4, 0) : end], mean


# ---------------------------------------------------------------- two worlds


def other_world(company: Company, dice: Random) -> Company:
    """The same company, but what must stay hidden is different."""
    world = company.copy()
    for asked in world.rounds:
        _change_few_asked(asked, dice)
        _change_few_answers(asked, dice)
    _change_entries(world, dice)
    _change_evaluations(world)
    world.briefs = [replace(b, opened=dice.randint(0, b.invited)) if b.invited < FEW else b for b in world.briefs]
    return world


def _change_few_asked(asked: Asked, dice: Random) -> None:
    """Who of the groups under five answered; only how many of them all, when they are five together, may be known."""
    hidden = [answer for cell in asked.cells().values() if len(cell) < FEW for answer in cell]
    states = [answer.state for answer in hidden]
    together = len(hidden) >= FEW
    dice.shuffle(states)
    for answer, state in zip(hidden, states, strict=True):
        answer.state = state if together else dice.choice(list(Answered))


def _change_few_answers(asked: Asked, dice: Random) -> None:
    """What fewer than five of a group answered, and what came late."""
    lowest, highest = QUESTIONS[asked.question].lowest, QUESTIONS[asked.question].highest
    for cell in asked.cells().values():
        few = len(in_time(cell)) < FEW
        for answer in cell:
            if few or answer.state is not Answered.IN_TIME:
                answer.score = dice.randint(lowest, highest)


def _change_entries(world: Company, dice: Random) -> None:
    """Who wrote an entry, where that may not be counted in any report."""
    open_periods = [
        report.period
        for report, fewest in zip(world.reports, world.fewest, strict=True)
        if not any(0 < people < FEW for people in fewest.values())
    ]
    sides = sorted({member.side for member in world.members})
    world.entries = [
        e if e.side == COMPANY or any(e.created_on in p for p in open_periods) else replace(e, side=dice.choice(sides))
        for e in world.entries
    ]


def _change_evaluations(world: Company) -> None:
    """What the sides said of an agreement, where one of them is under five in every report."""
    open_periods = [
        report.period
        for report, fewest in zip(world.reports, world.fewest, strict=True)
        if all(fewest.get(side, 0) >= FEW for side in (report.groups.first, report.groups.second))
    ]
    world.agreements = [
        agreement if any(agreement.evaluated_on in period for period in open_periods) else other
        for agreement, other in zip(world.agreements, world.other_scores, strict=True)
    ]


def _dependent(company: Company, worlds: Iterable[Company]) -> Iterator[tuple[str, str]]:
    for world in worlds:
        for mine, theirs in zip(company.shown, world.publish(), strict=True):
            if mine != theirs:
                yield "two worlds", "; ".join(_changed(mine, theirs))


def _changed(mine: Any, theirs: Any, path: str = "") -> Iterator[str]:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in mine.keys() | theirs.keys():
            yield from _changed(mine.get(key), theirs.get(key), f"{path}.{key}")
    elif mine != theirs:
        yield f"{path}: {mine} / {theirs}"


# ---------------------------------------------------------------- one answer


def _single_answers(company: Company) -> Iterator[tuple[str, str]]:
    """Where two of a group answered differently, they may have answered the other way round. Where all said the same,
    there must be another world that is shown the same. (Groups with fewer answers: two worlds.)"""
    for number, asked in enumerate(company.rounds):
        recall = QUESTIONS[asked.question].measure is PulseMeasure.RECALL
        for group, cell in asked.cells().items():
            scores = [answer.score for answer in in_time(cell)]
            if len(scores) < FEW or len({score >= NAMED_WELL if recall else score for score in scores}) > 1:
                continue
            others = _recalls(scores) if recall else _opinions(scores)
            if not any(_same_shown(company, number, group, other) for other in others):
                yield "one answer", f"{asked.question} {group} {asked.label}: all {scores}"


def _opinions(scores: list[int]) -> list[list[int]]:
    """Other answers: two that make up for each other, or one that was a step less, or more."""
    one, *rest = scores
    candidates = [[one + 1, rest[0] - 1, *rest[1:]], [one - 1, *rest], [one + 1, *rest]]
    return [scores for scores in candidates if all(1 <= score <= 5 for score in scores)]


def _recalls(scores: list[int]) -> list[list[int]]:
    """Other answers: one the other way, or all."""
    return [[5 - scores[0], *scores[1:]], [5 - score for score in scores]]


def _same_shown(company: Company, number: int, group: str, scores: list[int]) -> bool:
    asked = company.rounds[number].copy()
    for answer, score in zip(in_time(asked.cells()[group]), scores, strict=True):
        answer.score = score
    return company.with_round(number, asked).publish() == company.shown


# ---------------------------------------------------------------- what the adversary knows anyway


def _rounds_of(company: Company, question: str, report: Report) -> list[Asked]:
    rounds = [asked for asked in company.rounds if asked.question == question and asked.closes_at <= report.moment]
    return [asked for asked in rounds if report.as_of.local_day(asked.as_round().asked_at) in report.period]


def _cell(company: Company, question: str, group: str, week: str) -> list[Any]:
    found = (asked for asked in company.rounds if asked.question == question and asked.label == week)
    return [answer for asked in found for answer in in_time(asked.answers) if answer.group == group]


def _answers(company: Company, question: str, group: str, week: str) -> int:
    return len(_cell(company, question, group, week))


def _people(company: Company, question: str, group: str, weeks: Iterable[str]) -> set[str]:
    return {answer.person for week in weeks for answer in _cell(company, question, group, week)}


def _sum(company: Company, question: str, group: str, weeks: Iterable[str]) -> int:
    return sum(answer.score for week in weeks for answer in _cell(company, question, group, week))


def _attack(seed: int) -> list[Leak]:
    return attack(a_company(seed))


def main(companies: int) -> int:
    """Attack so many companies, on all processors; the number of leaks."""
    leaks = 0
    with ProcessPoolExecutor() as pool:
        for found in pool.map(_attack, range(companies), chunksize=50):
            leaks += len(found)
            sys.stdout.writelines(f"LEAK {leak}\n" for leak in found)
    sys.stdout.write(f"{companies} companies, {leaks} leaks\n")
    return leaks


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])) > 0)
