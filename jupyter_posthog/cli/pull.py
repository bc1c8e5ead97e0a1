"""``jupyter posthog pull``: one remote notebook as an .ipynb file, or all of them as a folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.documents import STANDARD
from jupyter_posthog.cli.help_texts import add_command_parser
from jupyter_posthog.cli.pull_folder import pull_folder
from jupyter_posthog.cli.workplace import Runner, Workplace, add_place_options, notebook_reference
from jupyter_posthog.storage.notebook_files import notebook_text, write_notebook_file

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_EXAMPLES = """examples:
  jupyter posthog pull aB3dE5gH funnel.ipynb
  jupyter posthog pull https://eu.posthog.com/project/1/notebooks/aB3dE5gH funnel.ipynb
  jupyter posthog pull --all notebooks          every notebook of the project; a second time: only what changed
  jupyter posthog pull --all notebooks --prune  and delete files whose notebooks are in PostHog's trash

A folder keeps what you edited there: such files are left alone and named until you push them. Its file
.posthog-notebooks.json says what was pulled; commit it with the notebooks.
"""


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "pull", "write PostHog notebooks to .ipynb files", _EXAMPLES)
    parser.add_argument("notebook", metavar="SHORT_ID", nargs="?", type=notebook_reference,
                        help="its short_id, or its address in PostHog")  # fmt: skip
    parser.add_argument("file", metavar="FILE", nargs="?", help="the file to write, or - for standard output")
    parser.add_argument("--all", metavar="DIR", help="bring a folder with all notebooks of the project up to date")
    parser.add_argument("--force", action="store_true", help="with --all: edited files give way, to NAME.mine.ipynb")
    parser.add_argument("--prune", action="store_true", help="with --all: delete files of notebooks that are gone")
    parser.add_argument("--ask-all", action="store_true", help="with --all: ask for the version of every notebook, "
                        "also where the list shows no change")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_place_options(parser)
    work = connected(run)

    def start(options: argparse.Namespace) -> int:
        problem = _misuse(options)
        if problem:
            parser.error(problem)
        return work(options)

    parser.set_defaults(run=start)


def _misuse(options: argparse.Namespace) -> str:
    if options.all is not None:
        return "--all takes one folder and no SHORT_ID" if options.notebook is not None else ""
    if options.file is None:
        return "name a SHORT_ID and a FILE, or --all DIR"
    if options.force or options.prune or options.ask_all:
        return "--force, --prune and --ask-all go with --all"
    return ""


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Write the file, or the folder."""
    if options.all is not None:
        return await pull_folder(workplace, options)
    opened = await workplace.storage.remote_notebooks.open(await workplace.address(options.notebook))
    if options.file == STANDARD:
        print(notebook_text(opened.notebook), end="")
        return 0
    write_notebook_file(Path(options.file), opened.notebook)
    cells, facts = len(opened.notebook.cells), opened.facts
    if options.json:
        print(json.dumps({"short_id": facts.address.short_id, "version": facts.version, "cells": cells}))
    else:
        print(f"{facts.title or 'Untitled'}: {cells} cells of version {facts.version} in {options.file}")
    return 0
