"""The last versions of a notebook that this machine has seen: preview and restore, and Jupyter's checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_posthog.document import read_document
from jupyter_posthog.errors import BaseUnknownError
from jupyter_posthog.storage.notebooks import NotebookFacts, facts_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_posthog.document import Ledger
    from jupyter_posthog.records.ledgers import KeptVersion
    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.sending import Sender
    from jupyter_posthog.storage.workbench import Workbench


class Versions:
    """Reads and restores versions that are kept here."""

    def __init__(self, workbench: Workbench, sender: Sender) -> None:
        self._workbench = workbench
        self._sender = sender

    def kept(self, address: NotebookAddress) -> list[KeptVersion]:
        """Return the versions that are kept, newest first."""
        return list(self._workbench.ledgers.versions(self._workbench.key(address)))

    def preview(self, address: NotebookAddress, version: int) -> NotebookNode:
        """Return one version as a notebook.

        Raises:
            BaseUnknownError: It is not kept here any more.
        """
        return read_document(self._ledger(address, version).stored.document).notebook

    async def restore(self, address: NotebookAddress, version: int) -> NotebookFacts:
        """Store an old version as the newest one; what PostHog held until now stays in the history.

        Raises:
            BaseUnknownError: It is not kept here any more.
            SaveConflictError: Somebody saved at this very moment. Nothing was stored.
        """
        stored = self._ledger(address, version).stored
        api = self._workbench.api(address.connection).notebooks
        current = await api.fetch(address.project_id, address.short_id)
        # What is given up is kept here first, so that the restore can be undone.
        self._workbench.keep_ledger(address, current.version, self._workbench.read(address, current).ledger)
        record = await self._sender.send(
            address,
            stored.document,
            shape=stored.shape,
            text_content=stored.text if stored.shape == "markdown" else None,
            base_version=current.version,
        )
        self._workbench.keep_ledger(address, record.version, self._workbench.read(address, record).ledger)
        return facts_of(address, record)

    def _ledger(self, address: NotebookAddress, version: int) -> Ledger:
        ledger = self._workbench.find_ledger(address, version)
        if ledger is None:
            raise BaseUnknownError(base_version=version, stored_version=version)
        return ledger
