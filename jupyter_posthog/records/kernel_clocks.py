"""When PostHog's kernels were seen to start, shared by all processes of one person (posthog-api.md 11.3, 11.4).

PostHog does not say when it will end a kernel. Whoever sees a start writes it down here, so that the page, the magic
and a second kernel count from the same moment.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from jupyter_posthog.records.files import JsonObject, read_json, write_json

_log = logging.getLogger("jupyter_posthog")
#: A start whose kernel nobody has looked at for so long belongs to no kernel that is met now.
UNBOUND_FOR = timedelta(minutes=30)
#: Between PostHog's answer to a start and its note, somebody else may have met the kernel already.
NOTED_WITHIN = timedelta(seconds=60)
LONGEST_LIFETIME = timedelta(hours=12)
KEPT_FOR = timedelta(hours=24)


class Sight(StrEnum):
    """What was seen of a kernel."""

    #: Its start.
    START = "start"
    #: That it runs; it had started before.
    RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelSight:
    """The first thing that was seen of one kernel.

    Attributes:
        lifetime_s: What PostHog said it would live, when its id was first known; a later setting is of the next one.
    """

    at: datetime
    how: Sight
    lifetime_s: int | None = None

    def can_live(self, now: datetime) -> bool:
        """Whether the kernel can still be there."""
        return now - self.at < (LONGEST_LIFETIME if self.lifetime_s is None else timedelta(seconds=self.lifetime_s))


class KernelClocks:
    """What was seen of the kernels of one notebook, each in a file of its own."""

    def __init__(self, folder: Path) -> None:
        """Prepare.

        Args:
            folder: Of this notebook alone.
        """
        self._folder = folder
        self._unbound = folder / "started.json"

    def started(self, at: datetime, runtime_id: str | None = None) -> None:
        """Note a start; where PostHog has not told the id yet, the next look does."""
        self._forget_old(at)
        file = self._unbound if runtime_id is None else self._file(runtime_id)
        self._keep(file, KernelSight(at=at, how=Sight.START))

    def look(self, runtime_id: str | None, *, now: datetime, lifetime_s: int) -> KernelSight:
        """Return the first that was seen of a kernel that runs, and note what this look adds to it."""
        file = self._file(runtime_id or "")
        known = _read(file)
        found = self._with_unbound(known, now) or KernelSight(at=now, how=Sight.RUNNING)
        if found.lifetime_s is None:
            found = replace(found, lifetime_s=lifetime_s)
        if found != known:
            self._keep(file, found)
        return found

    def ended(self, runtime_id: str | None) -> None:
        """Forget a kernel that runs no more."""
        if runtime_id is not None:
            _drop(self._file(runtime_id))

    def has_any(self, now: datetime) -> bool:
        """Whether a kernel may run, as far as this machine knows."""
        return any(sight.can_live(now) for file in self._folder.glob("*.json") if (sight := _read(file)))

    @property
    def state(self) -> int | None:
        """Something that changes with every start that is noted."""
        try:
            return self._folder.stat().st_mtime_ns
        except OSError:
            return None

    def _with_unbound(self, known: KernelSight | None, now: datetime) -> KernelSight | None:
        unbound = _read(self._unbound)
        if unbound is None or now - unbound.at > UNBOUND_FOR:
            return known
        # A kernel that was met long before this start is another one.
        if known is not None and unbound.at - known.at > NOTED_WITHIN:
            return known
        if known is not None and known.how is Sight.START and known.at >= unbound.at:
            return known
        _drop(self._unbound)
        return unbound

    def _file(self, runtime_id: str) -> Path:
        return self._folder / f"{hashlib.sha256(runtime_id.encode()).hexdigest()[:32]}.json"

    def _keep(self, file: Path, sight: KernelSight) -> None:
        value: JsonObject = {"at": sight.at.isoformat(), "how": sight.how.value, "lifetime_s": sight.lifetime_s}
        try:
            write_json(file, value)
        except OSError as error:
            # Whoever looks next knows less of the end; nothing else depends on it.
            _log.warning("kernel_start_not_kept errno=%s", error.errno)

    def _forget_old(self, now: datetime) -> None:
        for file in self._folder.glob("*.json"):
            sight = _read(file)
            if sight is None or now - sight.at > KEPT_FOR:
                _drop(file)


def _drop(file: Path) -> None:
    with suppress(OSError):  # what stays is dropped by the next start, and is never believed for long
        file.unlink(missing_ok=True)


def _read(file: Path) -> KernelSight | None:
    value = read_json(file)
    if value is None:
        return None
    lifetime_s = value.get("lifetime_s")
    try:
        at, how = datetime.fromisoformat(str(value.get("at"))), Sight(str(value.get("how")))
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return KernelSight(at=at, how=how, lifetime_s=lifetime_s if isinstance(lifetime_s, int) else None)
