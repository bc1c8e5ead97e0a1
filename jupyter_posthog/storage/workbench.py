"""What opening and saving share: the connections' APIs and the local records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.models import RemoteNotebook
from jupyter_posthog.document import CellIdentity, Ledger, NotebookIdentity, ReadDocument, read_document
from jupyter_posthog.records.drafts import DraftStore
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.ledgers import LedgerStore
from jupyter_posthog.records.outputs import OutputStore
from jupyter_posthog.records.runs import RunStore
from jupyter_posthog.storage.paths import NotebookAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The objects that every storage action works with.

    Attributes:
        api: Gives the API of a connection by name.
        origin: Gives the host of a connection by name.
        now: The current moment, aware, UTC.
    """

    api: Callable[[str], PosthogApi]
    origin: Callable[[str], str]
    now: Callable[[], datetime]
    ledgers: LedgerStore
    drafts: DraftStore
    runs: RunStore
    outputs: OutputStore

    def key(self, address: NotebookAddress) -> NotebookKey:
        """Return the notebook's identity on this machine."""
        return NotebookKey(
            origin=self.origin(address.connection), project_id=address.project_id, short_id=address.short_id
        )

    def read(
        self, address: NotebookAddress, record: RemoteNotebook, kept_cells: tuple[CellIdentity, ...] = ()
    ) -> ReadDocument:
        """Convert a record's document as a page shows it."""
        identity = NotebookIdentity(
            host=self.origin(address.connection),
            project_id=address.project_id,
            short_id=address.short_id,
            version=record.version,
        )
        document: JsonValue = record.content  # type: ignore[assignment]  # any JSON, kept raw
        return read_document(document, identity=identity, kept_cells=kept_cells)

    async def fetch(self, address: NotebookAddress) -> RemoteNotebook:
        """Return what PostHog holds now.

        Raises:
            NotebookNotFoundError: It does not exist or is in the trash.
        """
        return await self.api(address.connection).notebooks.fetch(address.project_id, address.short_id)

    def keep_version(self, address: NotebookAddress, record: RemoteNotebook) -> None:
        """Remember a version that no page was given, so that it can be looked at and put back."""
        self.keep_ledger(address, record.version, self.read(address, record).ledger)

    def keep_ledger(self, address: NotebookAddress, version: int, ledger: Ledger) -> None:
        """Remember what a page was given for one version."""
        self.ledgers.keep(self.key(address), version, ledger.to_json())

    def find_ledger(self, address: NotebookAddress, version: int) -> Ledger | None:
        """Return what a page was given for one version, or None when that is not known here."""
        value = self.ledgers.find(self.key(address), version)
        return None if value is None else Ledger.from_json(value)
