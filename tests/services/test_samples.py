"""The sample company comes in whole, as it was known at a moment, or not at all."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest
from sqlmodel import Session, SQLModel, col, select

from bot.domain.csv_rows import BadRows
from bot.domain.decision import Answered, DecisionRecord
from bot.domain.sample_files import short_measure
from bot.services.decisions import count_decisions, list_decisions_asked
from bot.services.samples import Loaded, WorkspaceNotEmpty, load_sample, read_sample
from bot.services.workspaces import UNCONNECTED, ensure_workspace
from storage.database import Database
from storage.tables import (
    Agreement,
    AgreementEntry,
    AgreementStatus,
    Decision,
    DecisionAgreement,
    DecisionKind,
    DecisionStatus,
    Entry,
    EntryStatus,
    Kind,
    Meeting,
    MeetingParticipant,
    MeetingStatus,
    Member,
    Objective,
    ObjectiveActual,
    ObjectiveTranslation,
    Platform,
    Role,
    Schedule,
    Side,
    SideKind,
    Source,
    Tension,
    Visibility,
    Workspace,
)
from tests.builders import a_context, a_member
from tests.clock import T0

BRIEF_DUE = datetime(2026, 6, 11, 7, tzinfo=UTC)
END_OF_JUNE = datetime(2026, 6, 30, 22, tzinfo=UTC)


def a_company(session: Session) -> Workspace:
    return ensure_workspace(session, a_context(), Platform.SLACK, "T1", "Voorbeeldkeuken Vers")


def loaded(database: Database, **options: object) -> Loaded:
    with database.transaction() as session:
        return load_sample(session, a_context(), a_company(session), read_sample(), **options)  # type: ignore[arg-type]


def all_of(database: Database, table: type[SQLModel]) -> list:  # type: ignore[type-arg]
    with database.snapshot() as session:
        return list(session.exec(select(table)).all())


def entry_of(database: Database, ref: str) -> Entry:
    with database.snapshot() as session:
        return session.exec(select(Entry).where(Entry.ref == ref)).one()


def agreement_of(database: Database, key: str) -> Agreement:
    with database.snapshot() as session:
        return session.exec(select(Agreement).where(Agreement.key == key)).one()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample one may spoil."""
    return copytree(str(files("bot") / "sample"), tmp_path / "company")


def change(folder: Path, file: str, line: int, spoil: Callable[[dict[str, str]], object]) -> None:
    """Change the cells of the row on that line, adding columns (no cell of the sample holds a line break)."""
    path = folder / file
    with path.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    spoil(rows[line - 2])
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(rows[line - 2]))
        writer.writeheader()
        writer.writerows(rows)


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(BadRows) as caught:
        read_sample(folder)
    return [str(problem) for problem in caught.value.problems]


def test_everything_the_readme_counts_is_there(database: Database) -> None:
    summary = loaded(database)

    assert summary == Loaded(24, 5, 30, 13, 72, 120, 27, 41, 710, briefs_planned=14)
    counts = {table: len(all_of(database, table)) for table in (Member, Objective, ObjectiveActual, Tension, Meeting)}
    assert list(counts.values()) == [24, 5, 30, 13, 72]
    entries = all_of(database, Entry)
    assert Counter(entry.kind for entry in entries) == {
        Kind.CLASH: 46,
        Kind.WENT_WELL: 36,
        Kind.NOT_SO_WELL: 23,
        Kind.IMPROVE: 15,
    }
    assert Counter(entry.visibility for entry in entries) == {Visibility.NAMED: 113, Visibility.SIDE_ONLY: 7}
    assert Counter(entry.source for entry in entries) == {Source.CHECKIN: 40, Source.CAPTURE: 39, Source.RETRO: 41}
    assert Counter(agreement.status for agreement in all_of(database, Agreement)) == {
        AgreementStatus.KEPT: 16,
        AgreementStatus.PARTLY_KEPT: 4,
        AgreementStatus.NOT_KEPT: 1,
        AgreementStatus.SUPERSEDED: 1,
        AgreementStatus.OPEN: 5,
    }
    assert Counter(meeting.status for meeting in all_of(database, Meeting)) == {
        MeetingStatus.HELD: 36,
        MeetingStatus.PLANNED: 36,
    }


def test_every_link_of_the_files_is_kept(database: Database) -> None:
    sample = read_sample()
    loaded(database)

    entries = all_of(database, Entry)
    pairs = Counter(entry.pair_id for entry in entries if entry.pair_id)
    assert set(pairs.values()) == {2}
    assert sum(pairs.values()) == sum(entry.pair is not None for entry in sample.entries)
    assert sum(entry.recurrence_of is not None for entry in entries) == 16
    assert len(all_of(database, AgreementEntry)) == sum(len(agreement.entries) for agreement in sample.agreements)
    assert len(all_of(database, MeetingParticipant)) == sum(len(meeting.invited) for meeting in sample.meetings)
    assert entry_of(database, "110").pair_id == entry_of(database, "109").pair_id


def test_sides_people_and_strategy(database: Database) -> None:
    loaded(database, people={"M02": "U0KAM"})

    sides = sorted(all_of(database, Side), key=lambda side: side.position)
    assert [(side.key, side.name, side.kind) for side in sides] == [
        ("sales", "Sales", SideKind.COUNTERPART),
        ("operations", "Operations", SideKind.COUNTERPART),
        ("supply_planning", "Supply Planning", SideKind.BRIDGE),
        ("finance", "Finance", SideKind.BRIDGE),
        ("general", "General management", SideKind.BRIDGE),
    ]
    members = {member.external_id: member for member in all_of(database, Member)}
    assert members["U0KAM"].name == "Key Account Manager Retailer A"
    assert [member.name for member in members.values() if member.role == Role.FACILITATOR] == ["S&OP Manager"]
    context = a_context()
    assert {context.secrets.unseal(member.sealed_default) for member in members.values()} == {"named"}
    objectives = sorted(all_of(database, Objective), key=lambda objective: objective.position)
    assert [objective.indicator for objective in objectives] == [
        "OTIF",
        "margin",
        "waste",
        "growth",
        "schedule adherence",
    ]
    assert [objective.indicator_nl for objective in objectives] == [
        "OTIF",
        "marge",
        "derving",
        "groei",
        "planningsbetrouwbaarheid",
    ]
    assert len(all_of(database, ObjectiveTranslation)) == 20


def test_a_side_only_entry_keeps_nothing_that_leads_to_a_person(database: Database) -> None:
    loaded(database)

    for entry in [entry for entry in all_of(database, Entry) if entry.visibility == Visibility.SIDE_ONLY]:
        assert not entry.ref.isdigit(), "a running number tells when it was written"
        kept = {"author_id", "created_at", "permalink", "plant", "product_family", "customer", "change_token_hash"}
        assert {getattr(entry, column) for column in kept} == {None}


def test_languages_of_side_only_entries_are_kept_only_where_five_share_them(database: Database) -> None:
    loaded(database)

    side_only = [entry for entry in all_of(database, Entry) if entry.visibility == Visibility.SIDE_ONLY]
    assert Counter((entry.side, entry.language) for entry in side_only) == {
        ("sales", "en"): 3,
        ("sales", None): 1,
        ("operations", None): 3,
    }


def test_a_side_only_entry_of_a_side_under_five_is_from_the_company(database: Database, folder: Path) -> None:
    def quietly(row: dict[str, str]) -> None:
        row.update(author_id="", visibility="side_only")

    change(folder, "entries.csv", 4, quietly)  # E003, by one of the three of Supply Planning
    with database.transaction() as session:
        load_sample(session, a_context(), a_company(session), read_sample(folder))

    title = "December forecast for Belgium 14% too high"
    entry = next(entry for entry in all_of(database, Entry) if entry.title == title)
    assert (entry.side, entry.language, entry.author_id) == ("company", None, None)


def test_statuses_of_the_files_in_the_words_of_the_product(database: Database) -> None:
    loaded(database)

    status = {ref: entry_of(database, ref).status for ref in ("7", "5", "18", "6", "79", "109", "1", "105")}
    assert status == {
        "7": EntryStatus.AGREED,  # partly_resolved
        "5": EntryStatus.RESOLVED,
        "18": EntryStatus.ADOPTED,
        "6": EntryStatus.ADOPTED,  # without a day, from its agreement on
        "79": EntryStatus.PARKED,
        "109": EntryStatus.OPEN,
        "1": EntryStatus.RESOLVED,
        "105": EntryStatus.AGREED,
    }
    noted = {entry.key.removeprefix("E").lstrip("0") for entry in read_sample().entries if entry.status == "noted"}
    assert len(noted) == 36
    assert {entry.status for entry in all_of(database, Entry) if entry.ref in noted} == {EntryStatus.OPEN}


def test_only_what_was_known_on_10_june_at_four(database: Database) -> None:
    summary = loaded(database, as_of=T0)

    assert summary == Loaded(24, 5, 25, 13, 72, 108, 24, 39, 608, briefs_planned=14)
    assert max(entry.created_at for entry in all_of(database, Entry) if entry.created_at) < T0
    assert max(actual.month for actual in all_of(database, ObjectiveActual)) == date(2026, 5, 1)
    closings = [agreement.closed_on for agreement in all_of(database, Agreement) if agreement.closed_on]
    assert max(closings) < date(2026, 6, 10)
    weekly_targets = agreement_of(database, "A15")  # closed as kept on 11 June, evaluated on 24 June
    assert (weekly_targets.status, weekly_targets.closed_on) == (AgreementStatus.OPEN, None)
    assert (weekly_targets.score_first, weekly_targets.evaluation_note, weekly_targets.evaluated_on) == (
        None,
        None,
        None,
    )
    swap = agreement_of(database, "A01")  # kept in February, evaluated on 24 June
    assert (swap.status, swap.score_first, swap.evaluated_on) == (AgreementStatus.KEPT, None, None)
    assert entry_of(database, "61").status != EntryStatus.RESOLVED  # on 11 June
    assert entry_of(database, "61").resolved_on is None
    assert entry_of(database, "80").status == EntryStatus.PARKED
    held = [meeting for meeting in all_of(database, Meeting) if meeting.status == MeetingStatus.HELD]
    assert max(meeting.starts_at for meeting in held) < T0
    assert len(held) == 33


def test_who_owned_it_then(database: Database) -> None:
    loaded(database, as_of=T0.replace(month=3, day=20))

    with database.snapshot() as session:
        swap = session.exec(select(Agreement).where(Agreement.key == "A01")).one()
        owner = session.get_one(Member, swap.owner_id)
    assert owner.name == "Production Scheduler Noord (until March)"
    assert swap.original_owner_id is None


def test_briefs_still_due_are_planned_and_earlier_ones_are_not(database: Database) -> None:
    loaded(database, as_of=T0)

    with database.snapshot() as session:
        due = {schedule.subject_id: schedule.next_due_at for schedule in session.exec(select(Schedule)).all()}
        ahead = [
            meeting
            for meeting in session.exec(select(Meeting)).all()
            if meeting.brief_due_at is not None and meeting.brief_due_at >= T0
        ]
    assert due == {meeting.id: meeting.brief_due_at for meeting in ahead}
    assert min(moment for moment in due.values() if moment).isoformat() == "2026-06-11T07:00:00+00:00"


def test_a_brief_due_at_that_very_minute_is_still_to_come(database: Database) -> None:
    assert loaded(database, as_of=T0.replace(day=11, hour=7)).briefs_planned == 14


def test_it_is_not_loaded_twice(database: Database) -> None:
    loaded(database)

    with pytest.raises(WorkspaceNotEmpty):
        loaded(database)
    assert len(all_of(database, Entry)) == 120


def test_it_never_mixes_with_what_people_wrote(database: Database) -> None:
    with database.transaction() as session:
        a_member(session, workspace_id=a_company(session).id)

    with pytest.raises(WorkspaceNotEmpty):
        loaded(database)


def test_a_new_workspace_has_sides_and_thirteen_tensions_once(database: Database) -> None:
    for _ in range(2):
        with database.transaction() as session:
            a_company(session)

    assert (len(all_of(database, Workspace)), len(all_of(database, Side)), len(all_of(database, Tension))) == (1, 5, 13)


def test_a_workspace_filled_before_connecting_becomes_that_of_the_first_chat(database: Database) -> None:
    with database.transaction() as session:
        filled = ensure_workspace(session, a_context(), Platform.SLACK, UNCONNECTED, "Sample")
    with database.transaction() as session:
        connected = ensure_workspace(session, a_context(), Platform.SLACK, "T9", "Saladine Foods")
    with database.transaction() as session:
        other = ensure_workspace(session, a_context(), Platform.SLACK, "T8", "Another")

    assert (connected.id, connected.external_id, connected.name) == (filled.id, "T9", "Saladine Foods")
    assert other.id != filled.id


@pytest.mark.parametrize(
    ("file", "line", "cells", "problem"),
    [
        ("members.csv", 2, {"timezone": "Amsterdam"}, "column timezone: “Amsterdam” is not a time zone"),
        ("members.csv", 2, {"language": "de"}, "column language: “de” is not known; use en or nl."),
        ("members.csv", 3, {"member_id": "M01"}, "column member_id: “M01” stands on line 2 already."),
        ("members.csv", 2, {"active_to": "2025-01-01"}, "column active_to: “2025-01-01” is before active_from"),
        ("objectives.csv", 2, {"direction": "sideways"}, "column direction: “sideways” is not known; use up or down."),
        ("objectives.csv", 2, {"target": "97,5"}, "column target: “97,5” is not a number"),
        ("objective_actuals.csv", 3, {"month": "2026-01"}, "column month: “2026-01” stands on line 2 already."),
        ("objective_actuals.csv", 2, {"objective_id": "O9"}, "column objective_id: “O9” is not in objectives.csv."),
        ("tensions.csv", 2, {"shared_interest": ""}, "column shared_interest: is empty; it needs a value."),
        ("meetings.csv", 2, {"type": "lunch"}, "column type: “lunch” is not known; use product_review, demand_review"),
        ("meetings.csv", 2, {"invited_ids": "M03;M77"}, "column invited_ids: “M77” is not in members.csv."),
        (
            "meetings.csv",
            5,
            {"brief_due_utc": "2026-01-17T08:00:00Z"},
            "column brief_due_utc: “2026-01-17T08:00:00Z” is not before",
        ),
        (
            "entries.csv",
            2,
            {"kind": "clsh"},
            "column kind: “clsh” is not known; use clash, went_well, not_so_well or improve.",
        ),
        ("entries.csv", 2, {"side": "marketing"}, "column side: “marketing” is not in members.csv."),
        ("entries.csv", 2, {"author_id": ""}, "column author_id: is empty; a named entry needs a member_id"),
        ("entries.csv", 23, {"author_id": "M02"}, "column author_id: must be empty: who wrote a side_only entry"),
        ("entries.csv", 3, {"entry_id": "E1"}, "column entry_id: “E1” stands on line 2 already."),
        ("entries.csv", 2, {"pair_entry_id": "E004"}, "column pair_entry_id: “E004” does not name E001 as its pair"),
        ("entries.csv", 2, {"recurrence_of": "E110"}, "column recurrence_of: “E110” is not earlier than E001."),
        ("entries.csv", 2, {"resolved_on": ""}, "column resolved_on: is empty; what is resolved needs the day."),
        ("entries.csv", 2, {"effect_eur": "1.900"}, "column effect_eur: “1.900” is not a whole number"),
        ("entries.csv", 2, {"what_happened": " "}, "column what_happened: is empty; it needs a value."),
        ("agreements.csv", 2, {"closed_on": ""}, "column closed_on: is empty; an agreement that is kept needs the day"),
        ("agreements.csv", 2, {"eval_sales": "3"}, "column eval_sales: “3” is not a score; use -2, -1, 0, 1 or 2."),
        ("agreements.csv", 2, {"entry_ids": "E001;E999"}, "column entry_ids: “E999” is not in entries.csv."),
        ("agreements.csv", 2, {"made_in": "2025-12-RT"}, "column made_in: “2025-12-RT” is not in meetings.csv."),
    ],
)
def test_a_bad_row_is_named(folder: Path, file: str, line: int, cells: dict[str, str], problem: str) -> None:
    change(folder, file, line, lambda row: row.update(cells))

    assert problems_of(folder)[0].startswith(f"{file}, line {line}, {problem}")


def test_all_problems_of_all_files_are_told_together(folder: Path) -> None:
    change(folder, "members.csv", 2, lambda row: row.update(timezone="x", language="x"))
    change(folder, "agreements.csv", 3, lambda row: row.update(due_date="soon"))

    assert [problem.partition(":")[0] for problem in problems_of(folder)] == [
        "members.csv, line 2, column timezone",
        "members.csv, line 2, column language",
        "agreements.csv, line 3, column due_date",
    ]


def test_a_missing_file_is_one_problem(folder: Path) -> None:
    (folder / "members.csv").unlink()

    assert problems_of(folder) == ["members.csv: is missing in the folder."]


def test_another_company_with_sides_of_its_own(database: Database, folder: Path) -> None:
    change(folder, "members.csv", 25, lambda row: row.update(side="marketing_nl", role="admin", user_id="U9"))
    with database.transaction() as session:
        load_sample(session, a_context(), a_company(session), read_sample(folder))

    side = next(side for side in all_of(database, Side) if side.key == "marketing_nl")
    assert (side.name, side.kind) == ("Marketing nl", SideKind.BRIDGE)


@pytest.mark.parametrize(
    ("measure", "short"),
    [
        ("OTIF per order line, customer's requested slot", "OTIF"),
        ("Gross margin after cost-to-serve", "gross margin"),
        ("Food written off, share of kilograms", "food written off"),
        ("Turnover", "turnover"),
    ],
)
def test_a_measure_without_an_indicator_is_shortened(measure: str, short: str) -> None:
    assert short_measure(measure) == short


def decisions_of(database: Database, meeting_key: str, as_of: datetime) -> list[DecisionRecord]:
    with database.snapshot() as session:
        meeting = session.exec(select(Meeting).where(Meeting.key == meeting_key)).one()
        return list_decisions_asked(session, meeting, as_of)


def test_decisions_with_their_options_and_links(database: Database) -> None:
    loaded(database)

    assert Counter(decision.status for decision in all_of(database, Decision)) == {
        DecisionStatus.TAKEN: 30,
        DecisionStatus.CARRIED_OVER: 8,
        DecisionStatus.ESCALATED: 3,
    }
    airline, gate, bias = decisions_of(database, "2026-06-PS", BRIEF_DUE)
    assert (airline.decision.kind, bias.decision.kind) == (DecisionKind.DECIDE, DecisionKind.RATIFY)
    assert airline.decision.recommendation == "A"
    assert [(option.letter, option.text) for option in gate.options] == [
        ("A", "nobody"),
        ("B", "Commercial Director and Operations Director together, in writing"),
    ]
    assert gate.options[1].price == "for the mango bowl the price was two days less life on the label"
    assert bias.options[1].price is None
    assert (airline.owner, airline.co_owner) == ("Production Scheduler Noord", "Export Manager Airline Catering")
    assert airline.objective_keys == ("O4", "O5")
    assert {entry.ref for entry in airline.entries} == {"19", "35", "36", "101", "102"}
    agreements = {agreement.id: agreement.key for agreement in all_of(database, Agreement)}
    links = {link.decision_id: agreements[link.agreement_id] for link in all_of(database, DecisionAgreement)}
    assert links[airline.decision.id] == "A24"


def test_a_brief_is_asked_what_was_entered_before_it(database: Database) -> None:
    loaded(database)

    (sealer,) = decisions_of(database, "2026-06-EX", BRIEF_DUE)
    assert sealer.decision.key == "D39"
    assert decisions_of(database, "2026-06-PS", sealer.decision.entered_at - timedelta(hours=1)) == []


def test_an_answer_is_unknown_until_its_meeting_is_over(database: Database) -> None:
    loaded(database)

    with database.snapshot() as session:
        meetings = session.exec(select(Meeting).where(col(Meeting.key).in_(["2026-06-PS", "2026-01-EX"]))).all()
        held = {meeting.key: meeting for meeting in meetings}
        june = held["2026-06-PS"]
        over = june.starts_at + timedelta(minutes=june.duration_minutes)
        assert count_decisions(session, june, over) == Answered(asked=3, taken=0)
        assert count_decisions(session, june, over + timedelta(seconds=1)) == Answered(asked=3, taken=3)
        assert count_decisions(session, held["2026-01-EX"], over) == Answered(asked=4, taken=2)


def test_counts_of_decisions_are_those_of_the_meetings(database: Database) -> None:
    loaded(database)

    with (files("bot") / "sample" / "meetings.csv").open(encoding="utf-8") as opened:
        counted = {
            row["meeting_id"]: Answered(int(row["decisions_asked"]), int(row["decisions_taken"]))
            for row in csv.DictReader(opened)
            if row["decisions_asked"]
        }
    with database.snapshot() as session:
        meetings = session.exec(select(Meeting).where(col(Meeting.key).in_(counted))).all()
        assert {meeting.key: count_decisions(session, meeting, END_OF_JUNE) for meeting in meetings} == counted
    assert len(counted) == 12


def test_decisions_as_they_were_known(database: Database) -> None:
    loaded(database, as_of=T0)

    decisions = {decision.key: decision for decision in all_of(database, Decision)}
    assert {key for key in decisions if key >= "D36"} == {"D36", "D37", "D38", "D39"}
    assert (decisions["D36"].status, decisions["D36"].taken_option) == (DecisionStatus.ASKED, None)
    assert decisions["D34"].status == DecisionStatus.TAKEN
    linked = {link.agreement_id for link in all_of(database, DecisionAgreement)}
    assert linked <= {agreement.id for agreement in all_of(database, Agreement)}


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"options": "A: keep"}, "decisions.csv, line 2, column options: “A: keep” are not options;"),
        ({"options": "A: keep | C: stop"}, "decisions.csv, line 2, column options: “A: keep | C: stop” are not"),
        (
            {"recommendation": "C"},
            "decisions.csv, line 2, column recommendation: “C” is none of the options; use A or B.",
        ),
        ({"taken_option": "A"}, "decisions.csv, line 2, column taken_option: must be empty: this one is carried_over."),
        ({"status": "taken"}, "decisions.csv, line 2, column taken_option: is empty; what is taken needs the letter"),
        ({"owner_id": "M05"}, "decisions.csv, line 2, column co_owner_id: “M05” owns it already;"),
        ({"agreement_ids": "A99"}, "decisions.csv, line 2, column agreement_ids: “A99” is not in agreements.csv."),
        ({"entered_at_utc": "2026-02-13T14:05:00Z"}, "decisions.csv, line 2, column entered_at_utc: “2026-02-13T14:05"),
    ],
)
def test_a_bad_decision_is_named_by_its_cell(folder: Path, cells: dict[str, str], problem: str) -> None:
    change(folder, "decisions.csv", 2, lambda row: row.update(cells))

    (found,) = problems_of(folder)
    assert found.startswith(problem)
