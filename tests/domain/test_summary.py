"""The weekly summary: when it comes, what of the week it tells, and what it leaves out."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.brief import Pulse
from bot.domain.example import Beside
from bot.domain.summary import USUAL, Ahead, Records, SummaryFacts, SummaryTime, due_after, due_in_week, take_summary
from bot.domain.work_calendar import WorkCalendar
from storage.tables import (
    Agreement,
    AgreementStatus,
    Entry,
    EntryStatus,
    Kind,
    Meeting,
    MeetingStatus,
    MeetingType,
    Side,
    SideKind,
    Source,
    Tension,
    Visibility,
)

AMSTERDAM = "Europe/Amsterdam"
DUE = datetime(2026, 6, 19, 13, tzinfo=UTC)
SINCE = DUE - timedelta(days=7)
FRIDAY = DUE.date()
SIDES = [
    Side(workspace_id="w", key=key, name=name, kind=kind, position=position)
    for position, (key, name, kind) in enumerate(
        (
            ("sales", "Sales", SideKind.COUNTERPART),
            ("operations", "Operations", SideKind.COUNTERPART),
            ("finance", "Finance", SideKind.BRIDGE),
        )
    )
]
PEOPLE = {"sales": 9, "operations": 8, "finance": 6}


def an_entry(ref: str, at: datetime = DUE - timedelta(days=2), **over: Any) -> Entry:
    values: dict[str, Any] = {
        "id": ref,
        "ref": ref,
        "workspace_id": "w",
        "kind": Kind.CLASH,
        "visibility": Visibility.NAMED,
        "source": Source.CAPTURE,
        "side": "sales",
        "author_id": "m",
        "title": f"Title of {ref}",
        "what_happened": "",
        "created_at": at,
        "created_on": at.date(),
        "status": EntryStatus.OPEN,
    }
    return Entry(**values | over)


def side_only(ref: str, on: date, **over: Any) -> Entry:
    nameless = {"visibility": Visibility.SIDE_ONLY, "author_id": None, "created_at": None, "created_on": on}
    return an_entry(ref, **nameless | over)


def an_agreement(key: str, made_on: date, due_on: date, **over: Any) -> Agreement:
    values: dict[str, Any] = {
        "id": key,
        "workspace_id": "w",
        "key": key,
        "title": key,
        "text": "",
        "made_on": made_on,
        "owner_id": "m",
        "partner_id": "n",
        "due_on": due_on,
        "status": AgreementStatus.OPEN,
    }
    return Agreement(**values | over)


def a_retro(at: datetime, status: MeetingStatus = MeetingStatus.PLANNED) -> Meeting:
    return Meeting(
        id=f"{at:%j}",
        workspace_id="w",
        key="k",
        cycle="2026-06",
        type=MeetingType.DIALOG_RETRO,
        title="",
        starts_at=at,
        timezone=AMSTERDAM,
        duration_minutes=60,
        status=status,
    )


def told(*entries: Entry, since: datetime = SINCE, as_of: datetime = DUE, **over: Any) -> SummaryFacts:
    values: dict[str, Any] = {
        "zone": AMSTERDAM,
        "since": since,
        "sides": SIDES,
        "people": PEOPLE,
        "entries": entries,
        "retros": [],
        "tensions": [],
        "agreements": [],
        "pulse": Pulse(asked=False),
        "ahead": Ahead(),
    }
    return take_summary(Records(**values | over), as_of)


def refs(facts: SummaryFacts) -> set[str]:
    return {example.ref for example in facts.told}


# ---------------------------------------------------------------- when it comes


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-06-19T12:59", "2026-06-19T13:00"),
        ("2026-06-19T13:00", "2026-06-26T13:00"),
        ("2026-03-20T15:00", "2026-03-27T14:00"),
        ("2026-03-27T15:00", "2026-04-03T13:00"),  # the clock change of 29 March moves nothing
    ],
)
def test_it_comes_every_friday_at_three(now: str, due: str) -> None:
    found = due_after(USUAL, AMSTERDAM, WorkCalendar(), datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def days_off(*days: date) -> WorkCalendar:
    return WorkCalendar(dict.fromkeys(days, "off"))


MONDAY = date(2026, 6, 15)


def test_on_a_day_off_it_comes_on_the_last_working_day_before() -> None:
    calendar = days_off(FRIDAY, FRIDAY - timedelta(days=1))

    assert due_in_week(USUAL, AMSTERDAM, calendar, MONDAY) == DUE - timedelta(days=2)


def test_where_no_day_before_is_worked_it_comes_on_the_first_after() -> None:
    monday_morning = SummaryTime(0, time(9))

    assert due_in_week(monday_morning, AMSTERDAM, days_off(MONDAY), MONDAY) == datetime(2026, 6, 16, 7, tzinfo=UTC)


def test_a_week_in_which_nobody_works_has_none() -> None:
    calendar = days_off(*(MONDAY + timedelta(days=day) for day in range(5)))

    assert due_in_week(USUAL, AMSTERDAM, calendar, MONDAY) is None
    assert due_after(USUAL, AMSTERDAM, calendar, SINCE) == DUE + timedelta(days=7)


# ---------------------------------------------------------------- which entries


def test_it_tells_from_the_last_minute_of_the_one_before_to_its_own() -> None:
    facts = told(
        an_entry("before", SINCE - timedelta(minutes=1)),
        an_entry("first", SINCE),
        an_entry("last", DUE - timedelta(minutes=1)),
        an_entry("later", DUE),
    )

    assert refs(facts) == {"first", "last"}
    assert (facts.entries.total, facts.before, facts.week) == (2, 1, 25)


def test_what_has_no_time_is_told_once_its_day_is_over() -> None:
    """Of the day of the summary itself nobody learns that it was written by three."""
    entries = [side_only("thursday", FRIDAY - timedelta(days=1)), side_only("friday", FRIDAY)]

    assert refs(told(*entries)) == {"thursday"}
    assert refs(told(*entries, since=DUE, as_of=DUE + timedelta(days=7))) == {"friday"}


@pytest.mark.parametrize("over", [{"withdrawn_on": FRIDAY}, {"hidden_reason": "names a person"}])
def test_what_was_withdrawn_or_hidden_is_told_nowhere(over: dict[str, Any]) -> None:
    facts = told(an_entry("gone", **over), an_entry("gone too", source=Source.RETRO, **over), retros=[a_retro(DUE)])

    assert refs(facts) == set()
    assert facts.is_quiet


def test_what_was_written_for_a_retro_stays_out_until_it_begins() -> None:
    retro = a_retro(datetime(2026, 6, 24, 12, tzinfo=UTC))
    entries = [
        an_entry("named", DUE - timedelta(hours=3), source=Source.RETRO),
        side_only("quiet", date(2026, 6, 23), source=Source.RETRO),
    ]

    assert refs(told(*entries, retros=[retro])) == set()
    assert refs(told(*entries, since=DUE, as_of=DUE + timedelta(days=7), retros=[retro])) == {"named", "quiet"}
    later = {"since": DUE + timedelta(days=7), "as_of": DUE + timedelta(days=14)}
    assert refs(told(*entries, retros=[retro], **later)) == set()


def test_a_retro_that_was_cancelled_reveals_nothing() -> None:
    entry = an_entry("written", source=Source.RETRO)

    assert refs(told(entry, retros=[a_retro(DUE - timedelta(hours=1), MeetingStatus.CANCELLED)])) == set()


def test_a_longer_time_is_not_compared_with_a_week() -> None:
    assert told(an_entry("one"), since=DUE - timedelta(days=14)).before is None


# ---------------------------------------------------------------- the two most useful


def test_both_sides_before_one_number_before_tension_before_the_newest() -> None:
    hours = iter(range(1, 20))

    def next_one(ref: str, **over: Any) -> Entry:
        return an_entry(ref, DUE - timedelta(hours=next(hours)), **over)

    plain, tension = next_one("plain"), next_one("tension", tension_key="T1")
    number = next_one("number", effect="Two hours of overtime, 4 people")
    bridge = [next_one("bridge", pair_id="p1"), next_one("finance", side="finance", pair_id="p1", kind=Kind.IMPROVE)]
    both = [next_one("both", pair_id="p2"), next_one("other", side="operations", pair_id="p2", kind=Kind.NOT_SO_WELL)]
    everything = [plain, tension, number, *bridge, *both]

    def best(entries: Sequence[Entry]) -> set[str]:
        return {example.ref for example in told(*entries).examples}

    assert best(everything) == {"both", "bridge"}
    assert best([plain, tension, number]) == {"number", "tension"}
    assert best([plain, tension]) == {"plain", "tension"}


def test_an_event_is_told_once_with_the_other_beside_it() -> None:
    facts = told(
        an_entry("mine", pair_id="p"),
        an_entry("theirs", DUE - timedelta(days=1), side="operations", pair_id="p", kind=Kind.NOT_SO_WELL),
        an_entry("quiet", kind=Kind.IMPROVE, pair_id="q"),
        side_only("company", FRIDAY - timedelta(days=3), side="company", pair_id="q", kind=Kind.WENT_WELL),
    )

    assert [(one.ref, one.beside) for one in facts.examples] == [
        ("mine", Beside("theirs", "Operations", both=True)),
        ("quiet", Beside("company", None, both=False)),
    ]


def test_what_the_other_side_tells_later_is_not_beside_it_yet() -> None:
    facts = told(an_entry("mine", pair_id="p"), an_entry("later", DUE, side="operations", pair_id="p"))

    assert facts.examples[0].beside is None


def test_thanks_are_for_what_is_not_told_already_and_quote_its_effect() -> None:
    facts = told(
        an_entry("clash", pair_id="p"),
        an_entry("same", side="operations", pair_id="p", kind=Kind.WENT_WELL, effect_eur=-9000),
        an_entry("win", kind=Kind.WENT_WELL, effect="Three\nhours saved.", lesson="Call first."),
    )
    lesson = told(an_entry("win", kind=Kind.WENT_WELL, lesson="Call first."))

    assert facts.thanks
    assert (facts.thanks.ref, facts.thanks.quote) == ("win", "Three hours saved.")
    assert lesson.thanks
    assert lesson.thanks.quote == "Call first."
    assert told(an_entry("clash")).thanks is None


def test_a_clash_that_came_back_names_the_earlier_one() -> None:
    interests: dict[str, Any] = {"first_interest": "", "second_interest": "", "shared_interest": ""}
    tension = Tension(workspace_id="w", key="T1", name="Terms", name_nl="Condities", **interests)
    earlier = an_entry("old", DUE - timedelta(days=90))
    facts = told(an_entry("new", recurrence_of="old", tension_key="T1"), earlier, tensions=[tension])

    assert [(one.ref, one.earlier_ref, one.tension and one.tension.nl) for one in facts.came_back] == [
        ("new", "old", "Condities")
    ]


# ---------------------------------------------------------------- who was heard


def test_counts_stand_per_group_and_the_silent_one_is_named() -> None:
    entries = told(an_entry("one"), an_entry("two", side="finance")).entries

    assert entries.by_side
    assert [(side.key, side.entries) for side in entries.by_side] == [
        ("sales", 1),
        ("operations", 0),
        ("bridges", 1),
    ]
    assert entries.silent == ("operations",)


def test_with_a_group_under_five_no_side_is_counted_or_called_silent() -> None:
    entries = told(an_entry("one"), people={"sales": 9, "operations": 8, "finance": 4}).entries

    assert entries.by_side is None
    assert entries.silent == ()


# ---------------------------------------------------------------- agreements


def test_agreements_stand_by_their_date_and_closed_ones_are_gone() -> None:
    june = date(2026, 6, 1)
    stand = told(
        agreements=[
            an_agreement("new", FRIDAY - timedelta(days=1), date(2026, 7, 24)),
            an_agreement("today", FRIDAY, date(2026, 8, 1)),
            an_agreement("overdue", june, FRIDAY - timedelta(days=1)),
            an_agreement("due today", june, FRIDAY),
            an_agreement("next sunday", june, date(2026, 6, 28)),
            an_agreement("monday after", june, date(2026, 6, 29)),
            an_agreement("kept", june, FRIDAY - timedelta(days=3), status=AgreementStatus.KEPT, closed_on=june),
            an_agreement("proposed", june, FRIDAY, status=AgreementStatus.PROPOSED),
        ]
    ).agreements

    assert [one.title for one in stand.new] == ["new"]
    assert [one.title for one in stand.overdue] == ["overdue"]
    assert [one.title for one in stand.due_today] == ["due today"]
    assert [one.title for one in stand.due] == ["next sunday"]
    assert [one.title for one in stand.later] == ["monday after", "new"]


def test_nothing_to_report_means_no_entry_and_no_agreement_to_speak_of() -> None:
    far = an_agreement("far", date(2026, 6, 1), date(2026, 9, 1))

    assert told(agreements=[far]).is_quiet
    assert not told(an_entry("one")).is_quiet
    assert not told(agreements=[an_agreement("due", date(2026, 6, 1), FRIDAY)]).is_quiet
