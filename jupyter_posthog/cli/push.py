"""``jupyter posthog push``: the edits of a pulled file, to PostHog."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.cli.documents import read_notebook, read_text
from jupyter_posthog.cli.workplace import Runner, Workplace, add_connection_option
from jupyter_posthog.storage.page_parts import with_page_parts

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = commands.add_parser("push", help="save the edits of a pulled .ipynb file to PostHog")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_option(parser)
    parser.set_defaults(run=connected(run))


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Save, then make the file stand on the version that PostHog has now."""
    import nbformat

    notebook = read_notebook(read_text(str(options.file)), name=options.file.name)
    address, version = await workplace.address_of(notebook)
    saved = await workplace.storage.saver.save(address, notebook, base_version=version)
    if saved.facts is None:
        print(json.dumps({"is_changed": False, "version": saved.base_version}) if options.json else "Nothing to save.")
        return 0
    opened = await workplace.storage.remote_notebooks.open(address)
    nbformat.write(with_page_parts(opened.notebook, notebook), options.file)
    if options.json:
        print(json.dumps({"is_changed": True, "version": saved.base_version}))
    else:
        print(f"Saved as version {saved.base_version} of {address.short_id}.")
    return 0
