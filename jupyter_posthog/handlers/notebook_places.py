"""A drive path as the notebook in PostHog that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_posthog.errors import InvalidPathError
from jupyter_posthog.handlers.answering import AnsweringHandler

if TYPE_CHECKING:
    from jupyter_posthog.execution.places import NotebookPlace
    from jupyter_posthog.storage.paths import NotebookAddress


class PlaceHandler(AnsweringHandler):
    """The base of handlers whose address ends in a drive path, or in one and an action."""

    def place(self, path: str) -> NotebookPlace:
        """Return the notebook of a drive path, with the way to its PostHog.

        Raises:
            InvalidPathError: The path names no notebook.
            SettingsError: There is no such connection.
        """
        # Loaded at the first question, not at the start of every server (docs/decisions/0003).
        from jupyter_posthog.execution.places import NotebookPlace

        address = notebook_address(path)
        return NotebookPlace(
            api=self.services.connections.api(address.connection),
            connection=address.connection,
            project_id=address.project_id,
            short_id=address.short_id,
        )


def notebook_address(path: str) -> NotebookAddress:
    """Return where a drive path leads.

    Raises:
        InvalidPathError: The path names no notebook.
    """
    from jupyter_posthog.storage.paths import NotebookAddress, parse_path

    address = parse_path(path)
    if not isinstance(address, NotebookAddress):
        raise InvalidPathError(path=path)
    return address
