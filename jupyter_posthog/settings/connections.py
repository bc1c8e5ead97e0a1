"""The connections of one machine, as every process sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jupyter_posthog.errors import NotConnectedError, SettingsError, UnknownConnectionError
from jupyter_posthog.settings.credentials import BrowserSession, Credential
from jupyter_posthog.settings.policy import Policy

ENVIRONMENT_NAME = "env"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """One usable connection.

    Attributes:
        host: Origin of the app, without a path: ``https://eu.posthog.com``.
        project_id: The default project; None means the user's current one.
        given_host: What stood in the settings, where an ingestion host was mapped to the app's.
        sources: Where ``host``, ``project`` and ``credential`` came from: a variable, a file, ``default``.
    """

    name: str
    host: str
    project_id: int | None
    credential: Credential
    source: str
    given_host: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that may appear nowhere outside a request header."""
        if isinstance(self.credential, BrowserSession):
            return (self.credential.cookie, self.credential.csrf_token)
        return (self.credential.value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every connection by name, in order of strength; a broken one is kept as its error.

    Attributes:
        file_errors: Files that could not be read; their connections are missing here.
    """

    connections: Mapping[str, ConnectionSettings | SettingsError]
    default_name: str | None
    policy: Policy = field(default_factory=Policy)
    file_errors: tuple[SettingsError, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets of every connection, for the log's redactor."""
        usable = [found for found in self.connections.values() if isinstance(found, ConnectionSettings)]
        return tuple(secret for found in usable for secret in found.secrets)

    def connection(self, name: str | None = None) -> ConnectionSettings:
        """Return one connection, or the default one.

        Raises:
            NotConnectedError: No name was given and there is no default.
            UnknownConnectionError: No connection has this name.
            SettingsError: The connection exists, but its settings are broken.
        """
        if name is None:
            name = self.default_name
        found = self.connections.get(name) if name is not None else None
        if found is None and self.file_errors:
            raise self.file_errors[0]
        if name is None:
            raise NotConnectedError()
        if found is None:
            raise UnknownConnectionError(name=name)
        if isinstance(found, SettingsError):
            raise found
        return found

    def connection_at(self, origin: str) -> ConnectionSettings | None:
        """Return the connection to one origin, the default one first; None where no usable one leads there."""
        usable = [found for found in self.connections.values() if isinstance(found, ConnectionSettings)]
        usable.sort(key=lambda found: found.name != self.default_name)
        return next((found for found in usable if found.host == origin), None)
