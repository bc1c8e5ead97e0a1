"""The connections of one process, each opened at its first use."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.governed_transport import GovernedTransport
from jupyter_posthog.api.transport import Transport
from jupyter_posthog.connection.capability_book import Answers, CapabilityBook
from jupyter_posthog.connection.discovery import discover, fetch_scopes, find_project_id
from jupyter_posthog.connection.probing import Probing
from jupyter_posthog.errors import NotConnectedError
from jupyter_posthog.settings import BrowserSession, ConnectionSettings, Settings


class Connections:
    """Gives the API of a connection by its name, and closes all at the end."""

    def __init__(
        self,
        settings: Settings,
        *,
        open_transport: Callable[[ConnectionSettings], Transport] = Transport,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Prepare, without opening anything.

        Args:
            open_transport: Opens the transport of one connection; ``limited_transport`` makes one that shares
                PostHog's limits with the other processes of this person.
        """
        self.settings = settings
        self.open_transport = open_transport
        self._opened: dict[str, PosthogApi] = {}
        self._current_projects: dict[str, int] = {}
        self._books: dict[str, CapabilityBook] = {}
        self._clock = clock

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
            transport = self.open_transport(found)
            if isinstance(transport, GovernedTransport):
                transport.witness = self._book(found.name).note
            self._opened[found.name] = PosthogApi(transport)
        return self._opened[found.name]

    def origin(self, name: str) -> str:
        """Return the host of one connection, which is part of a notebook's identity."""
        return self.settings.connection(name).host

    def name_at(self, origin: str) -> str | None:
        """Return the name of the connection to one origin; None where no usable one leads there."""
        found = self.settings.connection_at(origin)
        return None if found is None else found.name

    async def default_project_id(self, name: str | None = None) -> int:
        """Return the project that the settings name, else the key's own or the person's current one (asked once).

        Raises:
            NotConnectedError: PostHog names no current project either.
        """
        found = self.settings.connection(name)
        if found.project_id is not None:
            return found.project_id
        if found.name not in self._current_projects:
            project_id = await find_project_id(self.api(found.name))
            if project_id is None:
                raise NotConnectedError()
            self._current_projects[found.name] = project_id
        return self._current_projects[found.name]

    async def project_ids(self, name: str) -> tuple[int, ...]:
        """Return the projects that a connection sees, the one to begin with first; asked anew each time."""
        first = await self.default_project_id(name)
        found = await discover(self.api(name), project_id=first)
        return (first, *(project.id for project in found.projects if project.id != first))

    async def capabilities(self, name: str, project_id: int, short_id: str | None = None) -> Answers:
        """Return what a connection may do in a project, or with one notebook; asked at most once in five minutes.

        Raises:
            NotebookNotFoundError: A notebook is named, and PostHog has none of this name.
            PosthogError: PostHog cannot be asked at all.
        """
        api = self.api(name)
        is_session = isinstance(self.settings.connection(name).credential, BrowserSession)

        async def ask() -> Answers:
            scopes = None if is_session else await fetch_scopes(api)
            return await Probing(api, project_id, short_id, scopes=scopes, is_session=is_session).learn()

        return await self._book(name).answers(project_id, short_id, ask)

    async def use(self, settings: Settings) -> None:
        """Go on with other settings: what changed is closed and asked anew, the rest stays open."""
        before, self.settings = self.settings, settings
        for name in list(self._opened):
            if settings.connections.get(name) != before.connections.get(name) or settings.policy != before.policy:
                self._books.pop(name, None)
                self._current_projects.pop(name, None)
                await self._opened.pop(name).aclose()

    def _book(self, name: str) -> CapabilityBook:
        return self._books.setdefault(name, CapabilityBook(self._clock))

    async def aclose(self) -> None:
        """Close every connection that was opened."""
        while self._opened:
            _, api = self._opened.popitem()
            await api.aclose()
