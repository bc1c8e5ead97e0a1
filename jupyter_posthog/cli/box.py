"""``jupyter posthog box``: PostHog in a box, as a process of its own."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction

NO_PREFIX = "\0"
BOX_MODULE = "jupyter_posthog.box"
_ENGINES = ("chdb", "hogql_parser", "duckdb", "pandas")


def add_command(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; every argument is handed on to the box itself."""
    # Nothing is an option here: argparse refuses options before the first argument, even of a remainder.
    parser = commands.add_parser(
        "box", help="start PostHog in a box on this machine", add_help=False, prefix_chars=NO_PREFIX
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:  # noqa: RET503  # execv does not come back
    """Become the box, so that signals reach it directly."""
    missing = missing_engines()
    if missing:
        print(missing, file=sys.stderr)
        return 1
    os.execv(sys.executable, box_command(options.arguments))


def box_command(arguments: list[str]) -> list[str]:
    """Return the command that starts the box."""
    return [sys.executable, "-m", BOX_MODULE, *arguments]


def missing_engines() -> str:
    """Return what to install where the box's engines are not there, else an empty text."""
    missing = [name for name in _ENGINES if importlib.util.find_spec(name) is None]
    if not missing:
        return ""
    return f"The box needs {', '.join(missing)}. Install them with: pip install 'jupyter-posthog[box]'"
