"""``%posthog status`` and ``%posthog notebook``: where the cells of this notebook run, and which notebook that is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from jupyter_posthog.errors import MagicNotUnderstoodError, PosthogError
from jupyter_posthog.execution.events import Event, StreamText
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.posthog_magic import Subcommand
from jupyter_posthog.messages import sentence


def place_commands(
    find_place: Callable[[], Awaitable[NotebookPlace]], describe: Callable[[NotebookPlace], Awaitable[Sequence[str]]]
) -> tuple[Subcommand, ...]:
    """Return both subcommands.

    Args:
        find_place: Tells the notebook; asked only when somebody wants to know.
        describe: Says in sentences how cells run there.
    """

    async def status(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("status", words)
        place = await find_place()
        yield _line(f"{place.connection}: {place.api.transport.host}, project {place.project_id}")
        yield _line(f"notebook {place.short_id}: {place.url}")
        for line in await describe(place):
            yield _line(line)

    async def notebook(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("notebook", words)
        place = await find_place()
        record = await place.api.notebooks.fetch(place.project_id, place.short_id)
        yield _line(f"{record.title or 'Untitled'} ({place.short_id}, version {record.version})")
        yield _line(place.url)

    return (
        Subcommand(name="status", help="where and how cells run", run=status),
        Subcommand(name="notebook", help="the notebook in PostHog", run=notebook),
    )


def remote_place_commands(place: NotebookPlace, describe: Callable[[], Awaitable[str]]) -> tuple[Subcommand, ...]:
    """Return both subcommands for cells that run on PostHog.

    Args:
        describe: Says in one sentence how they do.
    """

    async def find_place() -> NotebookPlace:
        return place

    async def describe_both(place: NotebookPlace) -> Sequence[str]:
        return [await describe(), await _kernel_sentence(place)]

    return place_commands(find_place, describe_both)


def local_place_commands(find_place: Callable[[], Awaitable[NotebookPlace]], how: str) -> tuple[Subcommand, ...]:
    """Return both subcommands for cells that run on this machine; ``how`` says it in one sentence."""

    async def describe(_: NotebookPlace) -> Sequence[str]:
        return [how]

    return place_commands(find_place, describe)


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
