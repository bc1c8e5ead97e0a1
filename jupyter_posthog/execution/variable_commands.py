"""``%posthog variables``: the notebook's variables, read anew so that the next cell gets them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from jupyter_posthog.execution.events import Event, StreamText
from jupyter_posthog.execution.place_commands import refuse_words
from jupyter_posthog.execution.posthog_magic import Subcommand
from jupyter_posthog.execution.variables import Variables


def variables_command(read_again: Callable[[], Awaitable[Variables]]) -> Subcommand:
    """Return the subcommand.

    Args:
        read_again: Asks PostHog for the variables, which have no version to tell that they changed.
    """

    async def variables(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("variables", words)
        found = await read_again()
        lines = [f"{variable.name} = {variable.value!r} ({variable.type})\n" for variable in found]
        yield StreamText(name="stdout", text="".join(lines) or "This notebook has no variables.\n")

    return Subcommand(name="variables", help="the notebook's variables, read anew", run=variables)
