"""JSON files that are whole or absent, and readable by their owner only."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookKey:
    """Identity of one remote notebook on this machine, whatever name its connection has.

    Attributes:
        origin: The host with scheme and port.
    """

    origin: str
    project_id: int
    short_id: str

    def folder_below(self, root: Path) -> Path:
        """Return this notebook's own folder below a store's folder."""
        return root / quote(self.origin, safe="") / str(self.project_id) / quote(self.short_id, safe="")


def write_json(file: Path, value: JsonObject) -> None:
    """Replace one file by the value, whole or not at all.

    Raises:
        OSError: The disk is full or not writable; the old file is untouched.
    """
    write_text(file, json.dumps(value))


def write_text(file: Path, text: str, *, mode: int = 0o600) -> None:
    """Replace one file by the text so that a reader, or a crash, meets the old or the new text, never half of one.

    Args:
        mode: Who may read it; the person's umask takes away from it.

    Raises:
        OSError: The disk is full or not writable; the old file is untouched.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_json(file: Path) -> JsonObject | None:
    """Return one file's object, or None when there is none that can be read."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return value if isinstance(value, dict) else None
