"""``jupyter posthog logout``: forget a stored connection and its key."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from jupyter_posthog.cli.help_texts import add_command_parser, add_connection_name
from jupyter_posthog.connection.enrolment import Enrolment

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_EXAMPLES = """examples:
  jupyter posthog logout
  jupyter posthog logout eu
"""


def add_command(
    commands: _SubParsersAction[argparse.ArgumentParser], enrolment: Callable[[argparse.Namespace], Enrolment]
) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "logout", "forget a stored connection and its key", _EXAMPLES)
    add_connection_name(parser, "the connection (default: the only or default one)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=lambda options: run(enrolment(options), options))


def run(enrolment: Enrolment, options: argparse.Namespace) -> int:
    """Forget it on this machine; the key itself goes on working until it is deleted in PostHog."""
    name = options.name or options.connection or enrolment.default_name
    origin = enrolment.remove(name)
    if options.json:
        print(json.dumps({"name": name, "host": origin}))
    else:
        print(f"Forgot “{name}” ({origin}). The key works on until you delete it in PostHog.")
    return 0
