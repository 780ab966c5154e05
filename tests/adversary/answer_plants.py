"""Leaks of an answer as they would look: each shows its attack what it looks for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from bot.services.context import hash_token
from tests.adversary.answer_attacks import FLAGS
from tests.adversary.case import Case
from tests.adversary.evidence import Evidence, Row

Plant: TypeAlias = Callable[[Case], Evidence]


def _answers(case: Case) -> list[tuple[Row, str]]:
    return [(row, case.truth[row[case.name]]) for row, _ in case.suspects()]


def _rows(table: str, make: Callable[[Row, str], dict[str, Any]]) -> Plant:
    """One more row in the table for each answer, made of it and of who gave it."""

    def plant(case: Case) -> Evidence:
        planted = [{"_table": table, **make(row, who)} for row, who in _answers(case)]
        return case.evidence.with_rows(table, [*case.evidence.tables[table], *planted])

    return plant


def _changed(case: Case, change: Callable[[int, Row, str], dict[str, Any]]) -> Evidence:
    """Each answer changed, made of its number, it and who gave it."""
    changed = {row["id"]: {**row, **change(number, row, who)} for number, (row, who) in enumerate(_answers(case))}
    rows = [changed.get(row["id"], row) for row in case.evidence.tables[case.table]]
    return case.evidence.with_rows(case.table, rows)


def _transactions(apart: int) -> Plant:
    """The flag was raised in the same transaction, or in the next one."""

    def plant(case: Case) -> Evidence:
        evidence = _changed(case, lambda number, *_: {"_transaction": 5_000_000 + 10 * number})
        flags = [
            {"_table": "pulse_asked", "member_id": who, "_transaction": 5_000_000 + 10 * number + apart}
            for number, (_, who) in enumerate(_answers(case))
        ]
        return evidence.with_rows("pulse_asked", flags)

    return plant


def _order(table: str, *, named: bool = False) -> Plant:
    """Answers and flags lie in one order, of everybody and of nobody else."""

    def plant(case: Case) -> Evidence:
        evidence = case.evidence
        rounds = {row["id"]: row["round_id"] for row, _ in _answers(case)}
        own = [row for row in evidence.tables[case.table] if row["id"] in rounds]
        flags = [_flag(table, row, case.truth[row["id"]]) for row in own]
        evidence = evidence.with_rows(case.table, own).with_rows("pulse_rounds", []).with_rows("checkin_rounds", [])
        same = [{"id": one, "label": one, "closes_at": one} for one in sorted(set(rounds.values()))]
        evidence = evidence.with_rows("checkin_rounds", same)
        if not named:
            return evidence.with_rows(table, flags)
        entries = [{"id": f"told {at}", "author_id": row["member_id"]} for at, row in enumerate(flags)]
        told = [{"entry_id": f"told {at}", "round_id": row["round_id"]} for at, row in enumerate(flags)]
        return evidence.with_rows("entries", entries).with_rows("checkin_examples", told)

    return plant


def _flag(table: str, answer: Row, who: str) -> Row:
    states = {"answered": "in_time", "has_answered": True, "is_open": False}
    return {
        "_table": table,
        "round_id": answer["round_id"],
        "subject_id": answer["round_id"],
        "member_id": who,
    } | states


def _file(between: int) -> Plant:
    """An old row with both ids, so many bytes apart."""

    def plant(case: Case) -> Evidence:
        old = (" " * 400).join(f"{row['id']}{'.' * between}{who}" for row, who in _answers(case))
        return replace(case.evidence, files={**case.evidence.files, "ampersand.db-wal": old.encode()})

    return plant


def _log(case: Case) -> Evidence:
    lines = [f'{{"event": "scored", "score": "{row["id"]}", "by": "{who}"}}' for row, who in _answers(case)]
    return replace(case.evidence, log="\n".join([case.evidence.log, *lines]))


def _token(case: Case) -> Evidence:
    """A card with its button went through the outbox."""
    question = case.evidence.tables["checkin_questions"][0]["id"]
    tokens = {row["id"]: f"{number:036x}" for number, (row, _) in enumerate(_answers(case))}
    held = _changed(case, lambda _, row, __: {"change_token_hash": hash_token(f"{tokens[row['id']]}:{question}:1")})
    cards = _rows("outbox", lambda row, who: {"target_id": who, "message": f'"value": "round {tokens[row["id"]]} x"'})
    return replace(held, tables={**held.tables, "outbox": cards(case).tables["outbox"]})


FOR: Final[Mapping[str, Plant]] = {
    "same_row": _rows("audit_records", lambda row, who: {"subject": row["id"], "actor_id": who}),
    "same_transaction": _transactions(apart=0),
    "nearest_transaction": _transactions(apart=1),
    **{f"in_order_of_{table}": _order(table) for table in FLAGS},
    "in_order_of_entries": _order("pulse_asked", named=True),
    "alike_ids": _rows("private_items", lambda row, who: {"id": f"{row['id'][:12]}", "member_id": who}),
    "remains_in_the_files": _file(30),
    "nearest_in_the_files": _file(150),
    "lines_of_the_log": _log,
    "words_of_messages": _rows("private_items", lambda row, who: {"key": f"answer:{row['id']}", "member_id": who}),
    "token_of_a_button": _token,
}
"""By the name of the attack."""
