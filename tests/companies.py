"""Arbitrary companies: the rows a brief is made from, as wild as a database lets them be."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from bot.domain.brief import Cycle, Pulse, Records, SidePulse, Silence
from bot.domain.decision import DecisionRecord, OptionFacts
from bot.domain.figures import Direction
from storage.tables import (
    COMPANY,
    Agreement,
    AgreementStatus,
    Decision,
    DecisionKind,
    Entry,
    EntryStatus,
    Kind,
    Level,
    Meeting,
    MeetingStatus,
    MeetingType,
    Objective,
    ObjectiveActual,
    Side,
    SideKind,
    Tension,
    Visibility,
)

words = st.text(min_size=1, max_size=300) | st.sampled_from(
    [
        "Late changes",
        "**bold** <!channel> [x](y) & more",
        "w" * 300,
        "1 2 3 " * 60,
        "Eén: \n twee",
        "…",
        "%s %(n)s {{ n }}",
    ]
)
days = st.dates(date(2026, 3, 1), date(2026, 8, 1))
moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 8, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
figures = st.floats(-1e6, 1e6, allow_nan=False).map(lambda figure: round(figure, 2))
keys = st.sampled_from(["a", "b", "c", "d", "e"])


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def entries(draw: st.DrawFn, number: int) -> Entry:
    named = draw(st.booleans())
    return Entry(
        id=f"e{number}",
        workspace_id="w",
        ref=f"k{number}",
        kind=draw(st.sampled_from(Kind)),
        visibility=Visibility.NAMED if named else Visibility.SIDE_ONLY,
        side=draw(st.sampled_from(["sales", "operations", "finance", COMPANY, "gone"])),
        created_on=draw(days),
        created_at=draw(moments) if named else None,
        title=draw(optional(words)),
        what_happened=draw(words),
        lesson=draw(optional(words)),
        effect_eur=draw(optional(st.integers(-10_000, 10_000))),
        level=draw(optional(st.sampled_from(Level))),
        status=draw(st.sampled_from(EntryStatus)),
        tension_key=draw(optional(keys)),
        resolved_on=draw(optional(days)),
        recurrence_of=draw(optional(st.integers(0, 12).map(lambda other: f"e{other}"))),
        withdrawn_on=draw(st.none() | st.none() | days),
    )


@st.composite
def agreements(draw: st.DrawFn, number: int) -> Agreement:
    return Agreement(
        id=f"a{number}",
        workspace_id="w",
        key=f"A{number}",
        title=draw(words),
        text="",
        made_on=draw(days),
        owner_id="x",
        partner_id="y",
        due_on=draw(days),
        status=draw(st.sampled_from(AgreementStatus)),
        closed_on=draw(optional(days)),
        evaluated_on=draw(optional(days)),
        tension_key=draw(optional(keys)),
    )


@st.composite
def objectives(draw: st.DrawFn, key: str) -> Objective:
    return Objective(
        workspace_id="w",
        key=key,
        name=draw(words),
        name_nl=draw(words),
        indicator=draw(st.just("") | words),
        indicator_nl=draw(st.just("") | words),
        measure="",
        unit=draw(st.just("%") | words),
        direction=draw(st.sampled_from(["up", "down"])),
        baseline=0.0,
        target=draw(figures),
        target_date=date(2026, 12, 31),
        position=draw(st.integers(0, 3)),
    )


@st.composite
def decisions(draw: st.DrawFn, number: int, meeting_id: str = "m") -> DecisionRecord:
    letters = "ABCD"[: draw(st.integers(2, 4))]
    decision = Decision(
        id=f"{meeting_id}-d{number}",
        workspace_id="w",
        key=f"{meeting_id}-D{number}",
        meeting_id=meeting_id,
        rank=number,
        question=draw(words),
        kind=draw(st.sampled_from(DecisionKind)),
        recommendation=draw(optional(st.sampled_from(letters))),
        owner_id="x",
        entered_at=draw(moments),
    )
    return DecisionRecord(
        decision=decision,
        options=tuple(OptionFacts(letter, draw(words), draw(optional(words))) for letter in letters),
        owner=draw(words),
        co_owner=draw(optional(words)),
        objective_keys=tuple(draw(st.lists(keys, max_size=5, unique=True))),
        entries=tuple(draw(entries(100 + n)) for n in range(draw(st.integers(0, 3)))),
        objections=(),
    )


@st.composite
def pulses(draw: st.DrawFn) -> Pulse:
    """As the figures give them: both counterparts or neither."""
    means = st.decimals(1, 5, places=2)
    side = st.builds(SidePulse, words, means, optional(means), st.integers(5, 99), st.sampled_from(Direction))
    rounds = st.lists(st.sampled_from(["2026-W20", "2026-W23", "round of June"]), min_size=1, max_size=4).map(tuple)
    if draw(st.booleans()):
        return Pulse(asked=draw(st.booleans()))
    return Pulse(
        asked=True,
        sides=(draw(side), draw(side)),
        bridges=draw(optional(side)),
        gap=draw(means) - draw(means),
        gap_before=draw(optional(means)),
        direction=draw(st.sampled_from(Direction)),
        rounds=draw(rounds),
        rounds_before=draw(rounds | st.just(())),
    )


@st.composite
def what_else(draw: st.DrawFn) -> dict[str, Any]:
    """What a brief tells beside entries and agreements."""
    cycle = st.builds(Cycle, days, st.integers(0, 99), st.integers(0, 99))
    groups = st.sampled_from(["sales", "operations", "bridges"])
    retros = [_meeting(draw(moments), MeetingType.DIALOG_RETRO) for _ in range(draw(st.integers(0, 3)))]
    for number, retro in enumerate(retros):
        retro.id, retro.status = f"r{number}", draw(st.sampled_from(MeetingStatus))
    return {
        "decisions": [draw(decisions(number)) for number in range(draw(st.integers(0, 6)))],
        "next_executive": draw(optional(st.just(_meeting(draw(moments), MeetingType.EXECUTIVE_SOP)))),
        "next_decisions": [draw(decisions(number, "x")) for number in range(draw(st.integers(0, 4)))],
        "pulse": draw(optional(pulses())),
        "cycles": draw(st.lists(cycle, max_size=5, unique_by=lambda one: one.day)),
        "silences": draw(st.lists(st.builds(Silence, groups, optional(days)), max_size=3, unique_by=lambda s: s.group)),
        "dialogs": retros,
        "closed_agreements": [draw(agreements(100 + number)) for number in range(draw(st.integers(0, 6)))],
        "said": draw(st.sets(st.sampled_from(["came_back:a100", "not_evaluated:a101", "not_held:r0"]))),
    }


@st.composite
def records_of_a_company(draw: st.DrawFn) -> Records:
    months = st.dates(date(2026, 1, 1), date(2026, 7, 1)).map(lambda day: day.replace(day=1))
    actuals = draw(st.dictionaries(st.tuples(keys, months), figures, max_size=12))
    tension = st.builds(_tension, keys, words, st.just("") | words)
    return Records(
        meeting=_meeting(draw(moments), draw(st.sampled_from([MeetingType.PRE_SOP, MeetingType.EXECUTIVE_SOP]))),
        zone=draw(st.sampled_from(["Europe/Amsterdam", "Asia/Dubai", "Pacific/Kiritimati"])),
        since=draw(optional(st.just(datetime(2026, 5, 13, 7, tzinfo=UTC)))),
        sides=[_side("sales", draw(words)), _side("operations", draw(words)), _side("finance", "Finance")],
        people=draw(st.dictionaries(st.sampled_from(["sales", "operations", "finance"]), st.integers(0, 12))),
        entries=[draw(entries(number)) for number in range(draw(st.integers(0, 12)))],
        tensions=draw(st.lists(tension, max_size=4, unique_by=lambda row: row.key)),
        objectives=[draw(objectives(key)) for key in draw(st.sets(keys))],
        actuals=[
            ObjectiveActual(workspace_id="w", objective_key=key, month=month, value=value)
            for (key, month), value in actuals.items()
        ],
        agreements=[draw(agreements(number)) for number in range(draw(st.integers(0, 12)))],
        **draw(what_else()),
    )


def _side(key: str, name: str) -> Side:
    kind = SideKind.BRIDGE if key == "finance" else SideKind.COUNTERPART
    return Side(workspace_id="w", key=key, name=name, kind=kind)


def _tension(key: str, name: str, name_nl: str) -> Tension:
    texts: dict[str, Any] = {"first_interest": "", "second_interest": "", "shared_interest": ""}
    return Tension(workspace_id="w", key=key, name=name, name_nl=name_nl, **texts)


def _meeting(starts_at: datetime, kind: MeetingType) -> Meeting:
    return Meeting(
        id="m",
        workspace_id="w",
        key="2026-06",
        cycle="2026-06",
        type=kind,
        title="",
        starts_at=starts_at,
        duration_minutes=90,
        timezone="Europe/Amsterdam",
        brief_due_at=datetime(2026, 6, 11, 7, tzinfo=UTC),
    )
