"""The memory of the playground: small JSON documents, written through to one SQLite file."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from bot.playground.model import Document, Json

D = TypeVar("D", bound=Document)

_SCHEMA = "CREATE TABLE IF NOT EXISTS document (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key))"
_PUT = "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"


class Store:
    """Documents by kind and key; `path` None keeps them in memory."""

    def __init__(self, path: Path | None) -> None:
        if path:
            path.touch(mode=0o600)  # what SQLite keeps beside it gets the same mode
            path.chmod(0o600)
        self._database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(_SCHEMA)

    def load(self, kind: str) -> dict[str, Json]:
        """All documents of a kind, by key, in the order of their keys."""
        rows = self._database.execute("SELECT key, body FROM document WHERE kind = ? ORDER BY key", (kind,))
        return {key: json.loads(body) for key, body in rows}

    def put(self, kind: str, key: str, document: Mapping[str, Any]) -> None:
        """Keep a document, in place of an older one with that key."""
        self._database.execute(_PUT, (kind, key, json.dumps(document)))

    def remove(self, kind: str, key: str) -> None:
        """Forget a document; an unknown one is no error."""
        self._database.execute("DELETE FROM document WHERE kind = ? AND key = ?", (kind, key))

    def close(self) -> None:
        """Release the file."""
        self._database.close()


class Shelf(Generic[D]):
    """All records of one kind, in memory for reading and in the store for the next start."""

    def __init__(self, store: Store, kind: str, record: type[D]) -> None:
        self._store = store
        self._kind = kind
        self._records = {key: record.of(document) for key, document in store.load(kind).items()}

    def __iter__(self) -> Iterator[D]:
        return iter(list(self._records.values()))

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: str) -> D | None:
        """The record, or None."""
        return self._records.get(key)

    def put(self, key: str, record: D) -> D:
        """Keep the record and return it."""
        self._records[key] = record
        self._store.put(self._kind, key, record.document())
        return record

    def remove(self, key: str) -> None:
        """Forget the record."""
        self._records.pop(key, None)
        self._store.remove(self._kind, key)
