"""Jupyter's contents models of remote notebooks and of the folders above them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

if TYPE_CHECKING:
    from jupyter_posthog.storage.notebooks import NotebookFacts


# What Jupyter asks for without needing it of a folder that exists only in our paths.
_NO_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)

Model = dict[str, Any]


def notebook_model(facts: NotebookFacts, notebook: NotebookNode | None = None) -> Model:
    """Return the model of one notebook, with ``base_version`` as the one key of our own.

    Args:
        notebook: The cells; None makes a model without content.
    """
    return {
        "name": facts.path.rsplit("/", 1)[-1],
        "path": facts.path,
        "type": "notebook",
        "writable": facts.is_writable,
        "created": _moment(facts.created_at),
        "last_modified": _moment(facts.modified_at),
        "mimetype": None,
        "content": None if notebook is None else _plain(notebook),
        "format": None if notebook is None else "json",
        "size": None,
        "hash": None if facts.version is None else str(facts.version),
        "hash_algorithm": None if facts.version is None else "posthog-version",
        "base_version": facts.version,
    }


def without_hash(model: Model) -> Model:
    """Return a model as Jupyter wants it where nobody asked for a hash."""
    return {**model, "hash": None, "hash_algorithm": None}


def folder_model(path: str, entries: list[Model] | None) -> Model:
    """Return the model of one folder.

    Args:
        entries: Models without content; None makes a model without content.
    """
    return {
        "name": path.rsplit("/", 1)[-1],
        "path": path,
        "type": "directory",
        "writable": path.count("/") == 1,
        "created": _NO_MOMENT,
        "last_modified": _NO_MOMENT,
        "mimetype": None,
        "content": entries,
        "format": None if entries is None else "json",
        "size": None,
        "hash": None,
        "hash_algorithm": None,
    }


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _NO_MOMENT


def _plain(notebook: NotebookNode) -> Any:
    # Lone surrogates cannot travel as UTF-8; cells show U+FFFD for them (posthog-document.md 5.2).
    return json.loads(json.dumps(notebook))
