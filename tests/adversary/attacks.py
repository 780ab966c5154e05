"""How one might find out who wrote a side-only entry. Each attack names somebody, or nobody when it finds nothing."""

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any, Final, TypeAlias

from tests.adversary.evidence import Evidence, Row, marks

Group: TypeAlias = Sequence[Row]
"""The members among whom the author is."""

Attack: TypeAlias = Callable[[Evidence, Row, Group], str | None]
"""The id of the member it names."""

PAGE: Final = 4096


def same_row(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """A row that names the entry and one of the group."""
    found = [
        person
        for table, rows in evidence.tables.items()
        for row in rows
        if _is_about(row, entry) and not _is_itself(table, row)
        for person in _named_in(row, group)
    ]
    return _only(found)


def joined_rows(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """A row that shares an id with a row that names the entry: pairs, asks, schedules, messages."""
    everywhere = _marks_of_the_house(evidence)
    known = marks(entry) - everywhere
    for _ in range(2):
        touched = [(row, found) for row, found in _marked(evidence) if found & known]
        rows = [row for row, _ in touched if row["id"] != entry["id"]]
        people = [str(member["id"]) for row in rows for member in _people(row, group)]
        if people:
            return max(sorted(set(people)), key=people.count)
        known = known.union(*(found for _, found in touched)) - everywhere
    return None


def alike_ids(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """The named entry whose random names begin most alike."""

    def alike(other: Row) -> int:
        return max(_same_start(str(entry[name]), str(other[name])) for name in ("id", "ref"))

    return _author(max(_named(evidence, group), key=alike, default=None))


def written_before(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """The named entry that lies right before it in the files."""
    return _author(_nearest_place(evidence, entry, group, before=True))


def written_after(evidence: Evidence, entry: Row, group: Group) -> str | None:
    return _author(_nearest_place(evidence, entry, group, before=False))


def nearest_transaction(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """Whoever is named in the row, of any table, whose transaction is the nearest."""
    number = entry.get("_transaction")
    if number is None:
        return None
    others = [
        (abs(row["_transaction"] - number), member["id"])
        for table, rows in evidence.tables.items()
        for row in rows
        if row.get("_transaction", number) != number
        for member in (_people(row, group) if table != "members" else _itself(row, group))
    ]
    return min(others, default=(0, None))[1]


def same_transaction(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """What else was written with it, where not everything was."""
    number = entry.get("_transaction")
    together = [row for rows in evidence.tables.values() for row in rows if row.get("_transaction") == number]
    if number is None or len([row for row in together if "what_happened" in row]) > 2:
        return None
    return _only([member["id"] for row in together for member in [*_people(row, group), *_itself(row, group)]])


def nearest_moment(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """Any moment in a row about the entry, beside the moments at which people are known to have done something."""
    told = [moment for row in _about(evidence, entry) for moment in moments(row)]
    acts = [(moment, member["id"]) for moment, row in _dated(evidence) for member in _people(row, group)]
    return min(((abs(then - now), who) for now in told for then, who in acts), default=(None, None))[1]


def minute_of_the_request(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """A request key of the same transaction tells a minute; who wrote with their name nearest to it?"""
    keys = [
        moment
        for row in evidence.tables["request_keys"]
        if row.get("_transaction") == entry.get("_transaction") or row["_place"] == entry["_place"]
        for moment in moments(row)
    ]
    acts = [(moment, str(row["author_id"])) for row in _named(evidence, group) for moment in moments(row)]
    return min(((abs(then - now), who) for now in keys for then, who in acts), default=(None, None))[1]


def fresh_seal(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """Whose default was sealed anew, or last, while others' was not."""
    now = {str(member["id"]): str(member["sealed_default"]) for member in group}
    changed = sorted(who for who, seal in now.items() if seal != evidence.seals_before.get(who))
    if 0 < len(changed) < len(now):
        return Random(str(entry["id"])).choice(changed)
    ages = {who: base64.urlsafe_b64decode(seal)[1:9] for who, seal in now.items()}
    newest = sorted(who for who, age in ages.items() if age == max(ages.values()))
    return Random(str(entry["id"])).choice(newest) if len(newest) < len(now) else None


def what_few_share(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """The plant and the language that were kept, or were left out."""
    plants, languages = _kept("plant", entry, group), _kept("language", entry, group)
    fitting = sorted(plants & languages) or sorted(plants | languages)
    return Random(str(entry["id"])).choice(fitting) if len(fitting) < len(group) else None


def words_of_messages(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """A message on its way about the entry that goes to one of the group, or has their name in it."""
    rows = [row for row in evidence.tables["outbox"] if _is_about(row, entry)]
    return _only([person for row in rows for person in _named_in(row, group)])


def lines_of_the_log(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """The line nearest to one about the entry (or about a message on it) that names one of the group."""
    about = [row["id"] for rows in evidence.tables.values() for row in rows if row.get("id") and _is_about(row, entry)]
    lines = evidence.log.splitlines()
    told = [number for number, line in enumerate(lines) if any(name in line for name in (*about, f"#{entry['ref']}"))]
    people = [(number, person) for number, line in enumerate(lines) for person in _named_in({"line": line}, group)]
    return min(((abs(there - here), who) for here in told for there, who in people), default=(0, None))[1]


def order_of_the_export(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """The author of the line before it in the export."""
    names = {member["name"]: member["id"] for member in group if member["name"]}
    last: str | None = None
    for line in evidence.exports["export_entries.csv"].splitlines():
        if line.startswith(f"{entry['ref']},"):
            return last
        last = next((names[name] for name in names if name in line), last)
    return None


def remains_in_the_files(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """An earlier version of its row, or of its place in an index: in a free page, a dead row, a log."""
    people = b"(" + "|".join(str(member["id"]) for member in group).encode() + b")"
    own, workspace = str(entry["id"]).encode(), str(entry["workspace_id"]).encode()
    as_row = own + b".{0,4}" + workspace + b".{0,90}?" + people
    as_place = people + b".{0,20}" + own
    found = [
        match[1].decode()
        for content in evidence.files.values()
        for pattern in (as_row, as_place)
        for match in re.finditer(pattern, content, re.DOTALL)
    ]
    return _only(found)


def order_in_the_files(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """The author of the entry whose id lies nearest in a table or an index: what came together lies together."""
    authors = {row["id"]: str(row["author_id"]) for row in _named(evidence, group)}
    near: list[tuple[int, str]] = []
    for places in _places_of_ids(evidence):
        own = [offset for offset, found in places if found == entry["id"]]
        others = [(offset, authors[found]) for offset, found in places if found in authors]
        near += [(abs(there - here), who) for here in own for there, who in others]
    distance, who = min(near, default=(PAGE, ""))
    return who if distance < PAGE else None


def drafts_left(evidence: Evidence, entry: Row, group: Group) -> str | None:
    rows = [row for row in evidence.tables["drafts"] if row["text"] in entry["what_happened"]]
    return _only([person for row in rows for person in _named_in(row, group)])


def who_was_asked(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """One was asked about an entry, and then another view stands beside it."""
    pair = {row["id"] for row in evidence.tables["entries"] if entry["pair_id"] and row["pair_id"] == entry["pair_id"]}
    asked = [row["asked_id"] for row in evidence.tables["asks"] if row["entry_id"] in pair]
    return _only([member["id"] for member in group if member["id"] in asked])


def own_pair(evidence: Evidence, entry: Row, group: Group) -> str | None:
    """A pair of two views from one side: people add to their own."""
    pair = [row for row in _named(evidence, group) if entry["pair_id"] and row["pair_id"] == entry["pair_id"]]
    return _only([str(row["author_id"]) for row in pair])


def trail_of_changes(evidence: Evidence, entry: Row, group: Group) -> str | None:
    rows = [row for row in evidence.tables["audit_records"] if row["subject"] in {entry["id"], entry["ref"]}]
    return _only([person for row in rows for person in _named_in(row, group)])


ATTACKS: Final[Sequence[Attack]] = (
    same_row,
    joined_rows,
    alike_ids,
    written_before,
    written_after,
    nearest_transaction,
    same_transaction,
    nearest_moment,
    minute_of_the_request,
    fresh_seal,
    what_few_share,
    words_of_messages,
    lines_of_the_log,
    order_of_the_export,
    remains_in_the_files,
    order_in_the_files,
    drafts_left,
    who_was_asked,
    own_pair,
    trail_of_changes,
)


def _named(evidence: Evidence, group: Group) -> list[Row]:
    ids = {member["id"] for member in group}
    return [row for row in evidence.tables["entries"] if row["author_id"] in ids]


def _same_start(one: str, other: str) -> int:
    """How many letters they begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _author(row: Row | None) -> str | None:
    return str(row["author_id"]) if row else None


def _nearest_place(evidence: Evidence, entry: Row, group: Group, *, before: bool) -> Row | None:
    order = [row for row in evidence.tables["entries"] if row["id"] == entry["id"] or row in _named(evidence, group)]
    at = next(number for number, row in enumerate(order) if row["id"] == entry["id"])
    beside = order[:at][::-1] if before else order[at + 1 :]
    return next(iter(beside), None)


def _is_about(row: Row, entry: Row) -> bool:
    words = " ".join(str(value) for name, value in row.items() if not name.startswith("_"))
    names = [entry["id"], f"#{entry['ref']}", entry["change_token_hash"]]
    return any(str(name) in words for name in names if name)


def _is_itself(table: str, row: Row) -> bool:
    return table == "entries" and row.get("author_id") is None


def _named_in(row: Row, group: Group) -> list[str]:
    words = " ".join(str(value) for name, value in row.items() if not name.startswith("_"))
    return [
        str(member["id"])
        for member in group
        if any(
            member[name] and re.search(rf"(?<!\w){re.escape(str(member[name]))}(?!\w)", words)
            for name in ("id", "external_id", "name")
        )
    ]


def _people(row: Row, group: Group) -> list[Row]:
    values = {str(value) for value in row.values()}
    return [member for member in group if {member["id"], member["external_id"]} & values]


def _itself(row: Row, group: Group) -> list[Row]:
    return [member for member in group if row.get("external_id") == member["external_id"]]


def moments_about(evidence: Evidence, entry: Row) -> list[float]:
    """Every moment the database keeps beside the entry, but for where Slack says that a message stands."""
    return [moment for row in _about(evidence, entry) for moment in moments({**row, "sent_message_id": None})]


def _about(evidence: Evidence, entry: Row) -> list[Row]:
    """Rows that name the entry, and rows that name those: its ask, the message of the ask, its schedule."""
    tables = [rows for table, rows in evidence.tables.items() if table not in {"members", "briefs", "entries"}]
    found = [row for rows in tables for row in rows if _is_about(row, entry)]
    for _ in range(2):
        ids = {str(row["id"]) for row in found if "id" in row}
        found += [row for rows in tables for row in rows if row not in found and _words(row, ids)]
    return [entry, *found]


def _words(row: Row, ids: set[str]) -> set[str]:
    """The ids it names, alone or within a key."""
    return ids & {word for value in row.values() for word in str(value).split(":")}


@cache
def _marked(evidence: Evidence) -> list[tuple[Row, frozenset[str]]]:
    """Every row with an id that is no member, and what it names."""
    rows = [row for table, rows in evidence.tables.items() if table != "members" for row in rows if "id" in row]
    return [(row, frozenset(marks(row))) for row in rows]


@cache
def _dated(evidence: Evidence) -> list[tuple[float, Row]]:
    return [(moment, row) for rows in evidence.tables.values() for row in rows for moment in moments(row)]


@cache
def _places_of_ids(evidence: Evidence) -> list[list[tuple[int, str]]]:
    """Where in each file the id of an entry stands."""
    ids = {row["id"] for row in evidence.tables["entries"]}
    return [
        [(at.start(), at[1].decode()) for at in re.finditer(rb"(?=([0-9a-f]{24}))", content) if at[1].decode() in ids]
        for content in evidence.files.values()
    ]


@cache
def _marks_of_the_house(evidence: Evidence) -> frozenset[str]:
    """The workspace and its channels stand everywhere and lead nowhere."""
    return frozenset().union(*(marks(row) for row in evidence.tables["workspaces"]))


def moments(row: Row) -> Iterable[float]:
    """Every moment in it, in seconds; Slack's own message ids are moments too. A day alone is none."""
    for name, value in row.items():
        if name.startswith("_") or value is None:
            continue
        if isinstance(value, datetime):
            yield (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
        elif re.fullmatch(r"\d{10}\.\d{6}", str(value)):
            yield float(str(value))
        elif re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:", str(value)):
            parsed = datetime.fromisoformat(str(value))
            yield (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def _kept(name: str, entry: Row, group: Group) -> set[str]:
    """Who fits: those who share what was kept, or, where nothing was, those who share it with too few to keep it."""
    everybody = [member[name] for member in group]
    if entry[name] is not None:
        return {member["id"] for member in group if member[name] == entry[name]}
    return {member["id"] for member in group if member[name] is None or everybody.count(member[name]) < 5}


def _only(people: Sequence[Any]) -> str | None:
    """Whoever is named most, where somebody is."""
    return max(sorted(set(people)), key=list(people).count) if people else None
