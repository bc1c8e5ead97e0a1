"""Which shape a server gives to a new notebook: Markdown today, rich on older servers (posthog-api.md 6.5)."""

from __future__ import annotations

from jupyter_posthog.api.bodies import JsonValue
from jupyter_posthog.api.models import RemoteNotebook
from jupyter_posthog.document import MARKDOWN, RICH, shape_of
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.workbench import Workbench


class NewShapes:
    """Knows the shape for each connection; what is not known yet is asked of the server."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._known: dict[str, str] = {}

    def known(self, connection: str) -> str | None:
        """Return the shape of new notebooks, where it has been seen."""
        return self._known.get(connection)

    def learn(self, connection: str, created: RemoteNotebook) -> str:
        """Take note of what the server stored for a notebook that was created without content."""
        content: JsonValue = created.content  # type: ignore[assignment]  # any JSON, kept raw
        self._known[connection] = MARKDOWN if shape_of(content) == MARKDOWN else RICH
        return self._known[connection]

    async def of(self, address: NotebookAddress) -> str:
        """Return the shape for a notebook that holds nothing yet; it must exist."""
        if address.connection not in self._known:
            api = self._workbench.api(address.connection)
            knows = await api.notebooks.knows_markdown(address.project_id, address.short_id)
            self._known[address.connection] = MARKDOWN if knows else RICH
        return self._known[address.connection]
