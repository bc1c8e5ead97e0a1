"""Remote notebooks as Jupyter notebooks: list, describe, open, rename."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.api.models import NotebookSummary, RemoteNotebook
from jupyter_posthog.document import JsonValue
from jupyter_posthog.storage.paths import MAXIMUM_TITLE, NotebookAddress, notebook_path
from jupyter_posthog.storage.run_results import RunResults
from jupyter_posthog.storage.seen_records import SeenRecords
from jupyter_posthog.storage.workbench import Workbench

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: What a folder lists at most, newest first: ten requests.
MOST_LISTED = 1000
_WRITERS = {"editor", "manager", None}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookFacts:
    """What Jupyter shows of a notebook without its cells.

    Attributes:
        path: The canonical drive path.
        version: PostHog's version; None in a list, which does not tell it.
    """

    address: NotebookAddress
    path: str
    title: str
    version: int | None
    created_at: str
    modified_at: str
    modified_by: str
    is_writable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNotebook:
    """A notebook with its cells and what they were made from.

    Attributes:
        document: As PostHog stores it.
    """

    facts: NotebookFacts
    notebook: NotebookNode
    document: JsonValue


def facts_of(address: NotebookAddress, record: NotebookSummary) -> NotebookFacts:
    """Return the facts of one record or list row."""
    return NotebookFacts(
        address=address,
        path=notebook_path(address, record.title),
        title=record.title or "",
        version=record.version if isinstance(record, RemoteNotebook) else None,
        created_at=record.created_at or "",
        modified_at=record.last_modified_at or record.created_at or "",
        modified_by=editor_of(record),
        is_writable=record.user_access_level in _WRITERS,
    )


def editor_of(record: NotebookSummary) -> str:
    """Return the name of who saved a notebook last, else of who made it; empty where PostHog does not say."""
    person = record.last_modified_by or record.created_by
    return person.display_name if person else ""


class RemoteNotebooks:
    """Every action on remote notebooks but saving their cells."""

    def __init__(self, workbench: Workbench, seen: SeenRecords) -> None:
        self._workbench = workbench
        self._run_results = RunResults(workbench)
        self._seen = seen
        self._known: dict[NotebookAddress, NotebookFacts] = {}

    async def all_of(self, connection: str, project_id: int) -> tuple[NotebookFacts, ...]:
        """Return the notebooks of a project, last modified first, at most a thousand."""
        api = self._workbench.api(connection).notebooks
        found: dict[str, NotebookFacts] = {}  # by short_id: a notebook saved meanwhile moves, and is met twice
        while len(found) < MOST_LISTED:
            page = await api.list_notebooks(project_id, offset=len(found))
            before = len(found)
            for row in page.results:
                address = NotebookAddress(connection=connection, project_id=project_id, short_id=row.short_id)
                found.setdefault(row.short_id, facts_of(address, row))
            if len(found) in {before, page.count}:
                break
        return tuple(found.values())

    async def describe(self, address: NotebookAddress, *, title: str | None = None) -> NotebookFacts:
        """Return the facts of one notebook.

        Args:
            title: The title that the caller knows it by, where it knows one.

        Raises:
            NotebookNotFoundError: It does not exist or is in the trash.
        """
        return self.remember(facts_of(address, await self._seen.describe(address, title=title)))

    async def facts(self, address: NotebookAddress) -> NotebookFacts:
        """Return the facts as last seen; PostHog is asked only about a notebook never seen here."""
        return self._known.get(address) or await self.describe(address)

    def remember(self, facts: NotebookFacts) -> NotebookFacts:
        """Take facts that another action just learned, and return them."""
        self._known[facts.address] = facts
        return facts

    async def open(self, address: NotebookAddress, *, title: str | None = None) -> OpenNotebook:
        """Return one notebook with its cells and remember what was shown, so that a save sends only edits.

        Args:
            title: The title that the caller knows it by, where it knows one.
        """
        record = await self._seen.fetch(address, title=title)
        read = self._workbench.read(address, record)
        self._workbench.keep_ledger(address, record.version, read.ledger)
        await self._run_results.show(address, record.content, read.notebook)
        document: JsonValue = record.content  # type: ignore[assignment]  # any JSON, kept raw
        return OpenNotebook(facts=self.remember(facts_of(address, record)), notebook=read.notebook, document=document)

    async def rename(self, address: NotebookAddress, title: str) -> NotebookFacts:
        """Change the title; the short_id stays. Nothing is sent when the title is the same."""
        api = self._workbench.api(address.connection)
        current = await api.notebooks.fetch(address.project_id, address.short_id)
        self._seen.forget(address)
        if (current.title or "") == title:
            return self.remember(facts_of(address, current))
        record = await api.notebooks.rename(address.project_id, address.short_id, title=title[:MAXIMUM_TITLE])
        return self.remember(facts_of(address, record))

    async def move_to_trash(self, address: NotebookAddress) -> None:
        """Delete softly, as PostHog's own page does."""
        self._seen.forget(address)
        self._known.pop(address, None)
        await self._workbench.api(address.connection).notebooks.move_to_trash(address.project_id, address.short_id)

    async def restore_from_trash(self, address: NotebookAddress) -> NotebookFacts:
        """Take a notebook out of the trash; one that is not there stays as it is."""
        self._seen.forget(address)
        api = self._workbench.api(address.connection).notebooks
        return self.remember(facts_of(address, await api.restore_from_trash(address.project_id, address.short_id)))
