"""``%posthog kernel``, ``restart`` and ``stop``: PostHog's kernel of this notebook, its size and its price."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime

from jupyter_posthog.api.kernel_models import ComputeOptions
from jupyter_posthog.errors import KeyNotSupportedError, MagicNotUnderstoodError, PosthogError
from jupyter_posthog.execution.events import Event, StreamText
from jupyter_posthog.execution.kernel_clock import KernelClock, remaining_words
from jupyter_posthog.execution.kernel_life import KernelLife
from jupyter_posthog.execution.kernel_sizes import changes_in_words, check_changes, price_of, read_changes
from jupyter_posthog.execution.place_commands import refuse_words
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.posthog_magic import Subcommand
from jupyter_posthog.messages import sentence

_CONFIRMED = "now"
_GONE = "its variables are gone."


def kernel_commands(
    place: NotebookPlace,
    life: KernelLife,
    *,
    now: Callable[[], datetime],
    restart: Callable[[], Awaitable[bool]],
    stop: Callable[[], Awaitable[bool]],
) -> tuple[Subcommand, ...]:
    """Return the subcommands.

    Args:
        restart: Restarts PostHog's kernel; False where the credential cannot.
        stop: Stops it; likewise.
    """

    async def kernel(words: Sequence[str]) -> AsyncIterator[Event]:
        clock = await life.look()
        changes = [word for word in words if word != _CONFIRMED]
        if clock is None:
            yield _line("PostHog does not tell this credential about its kernel.")
            return
        if changes:
            async for event in _configure(place, clock, changes, is_confirmed=_CONFIRMED in words):
                yield event
            return
        yield _line(f"PostHog's kernel: {remaining_words(clock, now())}")
        if clock.cpu_cores is not None:
            yield _line(f"{clock.cpu_cores:g} cores, {clock.memory_gb or 0:g} GB")
        if clock.names:
            yield _line(f"frames: {', '.join(clock.names)}")

    async def restart_it(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("restart", words)
        yield _line(
            "PostHog's kernel was restarted; its variables are gone." if await restart() else _cannot("restart")
        )

    async def stop_it(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("stop", words)
        yield _line(f"PostHog's kernel was stopped; {_GONE}" if await stop() else _cannot("stop"))

    return (
        Subcommand(name="kernel", help="state, time left, price; cpu=4 memory=8 changes it", run=kernel),
        Subcommand(name="restart", help="restart PostHog's kernel", run=restart_it),
        Subcommand(name="stop", help="stop PostHog's kernel", run=stop_it),
    )


async def _configure(
    place: NotebookPlace, clock: KernelClock, words: Sequence[str], *, is_confirmed: bool
) -> AsyncIterator[Event]:
    try:
        changes = read_changes(words)
    except ValueError as error:
        raise MagicNotUnderstoodError(problem=str(error)) from error
    options = await _options(place)
    if options is not None:
        try:
            check_changes(changes, options)
        except ValueError as error:
            raise MagicNotUnderstoodError(problem=str(error)) from error
    price = price_of(changes, clock, options)
    costs = "" if price is None else f" It costs ${price:.2f} an hour."
    destroys = clock.is_running and any(name != "idle_timeout_seconds" for name in changes)
    if destroys and not is_confirmed:
        lost = ", ".join(clock.names) or "all variables"
        yield _line(f"{changes_in_words(changes)}.{costs} This restarts the kernel, and {lost} would be lost.")
        yield _line(f"Nothing was changed. `%posthog kernel {' '.join(words)} {_CONFIRMED}` does it.")
        return
    done = await place.api.kernels.configure(place.project_id, place.short_id, changes)
    yield _line(f"{changes_in_words(changes)}.{costs}")
    if done.restarted:
        yield _line("The kernel was restarted; its variables are gone.")
    elif done.restart_required:
        yield _line("It counts from the kernel's next start on.")


async def _options(place: NotebookPlace) -> ComputeOptions | None:
    try:
        return await place.api.kernels.options(place.project_id)
    except PosthogError:
        return None  # servers before September 2026 do not tell; PostHog itself refuses what it does not allow


def _cannot(what: str) -> str:
    why = sentence(KeyNotSupportedError(status=403))
    return f"Nothing was done: this credential cannot {what} PostHog's kernel, and its variables are still there. {why}"


def _line(text: str) -> StreamText:
    return StreamText(name="stdout", text=f"{text}\n")
