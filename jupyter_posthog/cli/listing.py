"""``jupyter posthog list``: the notebooks of a project."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from jupyter_posthog.cli.workplace import Runner, Workplace, add_connection_option

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_command(commands: _SubParsersAction[argparse.ArgumentParser], connected: Runner) -> None:
    """Add the command."""
    parser = commands.add_parser("list", help="list the notebooks of a project")
    parser.add_argument("--search", default="", help="words in the title or the text")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_option(parser)
    parser.set_defaults(run=connected(run))


async def run(workplace: Workplace, options: argparse.Namespace) -> int:
    """Print one line per notebook: short_id, title, last editor, moment."""
    project_id = await workplace.connections.default_project_id(workplace.connection)
    page = await workplace.storage.remote_notebooks.search(workplace.connection, project_id, words=options.search)
    if options.json:
        print(json.dumps([asdict(facts) for facts in page.notebooks], indent=1))
        return 0
    width = max((len(facts.title) for facts in page.notebooks), default=0)
    for facts in page.notebooks:
        title = facts.title or "Untitled"
        print(f"{facts.address.short_id:<12}  {title:<{width}}  {facts.modified_by:<20}  {facts.modified_at[:16]}")
    print(f"{len(page.notebooks)} of {page.count} notebooks in project {project_id} ({workplace.connection})")
    return 0
