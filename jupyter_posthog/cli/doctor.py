"""``jupyter posthog doctor``: what works, what does not, why, and what to do about it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio

from jupyter_posthog.cli.doctor_text import report_lines
from jupyter_posthog.cli.help_texts import add_command_parser, add_connection_name
from jupyter_posthog.connection.doctor import examine

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from jupyter_posthog.api.pauses import Pauses
    from jupyter_posthog.connection.connections import Connections

_EXAMPLES = """examples:
  jupyter posthog doctor
  jupyter posthog doctor env
  jupyter posthog doctor --json
"""


def add_command(
    commands: _SubParsersAction[argparse.ArgumentParser], open_all: Callable[[], tuple[Connections, Pauses]]
) -> None:
    """Add the command."""
    summary = "say what works with your connections, what does not, and why"
    parser = add_command_parser(commands, "doctor", summary, _EXAMPLES)
    add_connection_name(parser, "one connection (default: all)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=lambda options: anyio.run(run, open_all, options))


async def run(open_all: Callable[[], tuple[Connections, Pauses]], options: argparse.Namespace) -> int:
    """Examine and print; a connection that cannot be used is exit code 1, and one sentence on stderr."""
    connections, pauses = open_all()
    try:
        report = await examine(connections, os.environ, pauses=pauses, name=options.name or options.connection)
    finally:
        await connections.aclose()
    print(json.dumps(report.to_json(), indent=1) if options.json else "\n".join(report_lines(report)))
    if report.problem is None:
        return 0
    print(report.problem, file=sys.stderr)
    return 1
