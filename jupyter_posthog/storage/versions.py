"""The last versions of a notebook that this machine has seen, and storing an old one anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document import MARKDOWN, JsonValue
from jupyter_posthog.document.shapes import read_stored
from jupyter_posthog.errors import VersionGoneError
from jupyter_posthog.storage.notebooks import NotebookFacts, facts_of

if TYPE_CHECKING:
    from jupyter_posthog.records.ledgers import KeptVersion
    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.sending import Sender
    from jupyter_posthog.storage.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """An old version that is the newest one now, and the version that it took the place of."""

    facts: NotebookFacts
    replaced_version: int


class Versions:
    """Finds and restores versions."""

    def __init__(self, workbench: Workbench, sender: Sender) -> None:
        self._workbench = workbench
        self._sender = sender

    def kept(self, address: NotebookAddress) -> list[KeptVersion]:
        """Return the versions that are kept, newest first."""
        return list(self._workbench.ledgers.versions(self._workbench.key(address)))

    def document(self, address: NotebookAddress, version: int) -> JsonValue:
        """Return what PostHog held as one version.

        Raises:
            VersionGoneError: It is not kept here any more.
        """
        ledger = self._workbench.find_ledger(address, version)
        if ledger is None:
            raise VersionGoneError(version=str(version))
        return ledger.stored.document

    async def restore(self, address: NotebookAddress, version: int) -> Restored:
        """Store an old version as the newest one; what PostHog held until now stays in the history.

        Raises:
            VersionGoneError: It is not kept here any more.
            SaveConflictError: Somebody saved at this very moment. Nothing was stored.
        """
        return await self.store(address, self.document(address, version))

    async def store(self, address: NotebookAddress, document: JsonValue) -> Restored:
        """Store an old document as the newest version.

        Raises:
            SaveConflictError: Somebody saved at this very moment. Nothing was stored.
        """
        current = await self._workbench.fetch(address)
        # What is given up is kept here first, so that the restore can be undone.
        self._workbench.keep_version(address, current)
        stored = read_stored(document)
        record = await self._sender.send(
            address,
            document,
            shape=stored.shape,
            text_content=stored.text if stored.shape == MARKDOWN else None,
            base_version=current.version,
        )
        self._workbench.keep_version(address, record)
        return Restored(facts=facts_of(address, record), replaced_version=current.version)
