"""Notebook records and their activity in one SQLite file."""

from __future__ import annotations

import json
import secrets
import sqlite3
import string
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_posthog.box.people import ADA
from jupyter_posthog.box.refusals import conflict, not_found

Json = Any
_SCHEMA = """
CREATE TABLE IF NOT EXISTS notebooks (
    short_id TEXT PRIMARY KEY, id TEXT NOT NULL, title TEXT, content TEXT NOT NULL, text_content TEXT,
    version INTEGER NOT NULL, deleted INTEGER NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL,
    last_modified_at TEXT NOT NULL, last_modified_by TEXT NOT NULL, variables TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS activity (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, short_id TEXT NOT NULL, activity TEXT NOT NULL,
    person TEXT NOT NULL, name TEXT, changes TEXT NOT NULL, created_at TEXT NOT NULL);
"""
_ORDERS = {"created_at", "last_modified_at", "title", "short_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One notebook as it is stored."""

    short_id: str
    id: str
    title: str | None
    content: Json
    text_content: str | None
    version: int
    deleted: bool
    created_at: str
    created_by: Json
    last_modified_at: str
    last_modified_by: Json
    variables: Json


def now() -> str:
    """Return this moment as PostHog writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Store:
    """Every notebook of the box. One connection, one thread: the server's."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.executescript(_SCHEMA)
        self._database.row_factory = sqlite3.Row

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
        person: Json = ADA,
    ) -> Record:
        """Add a notebook at version 0."""
        moment = now()
        record = Record(
            short_id=short_id or self._free_short_id(),
            id=str(uuid.uuid4()),
            title=title,
            content=content,
            text_content=text_content,
            version=0,
            deleted=False,
            created_at=moment,
            created_by=person,
            last_modified_at=moment,
            last_modified_by=person,
            variables=list(variables),
        )
        self._write(record)
        self.log(record, "created", [], person)
        return record

    def find(self, short_id: str, *, with_deleted: bool = False) -> Record:
        """Return one notebook.

        Raises:
            Refusal: 404; a deleted one is not found by readers (6.6).
        """
        row = self._database.execute("SELECT * FROM notebooks WHERE short_id = ?", (short_id,)).fetchone()
        if row is None or (row["deleted"] and not with_deleted):
            raise not_found()
        return _record(row)

    def update(self, short_id: str, changes: dict[str, Json], person: Json = ADA) -> Record:
        """Change a notebook by the rules of 6.8, all or nothing.

        Raises:
            Refusal: 404, or 409 where content comes with another version than the stored one.
        """
        before = self.find(short_id, with_deleted=True)
        allowed = {"title", "content", "text_content", "deleted", "variables"}
        fields = {name: value for name, value in changes.items() if name in allowed}
        if "content" in changes:
            if changes.get("version") != before.version:
                self.log(before, "save_rejected_conflict", [], person)
                raise conflict()
            fields["version"] = before.version + 1
        elif isinstance(changes.get("version"), int):
            fields["version"] = changes["version"]  # the trap of 6.8: written as given
        after = replace(before, **fields, last_modified_at=now(), last_modified_by=person)
        self._write(after)
        self.log(after, _activity(before, after), _differences(before, after), person)
        return after

    def search(
        self, *, words: str, filters: Sequence[tuple[str, Json]], order: str, limit: int, offset: int
    ) -> tuple[int, list[Record]]:
        """Return how many notebooks match, and one page of them."""
        conditions, values = ["deleted = 0"], []
        for word in words.split():
            conditions.append("(coalesce(title, '') LIKE ? ESCAPE '!' OR coalesce(text_content, '') LIKE ? ESCAPE '!')")
            values += [_like(word)] * 2
        for column, value in filters:
            conditions.append(f"{column} = ?")
            values.append(value)
        where = " AND ".join(conditions)
        column = order.lstrip("-") if order.lstrip("-") in _ORDERS else "last_modified_at"
        direction = "DESC" if order.startswith("-") else "ASC"
        (count,) = self._database.execute(f"SELECT count(*) FROM notebooks WHERE {where}", values).fetchone()
        rows = self._database.execute(
            f"SELECT * FROM notebooks WHERE {where} ORDER BY {column} {direction}, short_id LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return count, [_record(row) for row in rows]

    def log(self, record: Record, activity: str, changes: list[Json], person: Json) -> None:
        """Add one entry to the activity of a notebook (9)."""
        self._database.execute(
            "INSERT INTO activity (id, short_id, activity, person, name, changes, created_at) VALUES (?,?,?,?,?,?,?)",
            (
                str(uuid.uuid4()),
                record.short_id,
                activity,
                json.dumps(person),
                record.title,
                json.dumps(changes),
                now(),
            ),
        )

    def activity(self, short_id: str | None, *, limit: int, page: int) -> tuple[int, list[Json]]:
        """Return how many entries there are, and one page, newest first."""
        where, values = ("WHERE short_id = ?", [short_id]) if short_id else ("", [])
        (count,) = self._database.execute(f"SELECT count(*) FROM activity {where}", values).fetchone()
        rows = self._database.execute(
            f"SELECT * FROM activity {where} ORDER BY number DESC LIMIT ? OFFSET ?",
            [*values, limit, (page - 1) * limit],
        )
        return count, [_entry(row) for row in rows]

    def _write(self, record: Record) -> None:
        values = [getattr(record, name) for name in Record.__slots__]
        encoded = [
            json.dumps(value) if name in {"content", "created_by", "last_modified_by", "variables"} else value
            for name, value in zip(Record.__slots__, values, strict=True)
        ]
        places = ", ".join("?" * len(encoded))
        self._database.execute(
            f"INSERT OR REPLACE INTO notebooks ({', '.join(Record.__slots__)}) VALUES ({places})", encoded
        )

    def _free_short_id(self) -> str:
        letters = string.ascii_letters + string.digits
        return "".join(secrets.choice(letters) for _ in range(8))


def _record(row: sqlite3.Row) -> Record:
    values = dict(row)
    for name in ("content", "created_by", "last_modified_by", "variables"):
        values[name] = json.loads(values[name])
    return Record(**{**values, "deleted": bool(values["deleted"])})


def _entry(row: sqlite3.Row) -> Json:
    person = json.loads(row["person"])
    return {
        "id": row["id"],
        "user": {"first_name": person["first_name"], "email": person["email"]},
        "activity": row["activity"],
        "scope": "Notebook",
        "item_id": row["short_id"],
        "detail": {
            "id": None,
            "name": row["name"],
            "short_id": row["short_id"],
            "type": None,
            "trigger": None,
            "merge": None,
            "changes": json.loads(row["changes"]),
        },
        "created_at": row["created_at"],
        "is_system": False,
        "was_impersonated": False,
        "client": None,
    }


def _activity(before: Record, after: Record) -> str:
    if before.deleted != after.deleted:
        return "deleted" if after.deleted else "restored"
    return "updated"


def _differences(before: Record, after: Record) -> list[Json]:
    return [
        {
            "type": "Notebook",
            "action": "changed",
            "field": name,
            "before": getattr(before, name),
            "after": getattr(after, name),
        }
        for name in ("title", "content", "deleted", "variables")
        if getattr(before, name) != getattr(after, name)
    ]


def _like(word: str) -> str:
    return "%" + word.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
