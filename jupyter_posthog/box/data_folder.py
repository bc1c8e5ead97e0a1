"""The folder a box keeps its data in: for one box at a time."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderInUse(Exception):
    """Another box uses the folder now."""


@contextmanager
def data_folder(wanted: Path | None) -> Iterator[Path]:
    """Give the folder for as long as the box runs: the wanted one, or one that is removed afterwards.

    Raises:
        FolderInUse: Another box has it.
        OSError: It cannot be made or written.
    """
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="posthog-box-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    wanted.mkdir(parents=True, exist_ok=True)
    with (wanted / "lock").open("w") as lock:
        _take(lock.fileno())
        yield wanted


def _take(descriptor: int) -> None:
    """Take the lock; the system frees it with the process, however that ends."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise FolderInUse from error
