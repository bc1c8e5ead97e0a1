"""Whose code a person has agreed to run: one file per notebook."""

from __future__ import annotations

from pathlib import Path

from jupyter_posthog.records.files import NotebookKey, read_json, write_json

_FILE = "agreed.json"


class AgreementStore:
    """Agreements as files; another author is another question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has_agreed(self, key: NotebookKey, author: str) -> bool:
        """Whether the person has agreed to run this author's code in this notebook."""
        return (read_json(self._file(key)) or {}).get("author") == author

    def keep(self, key: NotebookKey, author: str) -> None:
        """Remember that the person has.

        Raises:
            OSError: The disk is full or not writable.
        """
        write_json(self._file(key), {"author": author})

    def _file(self, key: NotebookKey) -> Path:
        return key.folder_below(self._folder) / _FILE
