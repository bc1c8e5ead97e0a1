"""``%posthog``: questions about the notebook's own PostHog, answered here and never sent to the remote kernel."""

from __future__ import annotations

import re
import shlex
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass

from jupyter_posthog.errors import MagicNotUnderstoodError
from jupyter_posthog.execution.events import Event

DEFAULT_SUBCOMMAND = "status"
_LINE = re.compile(r"%posthog(?P<rest>[^\S\r\n][^\r\n]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """One word behind ``%posthog``.

    Attributes:
        help: What it does, a few words for the list of subcommands.
        run: Given the words behind its name, yields what happens.

    Its ``run`` may raise PosthogError, which becomes the sentence in the cell.
    """

    name: str
    help: str
    run: Callable[[Sequence[str]], AsyncIterator[Event]]


class PosthogMagic:
    """The subcommands of one notebook's kernel; more can be added by whoever knows more."""

    def __init__(self, subcommands: Iterable[Subcommand] = ()) -> None:
        self._subcommands = {subcommand.name: subcommand for subcommand in subcommands}

    def add(self, subcommand: Subcommand) -> None:
        """Add one subcommand; one of the same name is replaced."""
        self._subcommands[subcommand.name] = subcommand

    async def run(self, lines: Sequence[str]) -> AsyncIterator[Event]:
        """Run the lines of one cell, each the text behind ``%posthog``.

        Raises:
            MagicNotUnderstoodError: A word is not known; what stands before it has run.
        """
        for line in lines:
            subcommand, words = self._read(line)
            async for event in subcommand.run(words):
                yield event

    def _read(self, line: str) -> tuple[Subcommand, Sequence[str]]:
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise MagicNotUnderstoodError(problem="a quotation mark has no end") from error
        name, *rest = words or [DEFAULT_SUBCOMMAND]
        if name not in self._subcommands:
            known = ", ".join(self._subcommands)
            raise MagicNotUnderstoodError(problem=f"%posthog knows {known}, and not “{name}”")
        return self._subcommands[name], rest


def posthog_lines(source: str) -> tuple[str, ...] | None:
    """Return what stands behind ``%posthog`` in each line of a cell; None for a cell without it.

    Raises:
        MagicNotUnderstoodError: It stands among other code, which runs somewhere else.
    """
    lines = [line.strip() for line in source.splitlines()]
    found = [_LINE.fullmatch(line) for line in lines]
    if not any(found):
        return None
    if any(line and not line.startswith("#") and match is None for line, match in zip(lines, found, strict=True)):
        raise MagicNotUnderstoodError(problem="%posthog stands in a cell of its own, without other code")
    return tuple((match["rest"] or "").strip() for match in found if match)
