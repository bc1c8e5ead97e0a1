"""Waiting times that PostHog named, shared by all processes of one person through one small file (design.md §3)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from jupyter_posthog.records.files import JsonObject, read_json, write_json


class PauseFile:
    """A file of moments until which nothing may be sent, by bucket; it lies in Jupyter's runtime directory."""

    def __init__(self, file: Path, *, clock: Callable[[], float]) -> None:
        """Prepare.

        Args:
            clock: Seconds since the epoch, which all processes share.
        """
        self._file = file
        self._clock = clock
        self._read_at: tuple[int, int] | None = None
        self._until: JsonObject = {}

    def seconds_left(self, bucket: str) -> float:
        """Return how long nothing may be sent; 0 where it may, or where the file cannot be read."""
        until = self._moments().get(_name(bucket))
        return max(0.0, float(until) - self._clock()) if isinstance(until, (int, float)) else 0.0

    def begin(self, bucket: str, seconds: float) -> None:
        """Take note of a waiting time; one that another process named is never made shorter."""
        now = self._clock()
        moments = {
            name: until for name, until in self._moments().items() if isinstance(until, (int, float)) and until > now
        }
        name = _name(bucket)
        moments[name] = max(float(moments.get(name, 0.0)), now + seconds)
        self._until = {**moments}
        try:
            write_json(self._file, self._until)
        except OSError:
            self._read_at = _state_of(self._file)  # a full disk: this process keeps to it all the same

    def _moments(self) -> JsonObject:
        state = _state_of(self._file)
        if state != self._read_at:
            self._read_at = state
            self._until = read_json(self._file) or {}
        return self._until


def _name(bucket: str) -> str:
    return hashlib.sha256(bucket.encode()).hexdigest()[:16]


def _state_of(file: Path) -> tuple[int, int] | None:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_ino
