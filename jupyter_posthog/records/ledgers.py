"""What a page was given, per notebook and version: the ground for writing only what changed."""

from __future__ import annotations

from pathlib import Path

from jupyter_posthog.records.files import JsonObject, NotebookKey, read_json, write_json

KEPT_VERSIONS = 20


class LedgerStore:
    """Ledgers as files, one per notebook and version; the oldest are dropped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, key: NotebookKey, version: int, ledger: JsonObject) -> None:
        """Store the ledger of one version.

        Raises:
            OSError: The disk is full or not writable.
        """
        write_json(self._file(key, version), ledger)
        self._drop_oldest(key)

    def find(self, key: NotebookKey, version: int) -> JsonObject | None:
        """Return the ledger of one version, or None."""
        return read_json(self._file(key, version))

    def _file(self, key: NotebookKey, version: int) -> Path:
        return key.folder_below(self._folder) / f"{version}.json"

    def _drop_oldest(self, key: NotebookKey) -> None:
        files = sorted(key.folder_below(self._folder).glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for file in files[:-KEPT_VERSIONS]:
            file.unlink(missing_ok=True)
