"""What the bot guesses about a text from what this workspace told before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.suggestion import (
    EarlierEntry,
    TensionWords,
    detect_language,
    suggest_level,
    suggest_recurrence,
    suggest_tensions,
)
from bot.domain.vocabulary import Language
from storage.entries import EarlierRow, list_earlier
from storage.tables import Level, Tension
from storage.tensions import list_tensions


@dataclass(frozen=True, slots=True)
class Guesses:
    """`tension_key` and `level` are guesses; `looks_like` is an earlier entry that may be the same again."""

    language: Language
    level: Level | None
    tension_key: str | None
    looks_like: EarlierRow | None


def guess(session: Session, workspace_id: str, text: str, today: date, *, but: str | None = None) -> Guesses:
    """`today` is the company's day: a side-only entry helps from the day after it was written. `but` is the id of the
    entry itself, once it is saved."""
    rows = {row.id: row for row in list_earlier(session, workspace_id, today) if row.id != but}
    earlier = [_earlier(row) for row in rows.values()]
    tensions = suggest_tensions(text, _words(list_tensions(session, workspace_id)), earlier, limit=1)
    tension_key = tensions[0].tension_id if tensions else None
    alike = suggest_recurrence(text, earlier, tension_key, limit=1)
    level = suggest_level(text)
    return Guesses(
        language=detect_language(text),
        level=Level(level) if level else None,
        tension_key=tension_key,
        looks_like=rows[alike[0].entry_id] if alike else None,
    )


def _earlier(row: EarlierRow) -> EarlierEntry:
    text = f"{row.title}. {row.what_happened}" if row.title else row.what_happened
    return EarlierEntry(row.id, text, row.tension_key, row.created_on)


def _words(tensions: Sequence[Tension]) -> list[TensionWords]:
    return [
        TensionWords(
            tension.key,
            " ".join(
                (
                    tension.name,
                    tension.name_nl,
                    tension.first_interest,
                    tension.second_interest,
                    tension.shared_interest,
                    tension.metrics,
                )
            ),
        )
        for tension in tensions
    ]
