"""What a page was given, per notebook and version: the ground for writing only what changed, and a local history."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jupyter_posthog.records.files import JsonObject, NotebookKey, read_json, write_json

KEPT_VERSIONS = 20
_MOST_IN_MEMORY = 20

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersion:
    """One version that is kept here, and when it was first seen."""

    version: int
    kept_at: datetime


class LedgerStore:
    """Ledgers as files, one per notebook and version; the oldest are dropped.

    Where the disk refuses one, it is held in this process's memory, so that a save knows its base all the same.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._in_memory: dict[tuple[NotebookKey, int], JsonObject] = {}

    def keep(self, key: NotebookKey, version: int, ledger: JsonObject) -> None:
        """Store the ledger of one version."""
        try:
            write_json(self._file(key, version), ledger)
        except OSError as error:
            _log.warning("ledger_in_memory short_id=%s problem=%s", key.short_id, error.strerror)
            self._in_memory[key, version] = ledger
            if len(self._in_memory) > _MOST_IN_MEMORY:
                del self._in_memory[next(iter(self._in_memory))]
            return
        self._in_memory.pop((key, version), None)
        self._drop_oldest(key)

    def find(self, key: NotebookKey, version: int) -> JsonObject | None:
        """Return the ledger of one version, or None."""
        return self._in_memory.get((key, version)) or read_json(self._file(key, version))

    def versions(self, key: NotebookKey) -> Iterator[KeptVersion]:
        """Yield the versions of one notebook that are kept, newest first."""
        files = [file for file in key.folder_below(self._folder).glob("*.json") if file.stem.isdigit()]
        for file in sorted(files, key=lambda file: int(file.stem), reverse=True):
            yield KeptVersion(version=int(file.stem), kept_at=datetime.fromtimestamp(file.stat().st_mtime, UTC))

    def _file(self, key: NotebookKey, version: int) -> Path:
        return key.folder_below(self._folder) / f"{version}.json"

    def _drop_oldest(self, key: NotebookKey) -> None:
        files = sorted(key.folder_below(self._folder).glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for file in files[:-KEPT_VERSIONS]:
            file.unlink(missing_ok=True)
