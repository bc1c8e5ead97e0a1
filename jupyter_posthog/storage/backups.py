"""Every notebook of a project in a folder: what changed is read, the rest only looked at.

The list tells when each notebook was changed last and what it is called. What the folder knows already is not asked
for again; what may be news is asked for by version, so that PostHog sends it only where it is news
(posthog-api.md 6.4, 6.6).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from jupyter_posthog.errors import NotebookNotFoundError, PosthogError
from jupyter_posthog.storage.backup_folders import STOP_EVERYTHING, BackupFolder, LocalFile, mine_beside
from jupyter_posthog.storage.listing import STABLE_ORDER, ListQuestion, NotebookLists
from jupyter_posthog.storage.notebook_files import digest_of, notebook_text
from jupyter_posthog.storage.notebooks import NotebookFacts, facts_of
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.pulled_files import FileStatus, PulledFile, PullWishes

if TYPE_CHECKING:
    from jupyter_posthog.api.models import RemoteNotebook
    from jupyter_posthog.storage.workbench import Workbench

_AT_ONCE = 6
#: A pull that is killed loses at most so much of what it knows; the next one finds the files as they are.
_NOTED_EVERY = 25

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


class Backups:
    """Pulls whole projects."""

    def __init__(self, workbench: Workbench, lists: NotebookLists) -> None:
        self._workbench = workbench
        self._lists = lists

    async def pull(
        self,
        folder: BackupFolder,
        connection: str,
        *,
        wishes: PullWishes,
        begin: Callable[[int], None],
        tell: Callable[[PulledFile], None],
    ) -> None:
        """Bring a folder up to date.

        Args:
            begin: Told how many notebooks there are, before the first is read.
            tell: Told of each notebook as it is done.

        Raises:
            PosthogError: PostHog does not answer, or knows the credential no more. What is done stays done.
            OSError: The disk is full or not writable.
        """
        question = ListQuestion(order=STABLE_ORDER)
        rows = [row.facts async for row in self._lists.rows(connection, folder.project_id, question)]
        pull = _Pull(self._workbench, folder, wishes, tell)
        begin(len(rows))
        try:
            await pull.files(rows)
            await pull.missing(connection, {facts.address.short_id for facts in rows})
        finally:
            folder.keep()


class _Pull:
    """One pull on its way."""

    def __init__(
        self, workbench: Workbench, folder: BackupFolder, wishes: PullWishes, tell: Callable[[PulledFile], None]
    ) -> None:
        self._workbench = workbench
        self._folder = folder
        self._wishes = wishes
        self._tell = tell
        self._stopped_by: Exception | None = None
        self._written = 0

    async def files(self, rows: list[NotebookFacts]) -> None:
        """Bring the files of notebooks that PostHog has up to date, a few at once."""
        limiter = anyio.CapacityLimiter(_AT_ONCE)

        async def one(facts: NotebookFacts) -> None:
            async with limiter:
                if self._stopped_by is None:
                    await self._one(facts)

        async with anyio.create_task_group() as tasks:
            for facts in rows:
                tasks.start_soon(one, facts)
        if self._stopped_by is not None:
            raise self._stopped_by

    async def missing(self, connection: str, listed: set[str]) -> None:
        """Say which notebooks PostHog has no more, and delete their files where a person wishes that."""
        for short_id in sorted(set(self._folder.short_ids) - listed):
            entry = self._folder.entry(short_id)
            assert entry is not None
            if not entry.is_gone:
                address = NotebookAddress(connection=connection, project_id=self._folder.project_id, short_id=short_id)
                try:
                    await self._workbench.fetch(address)
                except NotebookNotFoundError:
                    self._folder.note_gone(short_id)
                else:
                    continue  # made or moved while the list was read; the next pull has it
            self._tell(self._gone(short_id))

    def _gone(self, short_id: str) -> PulledFile:
        entry = self._folder.entry(short_id)
        assert entry is not None
        local = self._folder.file_of(entry)
        status = FileStatus.GONE
        if local.text is None:
            self._folder.drop(short_id)
        elif self._wishes.prunes and not local.is_edited:
            local.path.unlink()
            self._folder.drop(short_id)
            status = FileStatus.DELETED
        return PulledFile(short_id=short_id, file=entry.file, status=status, version=entry.version)

    async def _one(self, facts: NotebookFacts) -> None:
        short_id = facts.address.short_id
        try:
            done = await self._brought_up_to_date(facts)
        except NotebookNotFoundError:
            return  # trashed since it was listed; the next pull tells
        except (*STOP_EVERYTHING, OSError) as error:
            self._stopped_by = self._stopped_by or error
            return
        except PosthogError as error:
            _log.warning("not_pulled short_id=%s reason=%s", short_id, error.reason)
            file = self._folder.local(facts).path.name
            done = PulledFile(short_id=short_id, file=file, status=FileStatus.FAILED, error=error)
        self._tell(done)
        if done.status in {FileStatus.NEW, FileStatus.UPDATED}:
            self._written += 1
            if self._written % _NOTED_EVERY == 0:
                self._folder.keep()

    async def _brought_up_to_date(self, facts: NotebookFacts) -> PulledFile:
        local = self._folder.local(facts)
        entry = local.entry
        gives_way = local.is_edited and self._wishes.overwrites
        if entry is None or local.text is None or gives_way:
            return await self._written_anew(facts, await self._workbench.fetch(facts.address))
        if entry.modified_at == facts.modified_at and not entry.is_gone and not self._wishes.asks_all:
            return self._untouched(local, replace(facts, version=entry.version))
        api = self._workbench.api(facts.address.connection).notebooks
        record = await api.fetch_if_changed(
            facts.address.project_id, facts.address.short_id, known_version=entry.version
        )
        if record is None:
            return self._untouched(local, replace(facts, version=entry.version))
        return await self._written_anew(facts, record)

    def _untouched(self, local: LocalFile, facts: NotebookFacts) -> PulledFile:
        """Keep the text; only the title may have changed."""
        assert local.entry is not None
        path = self._folder.note(local.path, facts, local.entry.digest)
        status = FileStatus.UNCHANGED if path == local.path else FileStatus.RENAMED
        return self._done(facts, path, FileStatus.EDITED if local.is_edited else status)

    async def _written_anew(self, listed: NotebookFacts, record: RemoteNotebook) -> PulledFile:
        facts = facts_of(listed.address, record)
        text = await anyio.to_thread.run_sync(self._text, listed.address, record)
        local = self._folder.local(listed)  # read again: somebody may have saved it while PostHog was asked
        kept_as = ""
        is_same = local.text is not None and digest_of(local.text) == digest_of(text)
        if local.is_edited and not is_same:
            if not self._wishes.overwrites:
                return self._done(facts, local.path, FileStatus.EDITED_BY_BOTH)
            kept_as = mine_beside(local.path).name
        if is_same:
            path = self._folder.note(local.path, facts, digest_of(text))
            return self._done(facts, path, FileStatus.UNCHANGED if path == local.path else FileStatus.RENAMED)
        path = self._folder.write(local, facts, text)
        status = FileStatus.NEW if local.text is None and local.entry is None else FileStatus.UPDATED
        return replace(self._done(facts, path, status), kept_as=kept_as)

    def _text(self, address: NotebookAddress, record: RemoteNotebook) -> str:
        """Return the text that every machine writes for this version, and remember it as a base of edits."""
        read = self._workbench.read(address, record)
        self._workbench.keep_ledger(address, record.version, read.ledger)
        return notebook_text(read.notebook)

    def _done(self, facts: NotebookFacts, path: Path, status: FileStatus) -> PulledFile:
        return PulledFile(short_id=facts.address.short_id, file=path.name, status=status, version=facts.version)
