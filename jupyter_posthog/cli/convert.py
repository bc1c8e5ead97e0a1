"""``jupyter posthog convert``: documents ↔ notebooks, on files alone."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from jupyter_posthog.cli.documents import (
    STANDARD,
    holds_notebook,
    read_document_file,
    read_notebook,
    read_text,
    write_text,
)
from jupyter_posthog.cli.help_texts import add_command_parser
from jupyter_posthog.document import (
    JsonValue,
    Loss,
    document_to_notebook,
    new_document,
    notebook_to_document,
    rescue_legacy_cells,
    upgrade_to_markdown,
)
from jupyter_posthog.document.code_cells import own_metadata
from jupyter_posthog.errors import WrongNotebookError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from nbformat import NotebookNode

_EXAMPLES = """examples:
  jupyter posthog convert record.json notebook.ipynb
  jupyter posthog convert notebook.ipynb document.json --base record.json
  jupyter posthog convert analysis.ipynb document.md
  jupyter posthog convert record.json upgraded.json --upgrade

Only files are read and written: no connection is needed.
"""


def add_command(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    summary = "turn a PostHog document into a notebook, or the other way"
    parser = add_command_parser(commands, "convert", summary, _EXAMPLES)
    parser.add_argument("source", metavar="IN", help="an .ipynb, a document or record as .json, Markdown as .md, or -")
    parser.add_argument("target", metavar="OUT", help="the file to write; its ending says what")
    parser.add_argument("--base", metavar="FILE", help="the document the notebook came from: only edits change it")
    parser.add_argument("--shape", choices=("markdown", "rich"), default="markdown", help="of a new document")
    parser.add_argument("--rescue", action="store_true", help="make code cells of the old kinds live again")
    parser.add_argument("--upgrade", action="store_true", help="make a rich notebook a Markdown one; says what is lost")
    parser.add_argument("--json", action="store_true", help="print a report as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the target and say what could not be carried."""
    if not options.target.endswith((".ipynb", ".json", ".md")):
        print("OUT must end in .ipynb, .json or .md.", file=sys.stderr)
        return 2
    text = read_text(options.source)
    notes: list[str] = []
    if holds_notebook(text, name=options.source):
        document = _document_of(read_notebook(text, name=options.source), options, notes)
    else:
        document = read_document_file(text, name=options.source)
    if options.rescue:
        rescued = rescue_legacy_cells(document)
        document = rescued.document
        notes += [f"rescued the cell {node_id or 'without an id'}" for node_id in rescued.node_ids]
    losses: Sequence[Loss] = ()
    if options.upgrade:
        upgraded = upgrade_to_markdown(document)
        document, losses = upgraded.document, upgraded.losses
    write_text(options.target, _written(document, options.target))
    _report(options, notes, losses)
    return 0


def _report(options: argparse.Namespace, notes: Sequence[str], losses: Sequence[Loss]) -> None:
    if options.json:
        rows = [asdict(loss) for loss in losses]
        print(json.dumps({"written": options.target, "notes": list(notes), "losses": rows}))
        return
    for note in notes:
        print(note, file=sys.stderr)
    if losses:
        print("not in the Markdown, or in another form:", file=sys.stderr)
    for loss in losses:
        print(f"  {loss}", file=sys.stderr)


def _document_of(notebook: NotebookNode, options: argparse.Namespace, notes: list[str]) -> JsonValue:
    if options.base is not None:
        base = read_document_file(read_text(options.base), name=options.base)
        return notebook_to_document(notebook, base)
    shape = own_metadata(notebook).get("shape")
    made = new_document(notebook, shape=str(shape) if shape in {"markdown", "rich"} else options.shape)
    notes += map(str, made.notes)
    return made.document


def _written(document: JsonValue, target: str) -> str:
    if target.endswith(".json"):
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    notebook = document_to_notebook(document)
    if target.endswith(".ipynb"):
        import nbformat

        written: str = nbformat.writes(notebook)
        return written + "\n"
    return _markdown_of(document, target)


def _markdown_of(document: JsonValue, target: str) -> str:
    if isinstance(document, str):
        return document
    content = document.get("content") if isinstance(document, dict) else None
    first = content[0] if isinstance(content, list) and len(content) == 1 else None
    attributes = first.get("attrs") if isinstance(first, dict) else None
    text = attributes.get("markdown") if isinstance(attributes, dict) else None
    if not isinstance(text, str):
        place = "standard output" if target == STANDARD else target
        raise WrongNotebookError(problem=f"it is not a Markdown notebook, so {place} cannot hold it; use .json")
    return text
