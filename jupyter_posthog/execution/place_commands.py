"""``%posthog status`` and ``%posthog notebook``: where the cells of this notebook run, and which notebook that is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from jupyter_posthog.errors import MagicNotUnderstoodError, PosthogError
from jupyter_posthog.execution.events import Event, StreamText
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.posthog_magic import Subcommand
from jupyter_posthog.messages import sentence


def place_commands(place: NotebookPlace, describe: Callable[[], Awaitable[str]]) -> tuple[Subcommand, ...]:
    """Return both subcommands.

    Args:
        describe: Says in one sentence how cells run.
    """

    async def status(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("status", words)
        yield _line(f"{place.connection}: {place.api.transport.host}, project {place.project_id}")
        yield _line(f"notebook {place.short_id}: {place.url}")
        yield _line(await describe())
        yield _line(await _kernel_sentence(place))

    async def notebook(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("notebook", words)
        record = await place.api.notebooks.fetch(place.project_id, place.short_id)
        yield _line(f"{record.title or 'Untitled'} ({place.short_id}, version {record.version})")
        yield _line(place.url)

    return (
        Subcommand(name="status", help="where and how cells run", run=status),
        Subcommand(name="notebook", help="the notebook in PostHog", run=notebook),
    )


def refuse_words(subcommand: str, words: Sequence[str]) -> None:
    """Refuse words behind a subcommand that takes none.

    Raises:
        MagicNotUnderstoodError: There are some.
    """
    if words:
        raise MagicNotUnderstoodError(problem=f"%posthog {subcommand} takes nothing behind it, and not “{words[0]}”")


async def _kernel_sentence(place: NotebookPlace) -> str:
    try:
        kernel = await place.api.kernels.status(place.project_id, place.short_id)
    except PosthogError as error:
        return f"PostHog's kernel: {sentence(error)}"
    return f"PostHog's kernel: {kernel.status}"


def _line(text: str) -> StreamText:
    return StreamText(name="stdout", text=f"{text}\n")
