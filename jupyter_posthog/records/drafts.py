"""Edits that are not in PostHog yet, one file per draft."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jupyter_posthog.errors import DraftNotKeptError
from jupyter_posthog.records.files import JsonObject, NotebookKey, read_json, write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One unsaved state of a notebook.

    Attributes:
        base_version: The version the edits were made on; None for a notebook that PostHog does not have yet.
        saved_at: ISO 8601, UTC.
        notebook: The nbformat notebook as the page held it.
    """

    key: NotebookKey
    base_version: int | None
    saved_at: str
    notebook: JsonObject

    @property
    def draft_id(self) -> str:
        """A name that holds no secret and no path: one draft per notebook and base version."""
        identity = json.dumps([self.key.origin, self.key.project_id, self.key.short_id, self.base_version])
        return hashlib.sha256(identity.encode()).hexdigest()[:32]


class DraftStore:
    """Drafts as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, draft: Draft) -> str:
        """Store one draft in place of the earlier one of the same notebook and base; return its id.

        Raises:
            DraftNotKeptError: The disk is full or not writable; an earlier draft is untouched.
        """
        try:
            write_json(self._file(draft.draft_id), _to_json(draft))
        except OSError as error:
            raise DraftNotKeptError(problem=error.strerror or "the disk refused") from error
        return draft.draft_id

    def drafts(self) -> Iterator[Draft]:
        """Yield every draft that can be read."""
        for file in sorted(self._folder.glob("*.json")):
            value = read_json(file)
            if value is not None:
                yield _from_json(value)

    def drop(self, draft_id: str) -> bool:
        """Remove one draft; return whether there was one."""
        if not draft_id.isalnum():
            return False
        file = self._file(draft_id)
        existed = file.is_file()
        file.unlink(missing_ok=True)
        return existed

    def drop_saved(self, draft: Draft) -> None:
        """Remove the draft after its save, unless a newer one took its place meanwhile."""
        value = read_json(self._file(draft.draft_id))
        if value is not None and value.get("notebook") == _as_stored(draft.notebook):
            self.drop(draft.draft_id)

    def _file(self, draft_id: str) -> Path:
        return self._folder / f"{draft_id}.json"


def _as_stored(notebook: JsonObject) -> object:
    return json.loads(json.dumps(notebook))


def _to_json(draft: Draft) -> JsonObject:
    return {
        "origin": draft.key.origin,
        "project_id": draft.key.project_id,
        "short_id": draft.key.short_id,
        "base_version": draft.base_version,
        "saved_at": draft.saved_at,
        "notebook": draft.notebook,
    }


def _from_json(value: JsonObject) -> Draft:
    base_version, notebook = value.get("base_version"), value.get("notebook")
    return Draft(
        key=NotebookKey(
            origin=str(value.get("origin")),
            project_id=int(str(value.get("project_id"))),
            short_id=str(value.get("short_id")),
        ),
        base_version=base_version if isinstance(base_version, int) else None,
        saved_at=str(value.get("saved_at")),
        notebook=notebook if isinstance(notebook, dict) else {},
    )
