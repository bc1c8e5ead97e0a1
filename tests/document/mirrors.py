"""Mirrors: the notebook of each document of the corpus as text that people read in review."""

from __future__ import annotations

import difflib
import hashlib
from pathlib import Path
from typing import Any

import nbformat

from jupyter_posthog.document import document_to_notebook
from tests.conftest import DATA
from tests.document.corpus import document_of

FOLDER = DATA / "mirrors" / "notebooks"
LONGEST_OUTPUT_TEXT = 400
LARGEST_MIRROR_BYTES = 200_000
_BEGINNING = 120


def mirror_of(document_file: Path) -> Path:
    """Return where the mirror of one document stands."""
    return FOLDER / document_file.parent.name / f"{document_file.stem}.ipynb"


def mirror_text(document_file: Path) -> str:
    """Return a document as the .ipynb that a person gets, but with long texts of outputs shortened.

    A shortened text ends with its length and digest, so that no change of it goes unseen; ``metadata.mirror`` of the
    notebook says how many there are.
    """
    notebook = nbformat.from_dict(document_to_notebook(document_of(document_file)))
    shortened = [0]
    for cell in notebook.cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = [_shortened(output, shortened) for output in cell["outputs"]]
    if shortened[0]:
        notebook["metadata"]["mirror"] = {"shortened_output_texts": shortened[0]}
    return f"{nbformat.writes(notebook)}\n"


def difference(mirror: Path, text: str) -> str:
    """Return what a change in conversion did to a mirror; empty where nothing."""
    name = mirror.relative_to(DATA).as_posix()
    lines = difflib.unified_diff(
        mirror.read_text(encoding="utf-8").splitlines(keepends=True),
        text.splitlines(keepends=True),
        fromfile=f"{name} (mirror)",
        tofile=f"{name} (converted now)",
    )
    return "".join(lines)


def _shortened(value: Any, count: list[int]) -> Any:
    if isinstance(value, dict):
        return nbformat.from_dict({name: _shortened(child, count) for name, child in value.items()})
    if isinstance(value, list):
        return [_shortened(child, count) for child in value]
    if not isinstance(value, str) or len(value) <= LONGEST_OUTPUT_TEXT:
        return value
    count[0] += 1
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{value[:_BEGINNING]}… ({len(value):,} characters, sha256 {digest})"
