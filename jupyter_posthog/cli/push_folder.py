"""``jupyter posthog push`` of a folder: what was edited there since its pull, one save each."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from jupyter_posthog.cli.conflict_text import conflict_lines
from jupyter_posthog.cli.documents import read_notebook, read_text
from jupyter_posthog.cli.new_file import create_of_file
from jupyter_posthog.cli.progress import Progress
from jupyter_posthog.cli.push_file import PushedFile, PushStatus, ReadFile, push_file
from jupyter_posthog.cli.workplace import Workplace
from jupyter_posthog.document.code_cells import own_metadata
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.messages import sentence_with_detail
from jupyter_posthog.storage.backup_folders import MINE, STOP_EVERYTHING, BackupFolder
from jupyter_posthog.storage.notebook_files import digest_of


class Outcome(StrEnum):
    """What became of a file, where nothing was pushed."""

    UNTOUCHED = "unchanged"
    CREATED = "created"
    NOT_IN_POSTHOG = "not_in_posthog"
    SECOND_FILE = "second_file"
    LINK = "link"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderFile:
    """One file of the folder and what became of it; ``words`` is what a person should read, where anything."""

    file: str
    status: str
    words: str = ""
    short_id: str = ""
    version: int | None = None
    conflict: dict[str, Any] | None = None
    is_wrong: bool = False


async def push_folder(workplace: Workplace, options: argparse.Namespace) -> int:
    """Push each file that was edited; 1 where one was not saved."""
    push = _FolderPush(workplace, options)
    paths = sorted(path for path in options.file.glob("*.ipynb") if not path.name.startswith("."))
    done: list[FolderFile] = []
    with Progress(sys.stdout, is_silent=options.json) as progress:
        progress.begin(len(paths))
        for path in paths:
            file = await push.one(path)
            done.append(file)
            progress.step(file.file)
            _tell(progress, file, is_silent=options.json)
    if options.json:
        print(json.dumps({"folder": str(options.file), "files": [_as_json(file) for file in done]}, indent=1))
    else:
        counts = Counter(file.status.replace("_", " ") for file in done)
        print(f"{options.file}: {', '.join(f'{counts[status]} {status}' for status in sorted(counts)) or 'no files'}")
    return 1 if any(file.is_wrong for file in done) else 0


class _FolderPush:
    """One push of a folder on its way."""

    def __init__(self, workplace: Workplace, options: argparse.Namespace) -> None:
        self._folder = BackupFolder.open(options.file)
        self._workplace = workplace
        self._options = options

    async def one(self, path: Path) -> FolderFile:
        """Push one file; what is wrong with it concerns no other file."""
        try:
            return await self._one(path)
        except STOP_EVERYTHING:
            raise
        except PosthogError as error:
            return FolderFile(file=path.name, status=Outcome.FAILED, words=sentence_with_detail(error), is_wrong=True)

    async def _one(self, path: Path) -> FolderFile:
        if path.is_symlink():  # noqa: ASYNC240  # a look at the folder
            words = "not pushed: it is a link, which may lead out of the folder; push the file itself"
            return FolderFile(file=path.name, status=Outcome.LINK, words=words)
        known = self._folder.entry_of_file(path.name) if self._folder is not None else None
        text = read_text(str(path))
        if known is not None and digest_of(text) == known[1].digest:
            return FolderFile(file=path.name, status=Outcome.UNTOUCHED, short_id=known[0], version=known[1].version)
        if path.name.endswith(MINE):
            return FolderFile(file=path.name, status=Outcome.SECOND_FILE, words="holds edits that were moved aside")
        notebook = read_notebook(text, name=path.name)
        short_id = str(own_metadata(notebook).get("short_id") or "")
        if not short_id:
            return await self._create(path, notebook)
        entry = self._folder.entry(short_id) if self._folder is not None else None
        if entry is not None and entry.file != path.name and path.with_name(entry.file).exists():
            words = f"not pushed: it is a second file of the notebook in {entry.file}"
            return FolderFile(file=path.name, status=Outcome.SECOND_FILE, words=words, short_id=short_id)
        file = ReadFile(path=path, text=text, notebook=notebook)
        pushed = await push_file(self._workplace, file, self._options.way_out)
        if self._folder is not None and pushed.facts is not None:
            path = self._folder.note(path, pushed.facts, pushed.digest)
            self._folder.keep()  # at once: what is not known of a saved file looks like an edit to the next pull
        return _pushed(path, pushed)

    async def _create(self, path: Path, notebook: Any) -> FolderFile:
        if not self._options.create:
            words = "not pushed: PostHog does not have it; --create makes a new notebook of it"
            return FolderFile(file=path.name, status=Outcome.NOT_IN_POSTHOG, words=words)
        made = await create_of_file(self._workplace, path, notebook, self._folder)
        words = f"created as {made.short_id}, now in {made.file.name}"
        if made.notes:
            words += f"; not carried: {'; '.join(made.notes)}"
        return FolderFile(
            file=made.file.name, status=Outcome.CREATED, words=words, short_id=made.short_id, version=made.version
        )


def _pushed(path: Path, pushed: PushedFile) -> FolderFile:
    words = {
        PushStatus.SAVED: f"saved as version {pushed.version}",
        PushStatus.COPIED: f"saved as a notebook of its own, {pushed.copy}",
        PushStatus.TOOK_THEIRS: f"holds PostHog's notebook; yours is in {pushed.mine.name if pushed.mine else ''}",
    }.get(pushed.status, "")
    if pushed.merged is not None and pushed.merged.blocks:
        words += f", merged with {pushed.merged.blocks} changed by {pushed.merged.by or 'somebody else'}"
    return FolderFile(
        file=path.name,
        status=pushed.status,
        words=words,
        short_id=pushed.short_id,
        version=pushed.version,
        conflict=pushed.conflict,
        is_wrong=pushed.status is PushStatus.CONFLICT,
    )


def _tell(progress: Progress, file: FolderFile, *, is_silent: bool) -> None:
    if is_silent:
        return
    if file.conflict is not None:
        progress.clear()
        print(f"{file.file}:", *conflict_lines(file.conflict), sep="\n", file=sys.stderr)
    elif file.is_wrong:
        progress.clear()
        print(f"{file.file}: {file.words}", file=sys.stderr)
    elif file.words:
        progress.say(f"{file.file}: {file.words}")


def _as_json(file: FolderFile) -> dict[str, object]:
    facts: dict[str, object] = {"file": file.file, "status": str(file.status), "short_id": file.short_id}
    if file.version is not None:
        facts["version"] = file.version
    if file.words:
        facts["message"] = file.words
    if file.conflict is not None:
        facts["conflict"] = file.conflict
    return facts
