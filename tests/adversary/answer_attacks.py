"""How one might find out who gave a score, ticked an option or wrote a text without a name, in a check-in."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.services.context import hash_token
from tests.adversary.attacks import Attack, Group
from tests.adversary.evidence import Evidence, Row

FLAGS: Final = ("pulse_asked", "checkin_asked", "private_items")
"""Tables with a row for each person asked, changed when they answer."""

NAMELESS: Final = ("pulse_scores", "checkin_choices", "checkin_texts")
"""Tables of what is answered without a name."""

NEAR: Final = 200
"""Bytes."""

LETTERS: Final = 3
"""So many that two random ids begin with alike, beside a hundred others, tells nothing."""


def same_row(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """A row that has its id, or its token's hash, and one of the group."""
    rows = [row for table, rows in evidence.tables.items() if table not in NAMELESS for row in rows]
    told = [row for row in rows if any(name in _words(row) for name in _names(answer))]
    return _only(person for row in [*told, answer] for person in _named_in(_words(row), group))


def same_transaction(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """Who was changed in the transaction that wrote it, where not everything was."""
    number = answer.get("_transaction")
    together = [row for rows in evidence.tables.values() for row in rows if row.get("_transaction") == number]
    if number is None or len([row for row in together if row["_table"] in NAMELESS]) > len(NAMELESS):
        return None
    return _only(person for row in together for person in _named_in(_words(row), group))


def nearest_transaction(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """Whoever was changed in the transaction next to it."""
    number = answer.get("_transaction")
    if number is None:
        return None
    others = [
        (abs(row["_transaction"] - number), person)
        for row in _flags(evidence)
        if row.get("_transaction", number) != number
        for person in _named_in(_words(row), group)
    ]
    return min(others, default=(0, None))[1]


def in_order_of(table: str) -> Attack:
    """The answers lie as those rows do: the third is that of the third person."""

    def attack(evidence: Evidence, answer: Row, group: Group) -> str | None:
        rounds = _rounds(evidence, answer)
        rows = [row for row in evidence.tables[table] if _tells_an_answer(row) and _round(row) in rounds]
        return _at_its_place(evidence, answer, [who for row in rows for who in _named_in(_words(row), group)])

    attack.__name__ = f"in_order_of_{table}"
    return attack


def in_order_of_entries(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """What people told with their name lies in the order in which they answered."""
    rounds = _rounds(evidence, answer)
    told = {row["entry_id"] for row in evidence.tables["checkin_examples"] if row["round_id"] in rounds}
    authors = [str(row["author_id"]) for row in evidence.tables["entries"] if row["id"] in told]
    people = {str(member["id"]) for member in group}
    return _at_its_place(evidence, answer, [who for who in authors if who in people])


def alike_ids(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """Whose row has a random name that begins as its own does: drawn from the same chance."""

    def alike(row: Row) -> int:
        return max(_same_start(str(answer["id"]), str(row[name])) for name in ("id", "member_id") if row.get(name))

    rows = [row for row in _flags(evidence) if _named_in(_words(row), group)]
    closest = max(rows, key=alike, default=None)
    return _only(_named_in(_words(closest), group)) if closest and alike(closest) > LETTERS else None


def remains_in_the_files(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """A member's id close to its own, in a free page, a dead row, a log."""
    people = b"(" + "|".join(str(member["id"]) for member in group).encode() + b")"
    own = str(answer["id"]).encode()
    found = [
        match[1].decode()
        for content in evidence.files.values()
        for pattern in (own + b".{0,120}?" + people, people + b".{0,60}" + own)
        for match in re.finditer(pattern, content, re.DOTALL)
    ]
    return _only(found)


def nearest_in_the_files(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """The member whose id lies nearest to its own, in a table, an index or a log."""
    people = re.compile(b"|".join(str(member["id"]).encode() for member in group))
    own = str(answer["id"]).encode()
    near: list[tuple[int, str]] = []
    for content in evidence.files.values():
        for at in (match.start() for match in re.finditer(own, content)):
            start = max(at - NEAR, 0)
            near += [
                (abs(start + match.start() - at), match[0].decode())
                for match in people.finditer(content, start, at + NEAR)
            ]
    return min(near, default=(0, None))[1]


def lines_of_the_log(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """A line that has its id, its token's hash or its round, and a person."""
    names = [*_names(answer), str(answer["round_id"])]
    lines = [line for line in evidence.log.splitlines() if any(name in line for name in names)]
    return _only(person for line in lines for person in _named_in(line, group))


def words_of_messages(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """A message on its way, or a line kept for one, that has its id or its token's hash and a person."""
    told = [_words(row) for row in _messages(evidence) if any(name in _words(row) for name in _names(answer))]
    return _only(person for words in told for person in _named_in(words, group))


def token_of_a_button(evidence: Evidence, answer: Row, group: Group) -> str | None:
    """A button with its token, in a message or beside a person anywhere."""
    held = answer["change_token_hash"]
    questions = [str(row["id"]) for row in evidence.tables["checkin_questions"]]
    options = ("", *(str(place) for place in range(5)))
    for rows in evidence.tables.values():
        for words in map(_words, rows):
            for token in re.findall(r"(?<![0-9a-f])[0-9a-f]{36}(?![0-9a-f])", words):
                hashes = (hash_token(f"{token}:{question}:{option}") for question in questions for option in options)
                if held and held in hashes and (person := _only(_named_in(words, group))):
                    return person
    return None


ATTACKS: Final[Sequence[Attack]] = (
    same_row,
    same_transaction,
    nearest_transaction,
    *(in_order_of(table) for table in FLAGS),
    in_order_of_entries,
    alike_ids,
    remains_in_the_files,
    nearest_in_the_files,
    lines_of_the_log,
    words_of_messages,
    token_of_a_button,
)


def _flags(evidence: Evidence) -> list[Row]:
    return [row for table in FLAGS for row in evidence.tables[table]]


def _messages(evidence: Evidence) -> list[Row]:
    return [*evidence.tables["outbox"], *evidence.tables["private_items"]]


def _names(answer: Row) -> list[str]:
    return [str(answer[name]) for name in ("id", "change_token_hash") if answer[name]]


def _rounds(evidence: Evidence, answer: Row) -> set[str]:
    """Its round, and that of the check-in it belongs to, which has the same label and the same end."""
    rounds = [*evidence.tables["pulse_rounds"], *evidence.tables["checkin_rounds"]]
    own = [(row["label"], row["closes_at"]) for row in rounds if row["id"] == answer["round_id"]]
    return {str(row["id"]) for row in rounds if (row["label"], row["closes_at"]) in own}


def _round(row: Row) -> str:
    return str(row["subject_id"] if row["_table"] == "private_items" else row["round_id"])


def _tells_an_answer(row: Row) -> bool:
    match row["_table"]:
        case "pulse_asked":
            return bool(row["answered"] != "no")
        case "checkin_asked":
            return bool(row["has_answered"])
        case _:
            return not row["is_open"]


def _at_its_place(evidence: Evidence, answer: Row, people: Sequence[str]) -> str | None:
    """Where there are as many people as answers, the one in the same place."""
    same = ("round_id", "side", "question_id")
    beside = [
        str(row["id"])
        for row in evidence.tables[str(answer["_table"])]
        if all(row.get(name) == answer.get(name) for name in same) and not row.get("author_id")
    ]
    return people[beside.index(str(answer["id"]))] if len(people) == len(beside) else None


def _words(row: Row) -> str:
    return " ".join(str(value) for name, value in row.items() if not name.startswith("_"))


def _named_in(words: str, group: Group) -> list[str]:
    return [
        str(member["id"])
        for member in group
        if any(member[name] and str(member[name]) in words for name in ("id", "external_id"))
    ]


def _same_start(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _only(found: Iterable[str]) -> str | None:
    """Whoever is named most, where somebody is."""
    people = list(found)
    return max(sorted(set(people)), key=people.count) if people else None
