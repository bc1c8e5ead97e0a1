"""``jupyter posthog check``: what a push would change, or proof that it would change nothing."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.workplace import Runner, Workplace, add_connection_option, read_notebook
from jupyter_posthog.document import WrittenDocument, unkept_parts

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from nbformat import NotebookNode


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = commands.add_parser("check", help="say what a push would change in PostHog")
    parser.add_argument(
        "notebook", metavar="FILE|SHORT_ID|-", help="a pulled file, a short_id, or - for standard input"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_option(parser)
    parser.set_defaults(run=connected(run))


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Print the outcome; exit code 1 where a push would change the notebook."""
    notebook = await _notebook(workplace, options.notebook)
    address, version = await workplace.address_of(notebook)
    written = await workplace.storage.saver.preview(address, notebook, base_version=version)
    unkept = unkept_parts(notebook)
    if options.json:
        changes = [asdict(change) for change in written.changes]
        print(json.dumps({"is_changed": written.is_changed, "changes": changes, "not_stored": list(unkept)}))
    else:
        _print(f"{address.connection}/{address.project_id}/{address.short_id}", version, notebook, written, unkept)
    return 1 if written.is_changed else 0


async def _notebook(workplace: Workplace, given: str) -> NotebookNode:
    if given == "-":
        import nbformat

        notebook: NotebookNode = nbformat.reads(sys.stdin.read(), as_version=4)
        return notebook
    if Path(given).suffix == ".ipynb":
        return read_notebook(Path(given))
    return (await workplace.storage.remote_notebooks.open(await workplace.address(given))).notebook


def _print(
    place: str,
    version: int | None,
    notebook: NotebookNode,
    written: WrittenDocument,
    unkept: tuple[str, ...],
) -> None:
    print(f"{place} (version {version})")
    if not written.is_changed:
        print(f"  {len(notebook.cells)} cells, all unchanged: the notebook survives byte for byte")
    else:
        print(f"  {len(notebook.cells)} cells, {len(written.changes)} of them changed:")
        for change in written.changes:
            where = f"cell {change.cell_number}" if change.cell_number is not None else change.cell_id
            print(f"    {where} {change.kind}")
    if unkept:
        print(f"  not stored by PostHog: {', '.join(unkept)}")
