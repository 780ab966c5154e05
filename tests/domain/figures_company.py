"""Random companies with everything they show: groups of 1 to 12, people who come and go, who are asked or not, who
answer in time, late or never; several reports of overlapping periods, and sides that are grouped anew halfway."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.checkin.result import Part, participation, pulse_trend
from bot.domain.figures import (
    BRIDGES,
    AsOf,
    GroupResult,
    Partition,
    Period,
    Round,
    end_of,
    partition,
    thirteen_weeks,
    weekly_pulse,
)
from bot.domain.figures.entries import EntryFact, known_entries
from bot.domain.figures.reach import BriefFact
from bot.domain.figures.whole import Records, figures_of
from bot.services.figures import as_json
from storage.tables import (
    COMPANY,
    Agreement,
    AgreementStatus,
    Answered,
    Cadence,
    EntryStatus,
    Kind,
    Member,
    PulseMeasure,
    PulseQuestion,
    Side,
    SideKind,
)

ZONE = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 1, 5)
WEEKS = 18
MOODS = [(1, 5), (1, 5), (1, 5), (2, 4), (2, 5), (1, 4), (1, 2), (4, 5), (5, 5), (1, 1)]
"""Between which scores a side answers: agreement is where single answers can be found."""
QUESTIONS = {
    key: PulseQuestion(
        workspace_id="w", key=key, cadence=cadence, measure=measure, text="", text_nl="", lowest=lowest, highest=5
    )
    for key, cadence, measure, lowest in (
        ("Q1", Cadence.WEEKLY, PulseMeasure.PULSE, 1),
        ("Q2", Cadence.MONTHLY, PulseMeasure.PULSE, 1),
        ("Q4", Cadence.MONTHLY, PulseMeasure.RECALL, 0),
    )
}


@dataclass
class Answer:
    """What one person did with one question; the harness knows what no table keeps."""

    person: str
    group: str
    score: int
    state: Answered


@dataclass
class Asked:
    """One round, with everybody who was asked."""

    question: str
    week: int
    answers: list[Answer]
    built: Round | None = None

    @property
    def label(self) -> str:
        return f"W{self.week:02d}"

    @property
    def closes_at(self) -> datetime:
        return end_of(MONDAY + timedelta(weeks=self.week, days=6), ZONE)

    def cells(self) -> dict[str, list[Answer]]:
        """By group."""
        found: defaultdict[str, list[Answer]] = defaultdict(list)
        for answer in self.answers:
            found[answer.group].append(answer)
        return dict(found)

    def copy(self) -> "Asked":
        return Asked(self.question, self.week, [replace(answer) for answer in self.answers])

    def as_round(self) -> Round:
        """Built once: whoever changes an answer does so on a copy that was not looked at yet."""
        if self.built is None:
            self.built = self._build()
        return self.built

    def _build(self) -> Round:
        question = QUESTIONS[self.question]
        return Round(
            label=self.label,
            asked_at=datetime.combine(MONDAY + timedelta(weeks=self.week, days=3), datetime.min.time(), UTC),
            closes_at=self.closes_at,
            lowest=question.lowest,
            highest=question.highest,
            groups={group: result_of(cell) for group, cell in self.cells().items()},
        )


def in_time(cell: Iterable[Answer]) -> list[Answer]:
    return [answer for answer in cell if answer.state is Answered.IN_TIME]


def result_of(cell: Sequence[Answer]) -> GroupResult:
    return GroupResult(
        scores=dict(Counter(answer.score for answer in in_time(cell))),
        asked=len(cell),
        answered=sum(answer.state is not Answered.NO for answer in cell),
        in_time=frozenset(answer.person for answer in in_time(cell)),
    )


@dataclass
class Report:
    """What was shown at a moment of a period, with the sides as they were grouped then."""

    period: Period
    moment: datetime
    sides: list[Side]

    def __post_init__(self) -> None:
        self.groups: Partition = partition(self.sides)
        self.as_of = AsOf(self.moment, ZONE)


@dataclass
class Company:
    """`fewest` says for each report how many people a group stands for at least; 0 = nobody was ever there.
    `other_scores` are the same agreements, judged otherwise."""

    seed: int
    members: list[Member]
    rounds: list[Asked]
    entries: list[EntryFact]
    agreements: list[Agreement]
    other_scores: list[Agreement]
    briefs: list[BriefFact]
    reports: list[Report]
    fewest: list[dict[str, int]]
    shown: list[dict[str, Any]] = field(default_factory=list)

    def publish(self) -> list[dict[str, Any]]:
        """Everything shown: of each report the figures, the pulse with its chart points, and the results of rounds."""
        rounds: dict[str, list[Round]] = {key: [] for key in QUESTIONS}
        for asked in self.rounds:
            rounds[asked.question].append(asked.as_round())
        return [self._show(report, rounds) for report in self.reports]

    def _show(self, report: Report, rounds: dict[str, list[Round]]) -> dict[str, Any]:
        records = Records(
            groups=report.groups,
            period=report.period,
            as_of=report.as_of,
            members=self.members,
            entries=known_entries(self.entries, report.period, report.as_of),
            readable=(),
            pair_sides={},
            agreements=self.agreements,
            questions=list(QUESTIONS.values()),
            rounds=rounds,
            briefs=self.briefs,
        )
        pulse = weekly_pulse("Q1", rounds["Q1"], report.sides, report.moment)
        return {"figures": as_json(figures_of(records)), "pulse": pulse, "results": self._results(report, rounds["Q1"])}

    def _results(self, report: Report, rounds: list[Round]) -> dict[str, Any]:
        """What the posts of the rounds said: of each who took part, and the chart of the last."""
        closed = [one for one in rounds if one.closes_at <= report.moment]
        took_part = {
            one.label: participation(
                [Part(group, result.asked, len(result.in_time)) for group, result in one.groups.items()], report.groups
            )
            for one in closed
        }
        sides = (report.groups.first, report.groups.second)
        return {"sides": sides, "took_part": took_part, "trend": pulse_trend(rounds, report.groups, report.moment)}

    def copy(self) -> "Company":
        """Another company whose answers may be changed."""
        return replace(self, rounds=[asked.copy() for asked in self.rounds], shown=[])

    def with_round(self, number: int, asked: "Asked") -> "Company":
        """The same but for one round."""
        return replace(self, rounds=[*self.rounds[:number], asked, *self.rounds[number + 1 :]], shown=[])


def a_company(seed: int) -> Company:
    dice = Random(seed)
    sides = _sides(dice)
    regrouped, switch = _regrouped(dice, sides)
    members = _members(dice, sides)
    reports = list(_reports(dice, sides, regrouped, switch))
    days = [MONDAY + timedelta(days=dice.randrange(7 * WEEKS)) for _ in range(dice.randint(0, 8))]
    return Company(
        seed=seed,
        members=members,
        rounds=list(_rounds(dice, members, sides, regrouped, switch)),
        entries=[_entry(dice, number, members) for number in range(dice.randint(0, 40))],
        agreements=[_agreement(dice, day) for day in days],
        other_scores=[_agreement(dice, day) for day in days],
        briefs=[_brief(dice, week) for week in range(0, WEEKS, 4)],
        reports=reports,
        fewest=[_fewest(members, report) for report in reports],
    )


def _sides(dice: Random) -> list[Side]:
    bridges = ["supply_planning", "finance", "general"][: dice.randint(0, 3)]
    return [
        Side(workspace_id="w", key=key, name=key, kind=kind, position=position)
        for position, (key, kind) in enumerate(
            [("sales", SideKind.COUNTERPART), ("operations", SideKind.COUNTERPART)]
            + [(key, SideKind.BRIDGE) for key in bridges]
        )
    ]


def _regrouped(dice: Random, sides: list[Side]) -> tuple[list[Side], int]:
    """The sides after a bridge became a counterpart, or the other way round, and from which week on."""
    changed = [Side(**side.model_dump()) for side in sides]
    if dice.random() < 0.3:
        side = dice.choice(changed[2:] or changed[1:])
        side.kind = SideKind.COUNTERPART if side.kind is SideKind.BRIDGE else SideKind.BRIDGE
    return changed, dice.randint(8, WEEKS)


def _members(dice: Random, sides: Sequence[Side]) -> list[Member]:
    found = []
    for side in sides:
        size = dice.choice([dice.randint(1, 12), dice.randint(3, 6)])
        found += [_member(dice, side.key, number) for number in range(size)]
    return found


def _member(dice: Random, side: str, number: int) -> Member:
    joins = MONDAY + timedelta(days=dice.randint(1, 7 * WEEKS)) if dice.random() < 0.2 else date(2025, 1, 1)
    leaves = joins + timedelta(days=dice.randint(20, 400)) if dice.random() < 0.2 else None
    key = f"{side}{number}"
    return Member(id=key, workspace_id="w", external_id=key, name=key, side=side, active_from=joins, active_to=leaves)


def _active(member: Member, day: date) -> bool:
    return member.active_from <= day and (member.active_to is None or day <= member.active_to)


def _rounds(
    dice: Random, members: list[Member], sides: list[Side], regrouped: list[Side], switch: int
) -> Iterable[Asked]:
    """Some people are never asked; each side has its mood, and its own zeal to answer."""
    asked = {member.id for member in members if dice.random() < 0.85}
    moods = {side.key: dice.choice(MOODS) for side in sides}
    zeal = {side.key: dice.choice([0.5, 0.8, 1.0]) for side in sides}
    for week in range(WEEKS):
        groups = partition(sides if week < switch else regrouped)
        day = MONDAY + timedelta(weeks=week, days=3)
        there = [member for member in members if member.id in asked and _active(member, day)]
        for key in QUESTIONS if week % 4 == 3 else ["Q1"]:
            yield Asked(
                key, week, [_answer(dice, member, groups, moods[member.side], zeal[member.side]) for member in there]
            )


def _answer(dice: Random, member: Member, groups: Partition, mood: tuple[int, int], zeal: float) -> Answer:
    score = dice.randint(*mood) if dice.random() < 0.97 else dice.randint(1, 5)
    late = Answered.LATE if dice.random() < 0.3 else Answered.NO
    return Answer(
        person=member.id,
        group=groups.group_of(member.side),
        score=score,
        state=Answered.IN_TIME if dice.random() < zeal else late,
    )


def _entry(dice: Random, number: int, members: Sequence[Member]) -> EntryFact:
    day = MONDAY + timedelta(days=dice.randrange(7 * WEEKS))
    side = dice.choice(members).side if dice.random() < 0.97 else COMPANY
    return EntryFact(
        id=f"e{number}",
        kind=dice.choice(list(Kind)),
        side=side,
        level=None,
        tension_key=None,
        created_on=day,
        created_at=None,
        status=EntryStatus.OPEN,
        resolved_on=None,
        pair_id=None,
        recurrence_of=None,
    )


def _agreement(dice: Random, day: date) -> Agreement:
    return Agreement(
        id="a",
        workspace_id="w",
        key="A",
        title="",
        text="",
        made_on=MONDAY,
        owner_id="",
        partner_id="",
        due_on=day,
        status=AgreementStatus.KEPT,
        closed_on=day,
        objective_key="O1",
        measure="",
        score_first=dice.randint(-2, 2),
        score_second=dice.randint(-2, 2),
        score_objective=0,
        evaluated_on=day,
    )


def _brief(dice: Random, week: int) -> BriefFact:
    invited = dice.randint(1, 12)
    starts_at = datetime.combine(MONDAY + timedelta(weeks=week, days=2), datetime.min.time(), UTC)
    return BriefFact(starts_at, on_time=True, invited=invited, opened=dice.randint(0, invited))


def _reports(dice: Random, sides: list[Side], regrouped: list[Side], switch: int) -> Iterable[Report]:
    """Two successive ones, a day to five weeks apart, a third over a freely chosen period, and one a day longer."""
    last = MONDAY + timedelta(days=dice.randint(30, 7 * WEEKS - 40))
    later = last + timedelta(days=dice.choice([1, 7, 7, 14, 35]))
    free = Period(later - timedelta(days=dice.randint(7, 80)), later)
    longer = Period(free.first - timedelta(days=1), later)
    for period in (thirteen_weeks(last), thirteen_weeks(later), free, longer):
        grouped = sides if period.last < MONDAY + timedelta(weeks=switch) else regrouped
        yield Report(period, end_of(period.last, ZONE), grouped)


def _fewest(members: Sequence[Member], report: Report) -> dict[str, int]:
    """In the period, and on its last day."""
    period = report.period
    in_period = _people(members, report, period.first)
    on_last_day = _people(members, report, period.last)
    groups = (*report.groups.counterparts, BRIDGES)
    return {group: min(on_last_day[group], in_period[group]) or min(in_period[group], 1) for group in groups}


def _people(members: Sequence[Member], report: Report, first: date) -> Counter[str]:
    last = report.period.last
    there = (m for m in members if m.active_from <= last and (m.active_to is None or m.active_to >= first))
    return Counter(report.groups.group_of(member.side) for member in there)
