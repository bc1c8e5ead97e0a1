"""What was set for the kernels of notebooks; it outlives the kernels and the box (posthog-api.md 6.1, 11.4)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

Json = Any
SCHEMA = "CREATE TABLE IF NOT EXISTS kernel_configs (short_id TEXT PRIMARY KEY, config TEXT NOT NULL)"


class KernelConfigs:
    """The configurations of every notebook's kernel, in the store's own database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._database.execute(SCHEMA)

    def find(self, short_id: str) -> dict[str, Json]:
        """Return what was set for one notebook; what is missing has its default."""
        row = self._database.execute("SELECT config FROM kernel_configs WHERE short_id = ?", (short_id,)).fetchone()
        return json.loads(row[0]) if row else {}

    def change(self, short_id: str, given: dict[str, Json]) -> dict[str, Json]:
        """Set some options of one notebook and return all of them."""
        config = self.find(short_id) | given
        self._database.execute("INSERT OR REPLACE INTO kernel_configs VALUES (?, ?)", (short_id, json.dumps(config)))
        return config
