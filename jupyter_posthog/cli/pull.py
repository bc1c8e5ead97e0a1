"""``jupyter posthog pull``: one remote notebook as an .ipynb file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.workplace import Runner, Workplace, add_connection_option, notebook_reference

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = commands.add_parser("pull", help="write one PostHog notebook to an .ipynb file")
    parser.add_argument(
        "notebook", metavar="SHORT_ID", type=notebook_reference, help="its short_id, or its address in PostHog"
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to write, or - for standard output")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_option(parser)
    parser.set_defaults(run=connected(run))


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Write the file."""
    import nbformat

    opened = await workplace.storage.remote_notebooks.open(await workplace.address(options.notebook))
    if str(options.file) == "-":
        nbformat.write(opened.notebook, sys.stdout)
        return 0
    nbformat.write(opened.notebook, options.file)
    cells, facts = len(opened.notebook.cells), opened.facts
    if options.json:
        print(json.dumps({"short_id": facts.address.short_id, "version": facts.version, "cells": cells}))
    else:
        print(f"{facts.title or 'Untitled'}: {cells} cells of version {facts.version} in {options.file}")
    return 0
