"""Outputs that PostHog's documents cannot hold, kept on this machine: one file per notebook and cell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from jupyter_posthog.records.files import JsonObject, JsonValue, NotebookKey, read_json, write_json

LARGEST_BYTES = 20_000_000
KEPT_CELLS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOutputs:
    """The outputs of one cell.

    Attributes:
        node_id: PostHog's id of the cell, else the id of the cell in Jupyter.
        source_digest: SHA-256 of the source they came from; under another source they are not shown.
        run_id: The run they came from, where there was one.
        outputs: As nbformat lists them.
    """

    node_id: str
    source_digest: str
    recorded_at: str
    outputs: list[JsonValue]
    run_id: str | None = None


class OutputStore:
    """Outputs as files; newer ones of a cell take the place of older ones, the oldest cells are dropped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, key: NotebookKey, kept: KeptOutputs) -> bool:
        """Store the outputs of one cell; False where they are too large to be kept.

        Raises:
            OSError: The disk is full or not writable; earlier ones are untouched.
        """
        value: JsonObject = asdict(kept)
        if len(json.dumps(value)) > LARGEST_BYTES:
            self.drop(key, kept.node_id)
            return False
        write_json(self._file(key, kept.node_id), value)
        self._drop_oldest(key)
        return True

    def kept(self, key: NotebookKey) -> Iterator[KeptOutputs]:
        """Yield what is kept of one notebook and can be read."""
        for file in sorted(key.folder_below(self._folder).glob("*.json")):
            value = read_json(file)
            if value is not None and isinstance(value.get("node_id"), str):
                yield _from_json(value)

    def drop(self, key: NotebookKey, node_id: str) -> None:
        """Forget the outputs of one cell."""
        self._file(key, node_id).unlink(missing_ok=True)

    def _file(self, key: NotebookKey, node_id: str) -> Path:
        name = hashlib.sha256(node_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return key.folder_below(self._folder) / f"{name}.json"

    def _drop_oldest(self, key: NotebookKey) -> None:
        files = list(key.folder_below(self._folder).glob("*.json"))
        if len(files) <= KEPT_CELLS:
            return
        for file in sorted(files, key=lambda file: file.stat().st_mtime_ns)[:-KEPT_CELLS]:
            file.unlink(missing_ok=True)


def _from_json(value: JsonObject) -> KeptOutputs:
    run_id, outputs = value.get("run_id"), value.get("outputs")
    return KeptOutputs(
        node_id=str(value["node_id"]),
        source_digest=str(value.get("source_digest", "")),
        recorded_at=str(value.get("recorded_at", "")),
        outputs=outputs if isinstance(outputs, list) else [],
        run_id=run_id if isinstance(run_id, str) else None,
    )
