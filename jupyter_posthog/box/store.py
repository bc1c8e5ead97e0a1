"""Notebook records and their activity in one SQLite file."""

from __future__ import annotations

import secrets
import sqlite3
import string
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_posthog.box.activity_log import ActivityLog, Entry, differences, what_happened
from jupyter_posthog.box.kernel.kernel_configs import KernelConfigs
from jupyter_posthog.box.listing import Listing
from jupyter_posthog.box.moments import now
from jupyter_posthog.box.people import ADA
from jupyter_posthog.box.refusals import conflict, not_found
from jupyter_posthog.box.stored import Record, decoded_row, encoded, stored_text

Json = Any
# The words are what PostHog's full-text search sees: stems of English (posthog-api.md 6.4).
_SCHEMA = """
CREATE TABLE IF NOT EXISTS notebooks (
    short_id TEXT PRIMARY KEY, id TEXT NOT NULL, title TEXT, content TEXT NOT NULL, text_content TEXT,
    version INTEGER NOT NULL, deleted INTEGER NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL,
    last_modified_at TEXT NOT NULL, last_modified_by TEXT NOT NULL, variables TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS listed_by_change ON notebooks (deleted, last_modified_at, short_id);
CREATE INDEX IF NOT EXISTS listed_by_birth ON notebooks (deleted, created_at, short_id);
CREATE INDEX IF NOT EXISTS listed_by_title ON notebooks (deleted, title, short_id);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (title, text_content, tokenize = 'porter unicode61');
"""
_CHANGEABLE = ("title", "content", "text_content", "deleted", "variables")
_LISTED = "short_id, id, title, deleted, created_at, created_by, last_modified_at, last_modified_by"


class Store:
    """Every notebook of the box. One connection, one thread: the server's."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.row_factory = sqlite3.Row
        self._database.executescript(_SCHEMA)
        self.activity = ActivityLog(self._database)
        self.kernel_configs = KernelConfigs(self._database)
        self.before_commit: Callable[[], None] = lambda: None
        self._index_missing_words()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def is_empty(self) -> bool:
        """Whether there is no notebook yet, not even in the trash."""
        return self._database.execute("SELECT 1 FROM notebooks LIMIT 1").fetchone() is None

    def create(
        self,
        *,
        title: str | None,
        content: Json,
        text_content: str | None,
        variables: Json = (),
        short_id: str | None = None,
        deleted: bool = False,
        person: Json = ADA,
    ) -> Record:
        """Add a notebook at version 0.

        Raises:
            sqlite3.IntegrityError: There is one with this short_id.
        """
        moment = now()
        record = Record(
            short_id=short_id or _free_short_id(),
            id=str(uuid.uuid4()),
            title=title,
            content=content,
            text_content=text_content,
            version=0,
            deleted=deleted,
            created_at=moment,
            created_by=person,
            last_modified_at=moment,
            last_modified_by=person,
            variables=list(variables),
        )
        with self._transaction():
            self._insert(record)
            self.log(record, "created", None, person)
        return record

    def find(self, short_id: str, *, with_deleted: bool = False) -> Record:
        """Return one notebook.

        Raises:
            Refusal: 404; a deleted one is not found by readers (6.6).
        """
        row = self._database.execute("SELECT * FROM notebooks WHERE short_id = ?", (short_id,)).fetchone()
        if row is None or (row["deleted"] and not with_deleted):
            raise not_found()
        return decoded_row(row)

    def find_or_none(self, short_id: str) -> Record | None:
        """Return one notebook, from the trash too, or None."""
        row = self._database.execute("SELECT * FROM notebooks WHERE short_id = ?", (short_id,)).fetchone()
        return decoded_row(row) if row else None

    def update(self, short_id: str, changes: dict[str, Json], person: Json = ADA, *, steps: int = 1) -> Record:
        """Change a notebook by the rules of 6.8, all or nothing; ``steps`` is how far content moves the version.

        Raises:
            Refusal: 404, or 409 where content comes with another version than the stored one.
        """
        before = self.find(short_id, with_deleted=True)
        fields = {name: value for name, value in changes.items() if name in _CHANGEABLE}
        if "content" in changes:
            if changes.get("version") != before.version:
                self.log(before, "save_rejected_conflict", None, person)
                raise conflict()
            fields["version"] = before.version + steps
        elif "version" in changes:
            fields["version"] = changes["version"]  # the trap of 6.8: written as given
        after = replace(before, **fields, last_modified_at=now(), last_modified_by=person)
        with self._transaction():
            self._replace(after)
            self.log(after, what_happened(before, after), differences(before, after), person)
        return after

    def search(self, listing: Listing) -> tuple[int, list[sqlite3.Row]]:
        """Return how many notebooks a list request matches, and the rows of its page, without their documents."""
        where, values = listing.condition()
        (count,) = self._database.execute(f"SELECT count(*) FROM notebooks WHERE {where}", values).fetchone()
        rows = self._database.execute(
            f"SELECT {_LISTED} FROM notebooks WHERE {where} ORDER BY {listing.order} LIMIT ? OFFSET ?",
            [*values, listing.limit, listing.offset],
        )
        return count, rows.fetchall()

    def containing(self, listing: Listing) -> Iterator[Record]:
        """Yield every notebook that a list request matches, whole."""
        where, values = listing.condition()
        for row in self._database.execute(f"SELECT * FROM notebooks WHERE {where} ORDER BY {listing.order}", values):
            yield decoded_row(row)

    def log(self, record: Record, activity: str, changes: list[Json] | None, person: Json) -> None:
        """Add one entry to the activity of a notebook (9)."""
        entry = Entry(short_id=record.short_id, activity=activity, name=stored_text(record.title), changes=changes)
        self.activity.add(entry, person)

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Store many notebooks at once, all or none."""
        with self._transaction():
            yield

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._database.in_transaction:
            yield
            return
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.before_commit()
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _insert(self, record: Record) -> None:
        places = ", ".join("?" * len(Record.__slots__))
        columns = ", ".join(Record.__slots__)
        cursor = self._database.execute(f"INSERT INTO notebooks ({columns}) VALUES ({places})", encoded(record))
        self._write_words(cursor.lastrowid, record)

    def _replace(self, record: Record) -> None:
        places = ", ".join(f"{name} = ?" for name in Record.__slots__)
        self._database.execute(f"UPDATE notebooks SET {places} WHERE short_id = ?", [*encoded(record), record.short_id])
        row = self._database.execute("SELECT rowid FROM notebooks WHERE short_id = ?", (record.short_id,)).fetchone()
        self._write_words(row[0], record)

    def _write_words(self, number: int | None, record: Record) -> None:
        values = (number, stored_text(record.title), stored_text(record.text_content))
        self._database.execute("INSERT OR REPLACE INTO words (rowid, title, text_content) VALUES (?, ?, ?)", values)

    def _index_missing_words(self) -> None:
        """Index notebooks of a file from before there was an index."""
        self._database.execute(
            "INSERT INTO words (rowid, title, text_content) SELECT rowid, title, text_content FROM notebooks "
            "WHERE rowid NOT IN (SELECT rowid FROM words)"
        )


def _free_short_id() -> str:
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(8))
