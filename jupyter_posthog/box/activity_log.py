"""Who did what to notebooks, kept beside them (posthog-api.md 9)."""

from __future__ import annotations

import json
import sqlite3
import uuid
from dataclasses import dataclass
from typing import Any

from jupyter_posthog.box.moments import now
from jupyter_posthog.box.stored import Record

Json = Any
SCHEMA = """
CREATE TABLE IF NOT EXISTS activity (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, short_id TEXT NOT NULL, activity TEXT NOT NULL,
    person TEXT NOT NULL, name TEXT, changes TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS activity_of_notebook ON activity (short_id, number);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened to a notebook; ``changes`` is None where nothing was stored."""

    short_id: str
    activity: str
    name: str | None
    changes: list[Json] | None


class ActivityLog:
    """The entries of every notebook, in the store's own database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._database.executescript(SCHEMA)

    def add(self, entry: Entry, person: Json) -> None:
        """Keep one entry."""
        self._database.execute(
            "INSERT INTO activity (id, short_id, activity, person, name, changes, created_at) VALUES (?,?,?,?,?,?,?)",
            (
                str(uuid.uuid4()),
                entry.short_id,
                entry.activity,
                json.dumps(person),
                entry.name,
                json.dumps(entry.changes),
                now(),
            ),
        )

    def page(self, short_id: str | None, *, limit: int, page: int) -> tuple[int, list[Json]]:
        """Return how many entries there are, and one page, newest first."""
        where, values = ("WHERE short_id = ?", [short_id]) if short_id else ("", [])
        (count,) = self._database.execute(f"SELECT count(*) FROM activity {where}", values).fetchone()
        rows = self._database.execute(
            f"SELECT * FROM activity {where} ORDER BY number DESC LIMIT ? OFFSET ?",
            [*values, limit, min((page - 1) * limit, 2**62)],
        )
        return count, [_wire(row) for row in rows]


def _wire(row: sqlite3.Row) -> Json:
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


def what_happened(before: Record, after: Record) -> str:
    """Return the word for a change."""
    if before.deleted != after.deleted:
        return "deleted" if after.deleted else "restored"
    return "updated"


def differences(before: Record, after: Record) -> list[Json]:
    """Return field by field how a change looks in the log."""
    names = ("title", "content", "text_content", "version", "deleted", "variables")
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return [
        {"type": "Notebook", "action": _action(old, new), "field": name, "before": old, "after": new}
        for name, old, new in pairs
        if old != new
    ]


def _action(old: Json, new: Json) -> str:
    if old is None:
        return "created"
    return "deleted" if new is None else "changed"
