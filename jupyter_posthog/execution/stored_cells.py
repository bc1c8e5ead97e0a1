"""The cells that PostHog stores for a notebook: whose node a running cell is, and what it is named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.document import node_id_of, read_cells
from jupyter_posthog.document.code_cells import own_metadata
from jupyter_posthog.execution.magics import CellText, read_cell
from jupyter_posthog.execution.variables import Variables, read_variables


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCell:
    """One stored code cell."""

    cell_id: str
    node_id: str
    source: str
    text: CellText
    result_name: str


class StoredCells:
    """The stored code cells of one notebook, asked for again only when PostHog has a newer version."""

    def __init__(self, api: PosthogApi, project_id: int, short_id: str, *, is_stored: bool) -> None:
        """Prepare.

        Args:
            is_stored: False for the scratchpad, which has no document (posthog-api.md 6.6).
        """
        self._api = api
        self._project_id = project_id
        self._short_id = short_id
        self._is_stored = is_stored
        self._version: int | None = None
        self._cells: tuple[StoredCell, ...] = ()
        self.variables: Variables = ()

    @property
    def cells(self) -> tuple[StoredCell, ...]:
        """The cells as last read."""
        return self._cells

    async def read(self) -> None:
        """Read the cells, where that was not done yet."""
        if self._is_stored and self._version is None:
            await self._read()

    async def read_variables_again(self) -> None:
        """Read the variables anew: a change of them is no new version (posthog-api.md 6.8)."""
        if self._is_stored:
            record = await self._api.notebooks.fetch(self._project_id, self._short_id)
            self.variables = read_variables(record.variables)

    async def find(self, *, cell_id: str | None, source: str) -> StoredCell | None:
        """Return the stored cell that a client runs: by the cell id it sent, else by exactly this source."""
        if not self._is_stored:
            return None
        if self._version is None:
            await self._read()
        found = self._known(cell_id, source)
        if found is None and cell_id is not None:
            await self._read()
            found = self._known(cell_id, source)
        return found

    def _known(self, cell_id: str | None, source: str) -> StoredCell | None:
        if cell_id is not None:
            return next((cell for cell in self._cells if cell.cell_id == cell_id), None)
        return next((cell for cell in self._cells if cell.source == source), None)

    async def _read(self) -> None:
        notebooks = self._api.notebooks
        if self._version is None:
            record = await notebooks.fetch(self._project_id, self._short_id)
        else:
            newer = await notebooks.fetch_if_changed(self._project_id, self._short_id, known_version=self._version)
            if newer is None:
                return
            record = newer
        self._version = record.version
        self._cells = _code_cells(record.content)
        self.variables = read_variables(record.variables)


def fallback_node_id(cell_id: str | None, source: str) -> str:
    """Return the node id of a cell that is not stored: the client's cell id, else a stable hash of the source."""
    return cell_id or f"phs-{hashlib.sha256(source.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def _code_cells(document: object) -> tuple[StoredCell, ...]:
    cells, _ = read_cells(document)  # type: ignore[arg-type]  # any JSON, kept raw
    found = []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        source = str(cell["source"])
        own = own_metadata(cell)
        text = read_cell(source)
        if isinstance(connection_id := own.get("connection_id"), str) and text.connection_id is None:
            # What the tag says stands in no line of the cell.
            text = replace(text, connection_id=connection_id, is_raw=own.get("send_raw_query") is True)
        named = own.get("return_variable")
        found.append(
            StoredCell(
                cell_id=str(cell["id"]),
                node_id=node_id_of(cell) or str(cell["id"]),
                source=source,
                text=text,
                result_name=named if isinstance(named, str) and text.name is None else text.result_name,
            )
        )
    return tuple(found)
