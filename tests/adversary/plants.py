"""Leaks as they would look: each shows its attack what it looks for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from tests.adversary import attacks
from tests.adversary.attacks import Attack
from tests.adversary.evidence import Evidence, Row

Truth: TypeAlias = Mapping[str, str]
Plant: TypeAlias = Callable[[Evidence, Truth], Evidence]

MOMENT: Final = "2026-06-10 14:{:02}:{:02}.000000"


def _quiet(evidence: Evidence, truth: Truth) -> list[tuple[Row, str]]:
    return [(row, truth[row["ref"]]) for row in evidence.tables["entries"] if row["ref"] in truth]


def _rows(table: str, make: Callable[[int, Row, str], dict[str, Any]]) -> Plant:
    """One more row in the table for each side-only entry; made of its number, the entry and its author."""

    def plant(evidence: Evidence, truth: Truth) -> Evidence:
        planted = [
            {"_place": (9_999, number), "_transaction": 9_000_000 + number, **make(number, entry, author)}
            for number, (entry, author) in enumerate(_quiet(evidence, truth))
        ]
        return evidence.with_rows(table, [*evidence.tables[table], *planted])

    return plant


def _entries(
    change: Callable[[int, Row, str], dict[str, Any]], beside: Callable[[int, Row, str], dict[str, Any]] | None = None
) -> Plant:
    """Each side-only entry changed, with a named one of its author beside it where asked for."""

    def plant(evidence: Evidence, truth: Truth) -> Evidence:
        rows = [row for row in evidence.tables["entries"] if row["ref"] not in truth]
        for number, (entry, author) in enumerate(_quiet(evidence, truth)):
            rows.append({**entry, **change(number, entry, author)})
            if beside is not None:
                named = {"visibility": "named", "author_id": author, "id": f"named{number}", "ref": f"n{number}"}
                rows.append({**entry, **named, **beside(number, entry, author)})
        return evidence.with_rows("entries", rows)

    return plant


def _log(evidence: Evidence, truth: Truth) -> Evidence:
    lines = [f'{{"event": "saved", "entry": "{entry["id"]}", "by": "{who}"}}' for entry, who in _quiet(evidence, truth)]
    return replace(evidence, log="\n".join([evidence.log, *lines]))


def _export(evidence: Evidence, truth: Truth) -> Evidence:
    names = {row["id"]: row["name"] for row in evidence.tables["members"]}
    lines = [f"x,{names[who]}\n{entry['ref']}," for entry, who in _quiet(evidence, truth)]
    return replace(evidence, exports={"export_entries.csv": "\n".join(lines)})


def _remains(evidence: Evidence, truth: Truth) -> Evidence:
    old = [
        f"{entry['id']}{entry['workspace_id']}{entry['ref']}clashnamed{who}" for entry, who in _quiet(evidence, truth)
    ]
    return replace(evidence, files={**evidence.files, "ampersand.db-wal": "\x00".join(old).encode()})


def _index(evidence: Evidence, truth: Truth) -> Evidence:
    """An index whose page was filled as the entries came."""
    planted = _entries(lambda *_: {}, lambda number, *_: {"id": f"{number:024x}"})(evidence, truth)
    lines = [f"{entry['id']} {number:024x}" for number, (entry, _) in enumerate(_quiet(evidence, truth))]
    return replace(planted, files={"index": ("." * 300).join(lines).encode()})


def _order(*, author_first: bool) -> Plant:
    """Rows lie as they were written: the named one of the same person before or after."""

    def plant(evidence: Evidence, truth: Truth) -> Evidence:
        planted = _entries(lambda *_: {}, lambda *_: {})(evidence, truth)
        rows = list(planted.tables["entries"])
        start = len(rows) - 2 * len(truth)
        pairs = [rows[at : at + 2] for at in range(start, len(rows), 2)]
        return planted.with_rows("entries", [row for pair in pairs for row in (pair[::-1] if author_first else pair)])

    return plant


def _seals(evidence: Evidence, truth: Truth) -> Evidence:
    """Nobody but one of each side ever touched their settings."""
    writers = few_wrote(evidence, truth).values()
    untouched = {row["id"]: row["sealed_default"] for row in evidence.tables["members"] if row["id"] not in writers}
    return replace(evidence, seals_before=untouched)


def few_wrote(evidence: Evidence, truth: Truth) -> dict[str, str]:
    """Another truth: one of each side wrote all of it."""
    writers = {entry["side"]: who for entry, who in _quiet(evidence, truth)}
    return {entry["ref"]: writers[entry["side"]] for entry, _ in _quiet(evidence, truth)}


def _plants(evidence: Evidence, truth: Truth) -> Evidence:
    """Everybody at a plant of their own, and it is kept."""
    members = [{**row, "plant": f"plant of {row['id']}"} for row in evidence.tables["members"]]
    kept = _entries(lambda _, entry, author: {"plant": f"plant of {author}", "language": None})(evidence, truth)
    alone = [{**row, "language": "en"} for row in members]
    return kept.with_rows("members", alone)


FOR: Final[Mapping[Attack, Plant]] = {
    attacks.same_row: _rows("audit_records", lambda _, entry, who: {"subject": entry["id"], "actor_id": who}),
    attacks.joined_rows: _entries(
        lambda number, *_: {"pair_id": f"{number:024x}", "_place": (1, number)},
        lambda number, *_: {"pair_id": f"{number:024x}", "_place": (2, number)},
    ),
    attacks.alike_ids: _entries(lambda *_: {}, lambda _, entry, __: {"id": f"{entry['id'][:12]}"}),
    attacks.written_before: _order(author_first=True),
    attacks.written_after: _order(author_first=False),
    attacks.nearest_transaction: _entries(
        lambda number, *_: {"_transaction": 10 * number + 5_000_000},
        lambda number, *_: {"_transaction": 10 * number + 5_000_001},
    ),
    attacks.same_transaction: _entries(
        lambda number, *_: {"_transaction": number + 5_000_000}, lambda number, *_: {"_transaction": number + 5_000_000}
    ),
    attacks.nearest_moment: _entries(
        lambda number, *_: {"created_at": MOMENT.format(number, 1)},
        lambda number, *_: {"created_at": MOMENT.format(number, 9)},
    ),
    attacks.minute_of_the_request: lambda evidence, truth: _rows(
        "request_keys",
        lambda number, *_: {"expires_at": MOMENT.format(number, 0), "_transaction": number + 5_000_000},
    )(
        _entries(
            lambda number, *_: {"_transaction": number + 5_000_000},
            lambda number, *_: {"created_at": MOMENT.format(number, 9), "_transaction": number + 6_000_000},
        )(evidence, truth),
        truth,
    ),
    attacks.fresh_seal: _seals,
    attacks.what_few_share: _plants,
    attacks.words_of_messages: _rows(
        "outbox", lambda _, entry, who: {"key": f"told:{entry['id']}", "target_id": who, "message": None}
    ),
    attacks.lines_of_the_log: _log,
    attacks.order_of_the_export: _export,
    attacks.remains_in_the_files: _remains,
    attacks.order_in_the_files: _index,
    attacks.drafts_left: _rows("drafts", lambda _, entry, who: {"text": entry["what_happened"], "external_id": who}),
    attacks.who_was_asked: lambda evidence, truth: _rows(
        "asks", lambda number, entry, who: {"entry_id": f"named{number}", "asked_id": who}
    )(
        _entries(lambda number, *_: {"pair_id": f"pair{number}"}, lambda number, *_: {"pair_id": f"pair{number}"})(
            evidence, truth
        ),
        truth,
    ),
    attacks.own_pair: _entries(
        lambda number, *_: {"pair_id": f"pair{number}"}, lambda number, *_: {"pair_id": f"pair{number}"}
    ),
    attacks.trail_of_changes: _rows("audit_records", lambda _, entry, who: {"subject": entry["id"], "actor_id": who}),
}
