"""The parsers of the commands: what each does, examples that people can copy, and one sentence for wrong use."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from argparse import _SubParsersAction


WRONG_USE = 2


class CommandParser(argparse.ArgumentParser):
    """A parser whose complaint is one line; the usage stands in the help."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        words = message[:1].upper() + message[1:].rstrip(".")
        self.exit(WRONG_USE, f"{words}. `{self.prog} --help` shows how it is used.\n")


def add_command_parser(
    commands: _SubParsersAction[argparse.ArgumentParser], name: str, summary: str, examples: str
) -> argparse.ArgumentParser:
    """Add the parser of one command.

    Args:
        summary: What it does, in lower case and without a full stop, as the list of commands shows it.
        examples: Printed below the options as it is; a test runs each line that begins with ``jupyter posthog``.
    """
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def add_connection_name(parser: argparse.ArgumentParser, words: str) -> None:
    """Add the argument NAME, which also goes by the name that it has with other commands."""
    names = parser.add_mutually_exclusive_group()
    names.add_argument("name", metavar="NAME", nargs="?", help=words)
    names.add_argument("--connection", metavar="NAME", help="the same")
