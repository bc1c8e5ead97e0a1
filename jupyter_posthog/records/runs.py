"""Results of runs that PostHog's documents do not hold yet: one file per notebook and node (design.md §5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from jupyter_posthog.records.files import JsonObject, NotebookKey, read_json, write_json

FINAL = frozenset({"done", "failed", "interrupted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """The newest run of one cell, written as the cell runs.

    Attributes:
        source_digest: Of the cell's whole source, as ``source_digest`` makes it.
        run_id: PostHog's id; None where the way of running knows none.
        status: ``running``, ``done``, ``failed`` or ``interrupted``.
        envelope: The run's ``result`` (posthog-api.md 12.3).
        error: PostHog's words about a failed run.
        recorded_at: ISO 8601, UTC.
    """

    node_id: str
    source_digest: str
    run_id: str | None
    status: str
    recorded_at: str
    envelope: JsonObject | None = None
    error: str = ""

    @property
    def is_final(self) -> bool:
        """Whether the run has ended."""
        return self.status in FINAL


def source_digest(source: str) -> str:
    """Return the SHA-256 of a cell's source, the same with any line ends."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class RunStore:
    """Run records as files; a newer run of a cell takes the place of the older one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, key: NotebookKey, record: RunRecord) -> None:
        """Store the newest state of one cell's run.

        Raises:
            OSError: The disk is full or not writable; an earlier record is untouched.
        """
        write_json(self._file(key, record.node_id), asdict(record))

    def records(self, key: NotebookKey) -> Iterator[RunRecord]:
        """Yield every record of one notebook that can be read."""
        for file in sorted(key.folder_below(self._folder).glob("*.json")):
            value = read_json(file)
            if value is not None and isinstance(value.get("node_id"), str):
                yield _from_json(value)

    def find(self, key: NotebookKey, node_id: str) -> RunRecord | None:
        """Return the record of one cell, or None."""
        value = read_json(self._file(key, node_id))
        return None if value is None else _from_json(value)

    def drop(self, key: NotebookKey, record: RunRecord) -> None:
        """Remove a record whose result PostHog's document holds now, unless the cell has run again meanwhile."""
        file = self._file(key, record.node_id)
        value = read_json(file)
        if value is not None and _from_json(value) == record:
            file.unlink(missing_ok=True)

    def _file(self, key: NotebookKey, node_id: str) -> Path:
        name = hashlib.sha256(node_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return key.folder_below(self._folder) / f"{name}.json"


def _from_json(value: JsonObject) -> RunRecord:
    run_id, envelope = value.get("run_id"), value.get("envelope")
    return RunRecord(
        node_id=str(value["node_id"]),
        source_digest=str(value.get("source_digest", "")),
        run_id=run_id if isinstance(run_id, str) else None,
        status=str(value.get("status", "")),
        recorded_at=str(value.get("recorded_at", "")),
        envelope=envelope if isinstance(envelope, dict) else None,
        error=str(value.get("error", "")),
    )
