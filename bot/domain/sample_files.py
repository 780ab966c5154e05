"""The files of a sample company: which columns they have, and what each cell may hold.

Columns beyond these are not read. Optional ones:
- members.csv: `user_id` (the platform's id; else the member_id stands for it), `role` (member, facilitator or admin;
  else whoever chairs the retros is a facilitator), `pulse_from` (empty: never asked, an observer);
- meetings.csv: `brief_posted_utc`, `brief_opened_n` (of the briefs of the past: when, and how many opened it);
- objectives.csv: `indicator`, `indicator_nl` (a short word for the measure; else its beginning), `translation_<side>`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.domain.csv_rows import (
    BadCell,
    Problems,
    Row,
    among,
    known_in,
    one_of,
    parse_day,
    parse_key,
    parse_moment,
    parse_month,
    parse_number,
    parse_whole,
    parse_zone,
    read_rows,
)
from bot.domain.sample import (
    ActualRow,
    AgreementRow,
    EntryRow,
    MeetingRow,
    MemberRow,
    ObjectiveRow,
    Sample,
    SampleSource,
    SampleStatus,
    TensionRow,
    entry_ref,
)
from bot.domain.sample_decisions import DECISION_COLUMNS, DecisionRow, read_decision
from bot.domain.sample_pulses import (
    PULSE_COLUMNS,
    QUESTION_COLUMNS,
    PulseQuestionRow,
    PulseRow,
    read_pulse,
    read_question,
)
from bot.domain.sample_reach import read_reach
from storage.tables import AgreementStatus, Kind, Level, MeetingStatus, MeetingType, Role, Visibility

LANGUAGES: Final = ("en", "nl")
DIRECTIONS: Final = ("up", "down")
COLUMNS: Final = {
    "members.csv": "member_id display_name side plant timezone language active_from active_to",
    "objectives.csv": "objective_id name name_nl measure unit direction baseline target target_date",
    "objective_actuals.csv": "objective_id month actual",
    "tensions.csv": "tension_id name name_nl sales_interest operations_interest shared_interest metrics source",
    "meetings.csv": """meeting_id cycle type title start_utc duration_min timezone chair_id invited_ids status
        brief_due_utc""",
    "entries.csv": """entry_id created_on created_at_utc source author_id side visibility language kind level tension_id
        objective_id plant product_family customer title what_happened own_interest other_interest_as_seen effect
        effect_type effect_eur insight_or_proposal pair_entry_id recurrence_of status resolved_on""",
    "agreements.csv": """agreement_id title text made_in made_on owner_id co_owner_id original_owner_id due_date status
        closed_on tension_id objective_id measure entry_ids eval_sales eval_operations eval_objective_effect eval_note
        evaluated_on""",
    "decisions.csv": DECISION_COLUMNS,
    "pulse_questions.csv": QUESTION_COLUMNS,
    "pulses.csv": PULSE_COLUMNS,
}
SCORES: Final = range(-2, 3)
# These stand where a cell could not be read; a sample with a problem is never used.
DAY: Final = date.min
MOMENT: Final = datetime.min.replace(tzinfo=UTC)
SHORT_MEASURE: Final = re.compile(r"(.+?)(?:,| (?:per|of|in|after|against|by|from|over)\b|$)")


@dataclass(frozen=True, slots=True)
class _Known:
    """Parsers for cells that point at rows of other files."""

    member: Callable[[str], str]
    side: Callable[[str], str]
    objective: Callable[[str], str]
    tension: Callable[[str], str]
    meeting: Callable[[str], str]
    entry: Callable[[str], str]
    agreement: Callable[[str], str]
    question: Callable[[str], str]


def parse_sample(files: Mapping[str, bytes]) -> Sample:
    """The sample in these files (name to content).

    Raises:
        BadRows: with every problem of every file.
    """
    problems = Problems()
    rows = {name: _read(name, files, problems) for name in COLUMNS}
    known = _known(rows, problems)
    meetings = tuple(_meeting(row, known) for row in rows["meetings.csv"])
    questions = tuple(read_question(row) for row in rows["pulse_questions.csv"])
    sample = Sample(
        members=tuple(_member(row) for row in rows["members.csv"]),
        objectives=tuple(_objective(row) for row in rows["objectives.csv"]),
        actuals=tuple(_actual(row, known) for row in rows["objective_actuals.csv"]),
        tensions=tuple(_tension(row) for row in rows["tensions.csv"]),
        meetings=meetings,
        entries=tuple(_entry(row, known) for row in rows["entries.csv"]),
        agreements=tuple(_agreement(row, known) for row in rows["agreements.csv"]),
        decisions=tuple(_decision(row, known) for row in rows["decisions.csv"]),
        pulse_questions=questions,
        pulses=tuple(_pulses(rows["pulses.csv"], known, questions)),
        reach=tuple(filter(None, map(read_reach, rows["meetings.csv"], meetings))),
    )
    _check_stories(rows["entries.csv"], sample.entries)
    _check_asked_in_time(rows["decisions.csv"], sample)
    problems.check()
    return sample


def parse_tensions(content: bytes) -> tuple[TensionRow, ...]:
    """The tensions of a tensions.csv alone.

    Raises:
        BadRows: with every problem of the file.
    """
    problems = Problems()
    tensions = tuple(_tension(row) for row in _read("tensions.csv", {"tensions.csv": content}, problems))
    problems.check()
    return tensions


def _read(file: str, files: Mapping[str, bytes], problems: Problems) -> list[Row]:
    if file not in files:
        problems.add_unreadable(file, None, None, "is missing in the folder.")
        return []
    columns = COLUMNS[file].split()
    rows = read_rows(file, files[file], columns, problems)
    if file == "objective_actuals.csv":
        _check_unique(rows, "month", lambda row: f"{row.cells['objective_id']} {row.cells['month']}")
    elif file == "entries.csv":
        _check_unique(rows, "entry_id", lambda row: entry_ref(row.cells["entry_id"]))
    else:
        _check_unique(rows, columns[0], lambda row: row.cells[columns[0]])
    if file == "pulses.csv":
        _check_unique(
            rows, "member_id", lambda row: f"{row.cells['question_id']} {row.cells['week']} {row.cells['member_id']}"
        )
    return rows


def _check_unique(rows: Iterable[Row], column: str, key_of: Callable[[Row], str]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        key = key_of(row)
        if first.setdefault(key, row.line) != row.line:
            row.refuse(column, f"“{row.cells[column]}” stands on line {first[key]} already.")


def _known(rows: Mapping[str, Sequence[Row]], problems: Problems) -> _Known:
    def keys_of(file: str) -> Callable[[str], str]:
        column = COLUMNS[file].split()[0]
        return known_in(file, {row.cells[column] for row in rows[file]}, problems)

    return _Known(
        member=keys_of("members.csv"),
        side=known_in("members.csv", {row.cells["side"] for row in rows["members.csv"]}, problems),
        objective=keys_of("objectives.csv"),
        tension=keys_of("tensions.csv"),
        meeting=keys_of("meetings.csv"),
        entry=keys_of("entries.csv"),
        agreement=keys_of("agreements.csv"),
        question=keys_of("pulse_questions.csv"),
    )


def _member(row: Row) -> MemberRow:
    member = MemberRow(
        key=row.parse("member_id", parse_key, ""),
        user_id=row.optional("user_id"),
        name=row.text("display_name"),
        side=row.parse("side", parse_key, ""),
        role=row.maybe("role", one_of(Role)),
        timezone=row.parse("timezone", parse_zone, ""),
        language=row.parse("language", among(LANGUAGES), ""),
        plant=row.optional("plant"),
        active_from=row.parse("active_from", parse_day, DAY),
        active_to=row.maybe("active_to", parse_day),
        pulse_from=row.maybe("pulse_from", parse_day),
    )
    if member.active_to and member.active_to < member.active_from:
        row.refuse("active_to", f"“{member.active_to}” is before active_from; a person leaves after joining.")
    return member


def _objective(row: Row) -> ObjectiveRow:
    measure = row.text("measure")
    indicator = row.optional("indicator") or short_measure(measure)
    translations = {
        column.removeprefix("translation_"): text
        for column, text in row.cells.items()
        if column.startswith("translation_") and text
    }
    return ObjectiveRow(
        key=row.parse("objective_id", parse_key, ""),
        name=row.text("name"),
        name_nl=row.text("name_nl"),
        indicator=indicator,
        indicator_nl=row.optional("indicator_nl") or indicator,
        measure=measure,
        unit=row.text("unit"),
        direction=row.parse("direction", among(DIRECTIONS), ""),
        baseline=row.parse("baseline", parse_number, 0.0),
        target=row.parse("target", parse_number, 0.0),
        target_date=row.parse("target_date", parse_day, DAY),
        translations=translations,
    )


def short_measure(measure: str) -> str:
    """The beginning of a measure, short enough to stand before a number: "OTIF", "gross margin"."""
    found = SHORT_MEASURE.match(measure)
    short = found[1] if found else measure
    return short if short[1:2].isupper() else short[:1].lower() + short[1:]


def _actual(row: Row, known: _Known) -> ActualRow:
    return ActualRow(
        objective_key=row.parse("objective_id", known.objective, ""),
        month=row.parse("month", parse_month, DAY),
        value=row.parse("actual", parse_number, 0.0),
    )


def _tension(row: Row) -> TensionRow:
    return TensionRow(
        key=row.parse("tension_id", parse_key, ""),
        name=row.text("name"),
        name_nl=row.text("name_nl"),
        first_interest=row.text("sales_interest"),
        second_interest=row.text("operations_interest"),
        shared_interest=row.text("shared_interest"),
        metrics=row.optional("metrics") or "",
        source=row.optional("source") or "",
    )


def _meeting(row: Row, known: _Known) -> MeetingRow:
    meeting = MeetingRow(
        key=row.parse("meeting_id", parse_key, ""),
        cycle=row.text("cycle"),
        type=row.parse("type", one_of(MeetingType), MeetingType.PRE_SOP),
        title=row.text("title"),
        starts_at=row.parse("start_utc", parse_moment, MOMENT),
        duration_minutes=row.parse("duration_min", parse_whole, 0),
        timezone=row.parse("timezone", parse_zone, ""),
        status=row.parse("status", one_of(MeetingStatus), MeetingStatus.PLANNED),
        brief_due_at=row.maybe("brief_due_utc", parse_moment),
        chair=row.maybe("chair_id", known.member),
        invited=row.many("invited_ids", known.member),
    )
    if meeting.brief_due_at and meeting.brief_due_at >= meeting.starts_at:
        row.refuse(
            "brief_due_utc",
            f"“{row.cells['brief_due_utc']}” is not before start_utc; a brief comes before its meeting.",
        )
    return meeting


def _entry(row: Row, known: _Known) -> EntryRow:
    entry = EntryRow(
        key=row.parse("entry_id", parse_key, ""),
        created_on=row.parse("created_on", parse_day, DAY),
        created_at=row.parse("created_at_utc", parse_moment, MOMENT),
        source=row.parse("source", one_of(SampleSource), SampleSource.AD_HOC),
        author=row.maybe("author_id", known.member),
        side=row.parse("side", known.side, ""),
        visibility=row.parse("visibility", one_of(Visibility), Visibility.NAMED),
        language=row.maybe("language", among(LANGUAGES)),
        kind=row.parse("kind", one_of(Kind), Kind.CLASH),
        level=row.maybe("level", one_of(Level)),
        tension_key=row.maybe("tension_id", known.tension),
        objective_key=row.maybe("objective_id", known.objective),
        plant=row.optional("plant"),
        product_family=row.optional("product_family"),
        customer=row.optional("customer"),
        title=row.optional("title"),
        what_happened=row.text("what_happened"),
        own_interest=row.optional("own_interest"),
        other_interest=row.optional("other_interest_as_seen"),
        effect=row.optional("effect"),
        effect_type=row.optional("effect_type"),
        effect_eur=row.maybe("effect_eur", parse_whole),
        lesson=row.optional("insight_or_proposal"),
        pair=row.maybe("pair_entry_id", known.entry),
        recurrence_of=row.maybe("recurrence_of", known.entry),
        status=row.parse("status", one_of(SampleStatus), SampleStatus.OPEN),
        resolved_on=row.maybe("resolved_on", parse_day),
    )
    _check_author(row, entry)
    if entry.status == SampleStatus.RESOLVED and not row.cells["resolved_on"]:
        row.refuse("resolved_on", "is empty; what is resolved needs the day.")
    return entry


def _check_author(row: Row, entry: EntryRow) -> None:
    named = entry.visibility == Visibility.NAMED
    if named and not row.cells["author_id"]:
        row.refuse("author_id", "is empty; a named entry needs a member_id of members.csv.")
    if not named and row.cells["author_id"]:
        row.refuse("author_id", "must be empty: who wrote a side_only entry is kept nowhere.")


def _check_stories(rows: Sequence[Row], entries: Sequence[EntryRow]) -> None:
    """A pair holds in both directions; what came back has an earlier entry."""
    by_key = {entry.key: entry for entry in entries}
    for row, entry in zip(rows, entries, strict=True):
        other = by_key.get(entry.pair or "")
        if other and (other.pair != entry.key or other is entry):
            row.refuse("pair_entry_id", f"“{other.key}” does not name {entry.key} as its pair; a pair is two entries.")
        earlier = by_key.get(entry.recurrence_of or "")
        if earlier and earlier.created_at >= entry.created_at:
            row.refuse("recurrence_of", f"“{earlier.key}” is not earlier than {entry.key}.")


def _agreement(row: Row, known: _Known) -> AgreementRow:
    agreement = AgreementRow(
        key=row.parse("agreement_id", parse_key, ""),
        title=row.text("title"),
        text=row.text("text"),
        made_in=row.maybe("made_in", known.meeting),
        made_on=row.parse("made_on", parse_day, DAY),
        owner=row.parse("owner_id", known.member, ""),
        partner=row.parse("co_owner_id", known.member, ""),
        original_owner=row.maybe("original_owner_id", known.member),
        due_on=row.parse("due_date", parse_day, DAY),
        status=row.parse("status", one_of(AgreementStatus), AgreementStatus.OPEN),
        closed_on=row.maybe("closed_on", parse_day),
        tension_key=row.maybe("tension_id", known.tension),
        objective_key=row.maybe("objective_id", known.objective),
        measure=row.optional("measure") or "",
        entries=tuple(dict.fromkeys(row.many("entry_ids", known.entry))),
        score_first=row.maybe("eval_sales", parse_score),
        score_second=row.maybe("eval_operations", parse_score),
        score_objective=row.maybe("eval_objective_effect", parse_score),
        evaluation_note=row.optional("eval_note"),
        evaluated_on=row.maybe("evaluated_on", parse_day),
    )
    closed = agreement.status not in {AgreementStatus.OPEN, AgreementStatus.PROPOSED}
    if closed and not row.cells["closed_on"]:
        row.refuse("closed_on", f"is empty; an agreement that is {agreement.status} needs the day it was closed.")
    return agreement


def _decision(row: Row, known: _Known) -> DecisionRow:
    return read_decision(
        row,
        meeting=known.meeting,
        member=known.member,
        objective=known.objective,
        entry=known.entry,
        agreement=known.agreement,
    )


def _pulses(rows: Sequence[Row], known: _Known, questions: Sequence[PulseQuestionRow]) -> Iterator[PulseRow]:
    by_key = {question.key: question for question in questions}
    for row in rows:
        yield read_pulse(row, by_key, question=known.question, member=known.member, side=known.side)


def _check_asked_in_time(rows: Sequence[Row], sample: Sample) -> None:
    starts = {meeting.key: meeting.starts_at for meeting in sample.meetings}
    for row, decision in zip(rows, sample.decisions, strict=True):
        if decision.entered_at >= starts.get(decision.meeting, decision.entered_at + timedelta(1)):
            row.refuse("entered_at_utc", f"“{row.cells['entered_at_utc']}” is not before its meeting.")


def parse_score(cell: str) -> int:
    """-2 to +2."""
    if cell.removeprefix("+") not in {str(score) for score in SCORES}:
        raise BadCell("is not a score; use -2, -1, 0, 1 or 2.")
    return int(cell)
