"""What a folder of pulled notebooks knows of itself: one small file beside them, made to be committed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import msgspec

from jupyter_posthog.records.files import write_text

MANIFEST = ".posthog-notebooks.json"
_FORM = 1
_FOR_EVERYONE = 0o666


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupEntry:
    """One notebook of the folder.

    Attributes:
        file: Its name in the folder.
        version: What the file was made from; None where no save was ever counted.
        modified_at: PostHog's moment of the last change that the file knows.
        digest: Of the file's text as it was written, so that edits show.
        is_gone: Whether PostHog said that there is no such notebook any more.
    """

    file: str
    version: int
    title: str
    modified_at: str
    digest: str
    is_gone: bool = False


@dataclass(kw_only=True)
class BackupManifest:
    """The notebooks of one project, by short_id."""

    origin: str
    project_id: int
    notebooks: dict[str, BackupEntry] = field(default_factory=dict)

    def to_text(self) -> str:
        """Return the same text for the same notebooks, in whatever order they came."""
        rows = {short_id: asdict(self.notebooks[short_id]) for short_id in sorted(self.notebooks)}
        value = {"form": _FORM, "host": self.origin, "project_id": self.project_id, "notebooks": rows}
        return json.dumps(value, indent=1, sort_keys=True) + "\n"


class _Stored(msgspec.Struct):
    form: int
    host: str
    project_id: int
    notebooks: dict[str, BackupEntry]


def read_manifest(folder: Path) -> BackupManifest | None:
    """Return what a folder knows of itself; None where it was never pulled into.

    Raises:
        ValueError: The file is there, and is none that this package wrote.
    """
    try:
        stored = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=_Stored)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    if stored.form != _FORM or not all(_is_plain(entry.file) for entry in stored.notebooks.values()):
        raise ValueError("another form")
    return BackupManifest(origin=stored.host, project_id=stored.project_id, notebooks=stored.notebooks)


def write_manifest(folder: Path, manifest: BackupManifest) -> None:
    """Replace the file, whole or not at all; the same notebooks leave it untouched.

    Raises:
        OSError: The disk is full or not writable; the old file is untouched.
    """
    file, text = folder / MANIFEST, manifest.to_text()
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        write_text(file, text, mode=_FOR_EVERYONE)


def _is_plain(name: str) -> bool:
    """Whether a name stays in the folder: a manifest may come from anybody, with a repository."""
    return name.endswith(".ipynb") and not name.startswith(".") and not set(name) & set("/\\\0")
