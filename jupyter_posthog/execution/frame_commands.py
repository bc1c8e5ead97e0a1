"""``%posthog frames`` and ``%posthog pull``: which frames there are, and one of them as a local file."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from jupyter_posthog.errors import FrameNotReadError, MagicNotUnderstoodError
from jupyter_posthog.execution.events import DisplayData, Event, Progress, StreamText
from jupyter_posthog.execution.executor import FrameFacts
from jupyter_posthog.execution.frame_files import FrameFile, store_frame, store_large_frame
from jupyter_posthog.execution.frame_listing import frames_by_code, with_queries
from jupyter_posthog.execution.frame_opening import open_frame
from jupyter_posthog.execution.frame_pages import FramePages, RunPages
from jupyter_posthog.execution.frame_tables import PARQUET
from jupyter_posthog.execution.place_commands import refuse_words
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.execution.posthog_magic import Subcommand
from jupyter_posthog.execution.session import NotebookSession

REPLACE = "--replace"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USE = f"%posthog pull takes the name of a frame, a file below the working folder and {REPLACE}"
_MOST_COLUMNS = 8


def session_frame_commands(place: NotebookPlace, session: NotebookSession) -> tuple[Subcommand, ...]:
    """Return both subcommands for a notebook whose cells run on PostHog."""

    async def list_frames() -> Sequence[FrameFacts]:
        held = await session.frames() or await frames_by_code(place)
        return with_queries(held, session.names.sources)

    async def open_by_name(name: str) -> FramePages:
        await session.frames()  # takes the names of stored cells along
        return await open_frame(place, name, session.names.sources.get(name), session.variables)

    return frame_commands(list_frames, open_by_name, Path.cwd)


def frame_commands(
    list_frames: Callable[[], Awaitable[Sequence[FrameFacts]]],
    open_by_name: Callable[[str], Awaitable[FramePages]],
    folder: Callable[[], Path],
) -> tuple[Subcommand, ...]:
    """Return both subcommands.

    Args:
        list_frames: Tells the frames of this notebook.
        open_by_name: Opens one by its name.
        folder: Tells the working folder.
    """

    async def frames(words: Sequence[str]) -> AsyncIterator[Event]:
        refuse_words("frames", words)
        found = await list_frames()
        if not found:
            yield StreamText(name="stdout", text="No frames yet: run a cell that makes one.\n")
            return
        yield DisplayData(data=_table(found))

    async def pull(words: Sequence[str]) -> AsyncIterator[Event]:
        name, file = _read(words, folder())
        file.check()  # before anything is asked of PostHog
        pages = await open_by_name(name)
        count = 0
        storing = store_large_frame(pages, file) if isinstance(pages, RunPages) else store_frame(pages, file)
        async for count, total in storing:
            yield Progress(text=f"{name}: {count:,} of {total:,} rows")
        yield StreamText(name="stdout", text=f"{count:,} rows of {name} are in {file.name}. This cell loads them:\n")
        yield StreamText(name="stdout", text=_reload_code(name, file.name))

    return (
        Subcommand(name="frames", help="the frames that cells made", run=frames),
        Subcommand(name="pull", help="a frame as a local file: pull NAME [FILE.parquet]", run=pull),
    )


def _read(words: Sequence[str], folder: Path) -> tuple[str, FrameFile]:
    replaces = REPLACE in words
    given = [word for word in words if word != REPLACE]
    if not given or len(given) > 2 or any(word.startswith("-") for word in given):
        raise MagicNotUnderstoodError(problem=_USE)
    name = given[0]
    if not _NAME.fullmatch(name):
        raise FrameNotReadError(name=name)
    return name, FrameFile(folder=folder, name=given[1] if len(given) == 2 else f"{name}{PARQUET}", replaces=replaces)


def _reload_code(name: str, file_name: str) -> str:
    function = "read_parquet" if file_name.endswith(PARQUET) else "read_feather"
    return f"import pandas as pd\n{name} = pd.{function}({file_name!r})\n"


def _table(frames: Sequence[FrameFacts]) -> dict[str, str]:
    rows = [("name", "kind", "rows", "columns"), *(_row(frame) for frame in frames)]
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    plain = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    head, *body = (
        [f"<{tag}>{html.escape(text)}</{tag}>" for text in row]
        for tag, row in zip(["th", *["td"] * len(frames)], rows, strict=True)
    )
    lines = "".join(f"<tr>{''.join(row)}</tr>" for row in body)
    table = f"<table><thead><tr>{''.join(head)}</tr></thead><tbody>{lines}</tbody></table>"
    return {"text/plain": "\n".join(plain), "text/html": table}


def _row(frame: FrameFacts) -> tuple[str, str, str, str]:
    count = "?" if frame.row_count is None else f"{'about ' if frame.is_estimate else ''}{frame.row_count:,}"
    names = [name for name, _ in frame.columns]
    more = f", … {len(names) - _MOST_COLUMNS} more" if len(names) > _MOST_COLUMNS else ""
    return frame.name, frame.kind, count, ", ".join(names[:_MOST_COLUMNS]) + more
