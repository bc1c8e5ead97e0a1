"""``jupyter posthog pull --all``: every notebook of a project, as a folder that git can keep."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from jupyter_posthog.cli.progress import Progress
from jupyter_posthog.cli.workplace import Workplace
from jupyter_posthog.messages import sentence_with_detail
from jupyter_posthog.storage.backup_folders import BackupFolder
from jupyter_posthog.storage.pulled_files import FileStatus, PulledFile, PullWishes

#: What a person should read of a file; what is not here goes without saying.
_LINES = {
    FileStatus.NEW: "new: {file}",
    FileStatus.UPDATED: "updated: {file}",
    FileStatus.RENAMED: "renamed: {file}",
    FileStatus.EDITED: "kept: {file} was edited here; push it, or pull with --force",
    FileStatus.EDITED_BY_BOTH: (
        "kept: {file} was edited here, and PostHog has a newer one; push it, or pull with --force"
    ),
    FileStatus.GONE: "kept: {file} is not in PostHog any more, or in its trash; --prune deletes the file",
    FileStatus.DELETED: "deleted: {file} is not in PostHog any more, or in its trash",
}
_OF_THE_BAR = {FileStatus.NEW, FileStatus.UPDATED}
_WORDS = {
    FileStatus.NEW: "new",
    FileStatus.UPDATED: "updated",
    FileStatus.RENAMED: "renamed",
    FileStatus.UNCHANGED: "unchanged",
    FileStatus.EDITED: "edited here",
    FileStatus.EDITED_BY_BOTH: "edited here and in PostHog",
    FileStatus.GONE: "gone",
    FileStatus.DELETED: "deleted",
    FileStatus.FAILED: "failed",
}


async def pull_folder(workplace: Workplace, options: argparse.Namespace) -> int:
    """Bring the folder up to date; 1 where a notebook could not be read."""
    connection = workplace.connection
    folder = BackupFolder.of_project(
        Path(options.all), origin=workplace.connections.origin(connection), project_id=await workplace.project_id()
    )
    wishes = PullWishes(overwrites=options.force, prunes=options.prune, asks_all=options.ask_all)
    pulled: list[PulledFile] = []
    with Progress(sys.stdout, is_silent=options.json) as progress:

        def tell(file: PulledFile) -> None:
            pulled.append(file)
            _tell(progress, file)

        await workplace.storage.backups.pull(folder, connection, wishes=wishes, begin=progress.begin, tell=tell)
    pulled.sort(key=lambda file: file.file)
    if options.json:
        print(json.dumps({"folder": str(folder.path), "notebooks": [_as_json(file) for file in pulled]}, indent=1))
    else:
        counts = Counter(file.status for file in pulled)
        parts = [f"{counts[status]} {words}" for status, words in _WORDS.items() if counts[status]]
        print(f"{folder.path}: {', '.join(parts) or 'no notebooks'}")
    return 1 if any(file.status is FileStatus.FAILED for file in pulled) else 0


def _tell(progress: Progress, file: PulledFile) -> None:
    progress.step(file.file)
    if file.error is not None:
        progress.clear()
        print(f"{file.file}: {sentence_with_detail(file.error)}", file=sys.stderr)
    elif file.status in _LINES and not (progress.has_bar and file.status in _OF_THE_BAR):
        progress.say(_LINES[file.status].format(file=file.file))
    if file.kept_as:
        progress.say(f"your edits of {file.file} are in {file.kept_as}")


def _as_json(file: PulledFile) -> dict[str, object]:
    facts: dict[str, object] = {
        "short_id": file.short_id,
        "file": file.file,
        "status": file.status.value,
        "version": file.version,
    }
    if file.kept_as:
        facts["kept_as"] = file.kept_as
    if file.error is not None:
        facts["error"] = {"reason": file.error.reason, "message": sentence_with_detail(file.error)}
    return facts
