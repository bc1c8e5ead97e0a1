"""The connections of one process, each opened at its first use."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.errors import NotConnectedError
from jupyter_posthog.settings import ConnectionSettings, Settings


class Connections:
    """Gives the API of a connection by its name, and closes all at the end."""

    def __init__(
        self, settings: Settings, *, open_transport: Callable[[ConnectionSettings], Transport] = Transport
    ) -> None:
        """Prepare, without opening anything.

        Args:
            open_transport: Opens the transport of one connection; ``limited_transport`` makes one that shares
                PostHog's limits with the other processes of this person.
        """
        self.settings = settings
        self._open_transport = open_transport
        self._opened: dict[str, PosthogApi] = {}
        self._current_projects: dict[str, int] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all connections, broken ones included."""
        return tuple(self.settings.connections)

    def api(self, name: str | None = None) -> PosthogApi:
        """Return the API of one connection, or of the default one.

        Raises:
            SettingsError: There is no such connection, or its settings are broken.
        """
        found = self.settings.connection(name)
        if found.name not in self._opened:
            self._opened[found.name] = PosthogApi(self._open_transport(found))
        return self._opened[found.name]

    def origin(self, name: str) -> str:
        """Return the host of one connection, which is part of a notebook's identity."""
        return self.settings.connection(name).host

    async def default_project_id(self, name: str | None = None) -> int:
        """Return the project that the settings name, else the person's current one (asked once).

        Raises:
            NotConnectedError: PostHog names no current project either.
        """
        found = self.settings.connection(name)
        if found.project_id is not None:
            return found.project_id
        if found.name not in self._current_projects:
            user = await self.api(found.name).identity.fetch_user()
            if user.team is None:
                raise NotConnectedError()
            self._current_projects[found.name] = user.team.id
        return self._current_projects[found.name]

    async def aclose(self) -> None:
        """Close every connection that was opened."""
        while self._opened:
            _, api = self._opened.popitem()
            await api.aclose()
