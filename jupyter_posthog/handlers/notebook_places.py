"""A drive path as the notebook in PostHog that it names, for handlers about kernels and runs."""

from __future__ import annotations

from jupyter_posthog.errors import InvalidPathError
from jupyter_posthog.execution.places import NotebookPlace
from jupyter_posthog.handlers.answering import AnsweringHandler
from jupyter_posthog.storage.paths import NotebookAddress, parse_path


class PlaceHandler(AnsweringHandler):
    """The base of handlers whose address ends in a drive path, or in one and an action."""

    def place(self, path: str) -> NotebookPlace:
        """Return the notebook of a drive path.

        Raises:
            InvalidPathError: The path names no notebook.
            SettingsError: There is no such connection.
        """
        address = parse_path(path)
        if not isinstance(address, NotebookAddress):
            raise InvalidPathError(path=path)
        return NotebookPlace(
            api=self.services.connections.api(address.connection),
            connection=address.connection,
            project_id=address.project_id,
            short_id=address.short_id,
        )
