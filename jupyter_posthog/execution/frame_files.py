"""Puts a remote frame into a local file, page by page: memory does not grow with the frame."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import anyio.to_thread

from jupyter_posthog.errors import FrameFileError
from jupyter_posthog.execution.column_types import Cell, ColumnType, cell_value, column_type
from jupyter_posthog.execution.frame_page import FramePage
from jupyter_posthog.execution.frame_pages import FramePages, RunPages
from jupyter_posthog.execution.frame_tables import ENDINGS, PARQUET, Column, TableWriter, open_table
from jupyter_posthog.execution.packed_frames import PACKED_ABOVE_ROWS, PackedFrame, packed

ROWS_PER_PART = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameFile:
    """Where a frame goes.

    Attributes:
        name: As the person wrote it, below the working folder.
        replaces: Whether a file that is there already may be replaced.
    """

    folder: Path
    name: str
    replaces: bool = False

    @property
    def path(self) -> Path:
        """The file itself."""
        return self.folder / self.name

    def check(self) -> None:
        """Look whether the file may be written.

        Raises:
            FrameFileError: It lies outside of the working folder, or is there already.
        """
        if self.path.suffix not in ENDINGS:
            raise self._refused(f"the name must end in {' or '.join(ENDINGS)}")
        parts = PurePosixPath(self.name.replace("\\", "/")).parts
        if ".." in parts or self.path.is_absolute() != self.folder.is_absolute() or Path(self.name).is_absolute():
            raise self._refused("only files in the working folder can be written")
        parent, folder = self.path.parent.resolve(), self.folder.resolve()
        if not parent.is_relative_to(folder) or self.path.is_symlink():
            raise self._refused("a link leads out of the working folder")
        if not parent.is_dir():
            raise self._refused("there is no such folder")
        if self.path.exists() and not (self.replaces and self.path.is_file()):
            raise self._refused("it is there already; add --replace to replace it, or choose another name")

    def begin(self) -> Path:
        """Create the file beside the target that takes the rows until all are there.

        Raises:
            FrameFileError: It cannot be created.
        """
        part = self.path.with_name(f".{self.path.stem}-{secrets.token_hex(4)}.part")
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise self._refused(error.strerror or "it cannot be created") from error
        return part

    def finish(self, part: Path) -> None:
        """Give the whole file its name; a file that came in between is kept.

        Raises:
            FrameFileError: One did, or the disk refuses.
        """
        try:
            if self.replaces:
                part.replace(self.path)
            else:
                os.link(part, self.path)
                part.unlink()
        except FileExistsError as error:
            raise self._refused("it is there already") from error
        except OSError as error:
            raise self._refused(error.strerror or "it cannot be written") from error

    def _refused(self, problem: str) -> FrameFileError:
        return FrameFileError(file_name=self.name, problem=problem)


async def store_frame(pages: FramePages, file: FrameFile) -> AsyncIterator[tuple[int, int]]:
    """Write a frame to a file; yields how many rows are written, and of how many.

    Raises:
        FrameFileError: The file cannot be written; nothing is left behind.
        FrameStaleError: The frame was replaced meanwhile; nothing is left behind.
        PackageMissingError: No library that writes such files is installed here.
    """
    file.check()
    part = file.begin()
    try:
        page = await pages.read(0, min(ROWS_PER_PART, pages.most_rows))
        columns = _columns_of(page)
        writer = await anyio.to_thread.run_sync(open_table, part, file.path.suffix, columns)
        is_whole = False
        try:
            async for written in _written(pages, page, columns, writer, file):
                yield written
            await anyio.to_thread.run_sync(writer.close)
            is_whole = True
        except OSError as error:
            raise FrameFileError(file_name=file.name, problem=error.strerror or "the disk refuses") from error
        finally:
            if not is_whole:
                writer.abandon()
        file.finish(part)
    finally:
        part.unlink(missing_ok=True)


async def store_large_frame(pages: RunPages, file: FrameFile) -> AsyncIterator[tuple[int, int]]:
    """As ``store_frame``, packed by PostHog's kernel where that is quicker and the kernel can."""
    file.check()
    count = (await pages.read(0, 1)).row_count
    frame = None
    if file.path.suffix == PARQUET and count > PACKED_ABOVE_ROWS:
        frame = await packed(pages.place, pages.name)
    if frame is not None:
        async for share in _store_packed(frame, file):
            yield int(share * count), count
    if frame is None or not frame.is_whole:
        async for written in store_frame(pages, file):
            yield written


async def _store_packed(frame: PackedFrame, file: FrameFile) -> AsyncIterator[float]:
    part = file.begin()
    try:
        async for share in frame.write(part):
            yield share
        if frame.is_whole:
            file.finish(part)
    except OSError as error:
        raise FrameFileError(file_name=file.name, problem=error.strerror or "the disk refuses") from error
    finally:
        part.unlink(missing_ok=True)


async def _written(
    pages: FramePages, page: FramePage, columns: Sequence[Column], writer: TableWriter, file: FrameFile
) -> AsyncIterator[tuple[int, int]]:
    waiting: list[list[Cell]] = []
    done = 0
    while True:
        waiting += _cells(page, columns, first_row=done, file=file)
        done += len(page.rows)
        is_last = done >= page.row_count or not page.rows
        if len(waiting) >= ROWS_PER_PART or is_last:
            await anyio.to_thread.run_sync(writer.write, waiting)
            waiting = []
            yield done, page.row_count
        if is_last:
            return
        page = await pages.read(done, min(ROWS_PER_PART, pages.most_rows))


def _columns_of(page: FramePage) -> list[Column]:
    types = [pair[1] if len(pair) > 1 else "" for pair in page.types]
    columns: list[Column] = []
    taken: set[str] = set()
    for number, name in enumerate(page.columns):
        own, count = name, 1
        while own in taken:  # a file has no two columns of one name; a frame can
            count += 1
            own = f"{name}_{count}"
        taken.add(own)
        kind = column_type(types[number]) if number < len(types) and types[number] else _seen_type(page, number)
        columns.append(Column(name=own, kind=kind))
    return columns


def _seen_type(page: FramePage, number: int) -> ColumnType:
    """Return the type of a column that nobody tells the type of: a narrow one could fail in a later page."""
    values = [row[number] for row in page.rows if number < len(row) and row[number] is not None]
    if values and all(isinstance(value, bool) for value in values):
        return ColumnType.BOOLEAN
    if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return ColumnType.INTEGER
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return ColumnType.NUMBER
    return ColumnType.TEXT


def _cells(page: FramePage, columns: Sequence[Column], *, first_row: int, file: FrameFile) -> list[list[Cell]]:
    found = []
    for number, row in enumerate(page.rows):
        cells: list[Cell] = []
        for column, value in zip(columns, row, strict=False):
            try:
                cells.append(cell_value(value, column.kind))
            except (ValueError, TypeError, OverflowError) as error:
                problem = f"in row {first_row + number + 1}, {column.name} is no {column.kind.value}"
                raise FrameFileError(file_name=file.name, problem=problem) from error
        found.append(cells + [None] * (len(columns) - len(cells)))
    return found
