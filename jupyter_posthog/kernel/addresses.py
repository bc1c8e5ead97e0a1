"""Which notebook a kernel belongs to, as a person or Jupyter says it."""

from __future__ import annotations

from jupyter_posthog.connection.capabilities import SCRATCHPAD
from jupyter_posthog.connection.connections import Connections
from jupyter_posthog.errors import WrongNotebookError
from jupyter_posthog.settings import read_reference
from jupyter_posthog.storage.paths import NotebookAddress, parse_path

NOTEBOOK_VARIABLE = "POSTHOG_NOTEBOOK"


async def find_address(connections: Connections, said: str) -> NotebookAddress:
    """Return the notebook that a drive path, an address of PostHog's page or a short_id names.

    Args:
        said: Empty where nobody says one: then it is the scratchpad.

    Raises:
        WrongNotebookError: It belongs to a PostHog that is not connected.
    """
    if "://" in said:
        return await _linked(connections, said)
    if "/" in said:
        address = parse_path(said)
        if isinstance(address, NotebookAddress):
            return address
    name = connections.settings.connection().name
    return NotebookAddress(
        connection=name,
        project_id=await connections.default_project_id(name),
        short_id=said or SCRATCHPAD,
    )


async def _linked(connections: Connections, link: str) -> NotebookAddress:
    reference = read_reference(link)
    found = connections.settings.connection_at(reference.origin or "") or connections.settings.connection()
    if found.host != reference.origin:
        raise WrongNotebookError(problem=f"it belongs to {reference.origin}, which is not the connected PostHog")
    project_id = reference.project_id or await connections.default_project_id(found.name)
    return NotebookAddress(connection=found.name, project_id=project_id, short_id=reference.short_id)
