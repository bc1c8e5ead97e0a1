"""What a fault does beyond the wire: to runs, kernels and the disk, for the one request that met it."""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar
from enum import Enum


class Effect(Enum):
    """What goes wrong while one request is served."""

    RUN_NEVER_ENDS = "run_never_ends"
    KERNEL_DIES = "kernel_dies"
    KERNEL_DOES_NOT_START = "kernel_does_not_start"
    LIFETIME_OVER = "lifetime_over"
    DISK_FULL = "disk_full"


class Effects:
    """Tells the engines what is to go wrong; tasks that a request starts see what the request met."""

    def __init__(self) -> None:
        self._met: ContextVar[Effect | None] = ContextVar("effect", default=None)

    def meet(self, effect: Effect) -> None:
        """Let one go wrong in the request that is served now."""
        self._met.set(effect)

    def is_on(self, effect: Effect) -> bool:
        """Whether this is to go wrong here and now."""
        return self._met.get() is effect

    def check_disk(self) -> None:
        """Fail as a database does on a full disk, where that is to go wrong."""
        if self.is_on(Effect.DISK_FULL):
            raise sqlite3.OperationalError("database or disk is full")
