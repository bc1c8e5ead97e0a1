"""A folder that holds the notebooks of one project as files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from jupyter_posthog.errors import HostAwayError, KeyRefusedError, NotPosthogError, RateLimitedError, WrongNotebookError
from jupyter_posthog.records.backups import MANIFEST, BackupEntry, BackupManifest, read_manifest, write_manifest
from jupyter_posthog.storage.exporting import kept_name
from jupyter_posthog.storage.notebook_files import digest_of, replace_notebook_text
from jupyter_posthog.storage.notebooks import NotebookFacts
from jupyter_posthog.storage.paths import SUFFIX

#: What a person's own edits are moved to where PostHog's notebook takes their place.
MINE = f".mine{SUFFIX}"
#: Failures that concern every notebook of a folder, so that going on to the next one is of no use.
STOP_EVERYTHING = (HostAwayError, KeyRefusedError, NotPosthogError, RateLimitedError)
_NAMED = re.compile(r"(?s).* \[(?P<short_id>[A-Za-z0-9]{1,12})\]\.ipynb")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """One notebook's file as it lies in the folder now.

    Attributes:
        text: None where there is no file.
        entry: What was written when it was pulled; None where it never was.
    """

    path: Path
    text: str | None
    entry: BackupEntry | None

    @property
    def is_edited(self) -> bool:
        """Whether somebody wrote into it since its pull; a file that was never pulled is somebody's."""
        if self.text is None:
            return False
        return self.entry is None or digest_of(self.text) != self.entry.digest


class BackupFolder:
    """The files of one folder, and what was written into them."""

    def __init__(self, folder: Path, manifest: BackupManifest) -> None:
        self.path = folder
        self._manifest = manifest

    @classmethod
    def open(cls, folder: Path) -> BackupFolder | None:
        """Return a folder that was pulled into; None where it never was.

        Raises:
            WrongNotebookError: What it knows of itself cannot be read.
        """
        try:
            manifest = read_manifest(folder)
        except ValueError as error:
            problem = f"{folder / MANIFEST} is damaged; delete it, and the next pull makes it anew"
            raise WrongNotebookError(problem=problem) from error
        return None if manifest is None else cls(folder, manifest)

    @classmethod
    def of_project(cls, folder: Path, *, origin: str, project_id: int) -> BackupFolder:
        """Return the folder of one project, which is made where there is none.

        Raises:
            WrongNotebookError: It holds another project's notebooks.
        """
        found = cls.open(folder)
        if found is None:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(folder, BackupManifest(origin=origin, project_id=project_id))
        if (found.origin, found.project_id) != (origin, project_id):
            problem = f"{folder} holds project {found.project_id} of {found.origin}; choose another folder"
            raise WrongNotebookError(problem=problem)
        return found

    @property
    def origin(self) -> str:
        """The PostHog that the notebooks belong to."""
        return self._manifest.origin

    @property
    def project_id(self) -> int:
        """The project that they belong to."""
        return self._manifest.project_id

    @property
    def short_ids(self) -> tuple[str, ...]:
        """Every notebook that was pulled."""
        return tuple(self._manifest.notebooks)

    @cached_property
    def _by_short_id(self) -> dict[str, str]:
        """Files by the short_id in their names, as they lay when they were first looked for."""
        names = sorted(path.name for path in self.path.glob(f"*{SUFFIX}") if not path.name.endswith(MINE))
        found = ((_NAMED.fullmatch(name), name) for name in reversed(names))
        return {match["short_id"]: name for match, name in found if match}

    def entry(self, short_id: str) -> BackupEntry | None:
        """Return what is known of one notebook."""
        return self._manifest.notebooks.get(short_id)

    def entry_of_file(self, name: str) -> tuple[str, BackupEntry] | None:
        """Return the notebook that a file was pulled as."""
        found = ((short_id, entry) for short_id, entry in self._manifest.notebooks.items() if entry.file == name)
        return next(found, None)

    def local(self, facts: NotebookFacts) -> LocalFile:
        """Return a notebook's file, also where a person gave it another name that ends in its short_id."""
        short_id = facts.address.short_id
        entry = self.entry(short_id)
        if entry is not None and (self.path / entry.file).exists():
            return self._read(entry.file, entry)
        return self._read(self._by_short_id.get(short_id, f"{kept_name(facts)}{SUFFIX}"), entry)

    def file_of(self, entry: BackupEntry) -> LocalFile:
        """Return the file of a notebook that PostHog may not have any more."""
        return self._read(entry.file, entry)

    def _read(self, name: str, entry: BackupEntry | None) -> LocalFile:
        path = self.path / name
        try:
            text = path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            text = None
        return LocalFile(path=path, text=text, entry=entry)

    def write(self, local: LocalFile, facts: NotebookFacts, text: str) -> Path:
        """Write what PostHog holds, and return the file; its name follows the title."""
        # A folder may come from anybody, with a repository: a link in it must not lead our writing elsewhere.
        replace_notebook_text(local.path, text)
        return self.note(local.path, facts, digest_of(text))

    def note(self, path: Path, facts: NotebookFacts, digest: str) -> Path:
        """Take note of what a file holds, and return where it is: its name follows the title."""
        short_id = facts.address.short_id
        before = self.entry(short_id)
        is_renamed = before is None or before.title != facts.title
        path = self._renamed(path, kept_name(facts)) if is_renamed else path
        self._manifest.notebooks[short_id] = BackupEntry(
            file=path.name,
            version=facts.version if facts.version is not None else before.version if before else 0,
            title=facts.title,
            modified_at=facts.modified_at,
            digest=digest,
        )
        return path

    def note_gone(self, short_id: str) -> None:
        """Take note that PostHog has a notebook no more; its file stays."""
        self._manifest.notebooks[short_id] = replace(self._manifest.notebooks[short_id], is_gone=True)

    def drop(self, short_id: str) -> None:
        """Forget a notebook."""
        self._manifest.notebooks.pop(short_id, None)

    def keep(self) -> None:
        """Write down what is known; what was known already leaves the folder untouched."""
        write_manifest(self.path, self._manifest)

    def _renamed(self, path: Path, name: str) -> Path:
        wanted = self.path / f"{name}{SUFFIX}"
        if wanted == path:
            return path
        # Where only the case of letters changes, some file systems find the file itself under its new name.
        if wanted.exists() and not wanted.samefile(path):
            return path  # somebody's own file; it is not ours to replace
        path.rename(wanted)
        return wanted


def mine_beside(path: Path) -> Path:
    """Move a person's edits aside, to a name that nothing has yet, and return it."""
    aside, number = path.with_name(f"{path.stem}{MINE}"), 2
    while aside.exists():
        aside, number = path.with_name(f"{path.stem}.{number}{MINE}"), number + 1
    path.rename(aside)
    return aside
