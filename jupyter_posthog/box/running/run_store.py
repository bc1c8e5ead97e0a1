"""Runs that outlive the process: PostHog keeps a row for each, and so does the box (posthog-api.md 12.3)."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields
from pathlib import Path
from typing import Any

from jupyter_posthog.box.running.run_requests import Run

KEPT_RUNS = 2_000
LOST = "The run was lost when the server restarted."
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, run TEXT NOT NULL);
"""
# What only the process that carries a run out knows.
_PASSING = frozenset({"tree", "on_end", "is_interrupted", "query_id"})
_NAMES = [field.name for field in fields(Run) if field.name not in _PASSING]


class RunStore:
    """The runs of a box, in one SQLite file; the server's thread alone reads and writes it."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        # A run that a power cut takes away can be run again: this file need not wait for the disk.
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def save(self, run: Run) -> None:
        """Keep a run as it is now."""
        text = json.dumps({name: getattr(run, name) for name in _NAMES})
        self._database.execute(
            "INSERT INTO runs (run_id, run) VALUES (?, ?) ON CONFLICT (run_id) DO UPDATE SET run = excluded.run",
            (run.run_id, text.encode("utf-8", "replace").decode()),
        )

    def load(self) -> list[Run]:
        """Return the newest runs, oldest first; those that were open when the process ended are lost."""
        self._database.execute(
            "DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - ?",
            (KEPT_RUNS,),
        )
        found = []
        for (text,) in self._database.execute("SELECT run FROM runs ORDER BY number").fetchall():
            values: dict[str, Any] = json.loads(text)
            run = Run(**values)
            if run.status == "running":
                run.fail(LOST)
                self.save(run)
            found.append(run)
        return found
