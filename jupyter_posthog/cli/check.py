"""``jupyter posthog check``: what a push would change, or proof that it would change nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.documents import STANDARD, holds_notebook, read_document_file, read_notebook, read_text
from jupyter_posthog.cli.help_texts import add_command_parser
from jupyter_posthog.cli.workplace import Runner, Workplace, add_place_options
from jupyter_posthog.document import (
    CarryNote,
    CellChange,
    JsonValue,
    misread_parts,
    new_document,
    read_document,
    unkept_parts,
    write_document,
)
from jupyter_posthog.document.code_cells import own_metadata
from jupyter_posthog.settings import read_reference

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from nbformat import NotebookNode

_EXAMPLES = """examples:
  jupyter posthog check aB3dE5gH            a notebook in PostHog: does it survive being opened and saved?
  jupyter posthog check https://eu.posthog.com/project/1/notebooks/aB3dE5gH
  jupyter posthog check pulled.ipynb        what would a push change?
  jupyter posthog check document.json       a stored document, without any connection
  jupyter posthog check analysis.ipynb      a notebook that PostHog does not have: what would be left out?

Exit code 0 means nothing; 1 means that something would change or be left out.
"""


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "check", "say what a push would change in PostHog", _EXAMPLES)
    parser.add_argument("notebook", metavar="FILE|SHORT_ID|-", help="a file, a short_id, an address, or -")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_place_options(parser)
    parser.set_defaults(run=lambda options: _run(options, connected))


def _run(options: argparse.Namespace, connected: Runner) -> int:
    """Check a file without a connection where none is needed."""
    given = options.notebook
    if given != STANDARD and ("://" in given or Path(given).suffix not in {".ipynb", ".json", ".md"}):
        return connected(_check_remote)(options)
    text = read_text(given)
    if not holds_notebook(text, name=given):
        return _check_document(read_document_file(text, name=given), options)
    notebook = read_notebook(text, name=given)
    if own_metadata(notebook).get("short_id"):

        async def check(workplace: Workplace, options: argparse.Namespace) -> int:
            return await _check_pulled(workplace, notebook, options)

        return connected(check)(options)
    return _check_new(notebook, options)


async def _check_remote(workplace: Workplace, options: argparse.Namespace) -> int:
    opened = await workplace.storage.remote_notebooks.open(await workplace.address(read_reference(options.notebook)))
    return await _check_pulled(workplace, opened.notebook, options)


async def _check_pulled(workplace: Workplace, notebook: NotebookNode, options: argparse.Namespace) -> int:
    address, version = await workplace.address_of(notebook)
    preview = await workplace.storage.saver.preview(address, notebook, base_version=version)
    place = f"{address.connection}/{address.project_id}/{address.short_id} (version {version})"
    return _report(place, notebook, preview.written.changes, preview.unkept, options)


def _check_document(document: JsonValue, options: argparse.Namespace) -> int:
    """Open a document, write the notebook to a file's text, read it again and save it."""
    import nbformat

    read = read_document(document)
    again: NotebookNode = nbformat.reads(nbformat.writes(read.notebook), as_version=4)
    written = write_document(again, read.ledger)
    changes = written.changes if written.is_changed else ()
    return _report(options.notebook, again, changes, unkept_parts(again, read.ledger), options)


def _check_new(notebook: NotebookNode, options: argparse.Namespace) -> int:
    made = new_document(notebook)
    if options.json:
        print(json.dumps({"is_new": True, "not_stored": [str(note) for note in made.notes]}))
        return 1 if made.notes else 0
    print(f"{options.notebook}: PostHog does not have it; as a new notebook")
    print(f"  {len(notebook.cells)} cells, {'all carried' if not made.notes else 'not carried:'}")
    for note in made.notes:
        print(f"    {note}")
    return 1 if made.notes else 0


def _report(
    place: str,
    notebook: NotebookNode,
    changes: Sequence[CellChange],
    unkept: Sequence[CarryNote],
    options: argparse.Namespace,
) -> int:
    misread = misread_parts(notebook)
    if options.json:
        report = {"is_changed": bool(changes), "changes": [asdict(change) for change in changes]}
        print(json.dumps({**report, "not_stored": list(map(str, unkept)), "misread": list(map(str, misread))}))
        return 1 if changes else 0
    print(place)
    cell_count = len(notebook.cells)
    if changes:
        print(f"  {cell_count} cells, {len(changes)} of them changed:")
        for change in changes:
            where = f"cell {change.cell_number}" if change.cell_number is not None else change.cell_id
            print(f"    {where} {change.kind}")
    else:
        print(f"  {cell_count} cells, all unchanged: the notebook survives byte for byte")
    for title, notes in (("not stored by PostHog", unkept), ("read otherwise by PostHog's server", misread)):
        if notes:
            print(f"  {title}:")
        for note in notes:
            print(f"    {note}")
    return 1 if changes else 0
