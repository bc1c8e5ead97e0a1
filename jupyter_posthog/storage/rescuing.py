"""Legacy cells of a stored notebook made live again, on a person's wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_posthog.document import MARKDOWN, JsonValue, rescue_legacy_cells
from jupyter_posthog.document.shapes import read_stored

if TYPE_CHECKING:
    from jupyter_posthog.storage.paths import NotebookAddress
    from jupyter_posthog.storage.sending import Sender
    from jupyter_posthog.storage.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """What became of a notebook: how many cells were rewritten, and the version that PostHog holds now."""

    count: int
    version: int


class Rescuing:
    """Rewrites legacy cells where the notebook is stored."""

    def __init__(self, workbench: Workbench, sender: Sender) -> None:
        self._workbench = workbench
        self._sender = sender

    async def rescue(self, address: NotebookAddress) -> Rescued:
        """Rewrite every legacy cell of a notebook; the version of before is kept here and can be restored.

        Raises:
            SaveConflictError: Somebody saved at this very moment. Nothing was stored.
        """
        record = await self._workbench.fetch(address)
        document: JsonValue = record.content  # type: ignore[assignment]  # any JSON, kept raw
        rescued = rescue_legacy_cells(document)
        if not rescued.node_ids:
            return Rescued(count=0, version=record.version)
        self._workbench.keep_version(address, record)
        stored = read_stored(rescued.document)
        kept = await self._sender.send(
            address,
            rescued.document,
            shape=stored.shape,
            text_content=stored.text if stored.shape == MARKDOWN else None,
            base_version=record.version,
        )
        return Rescued(count=len(rescued.node_ids), version=kept.version)
