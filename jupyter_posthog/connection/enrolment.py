"""Adding and removing connections of one person: tried first, stored after."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.connection.connections_file import ConnectionsFile
from jupyter_posthog.connection.discovery import Discovery, discover
from jupyter_posthog.connection.key_store import KeyStore
from jupyter_posthog.connection.regions import candidate, find_region
from jupyter_posthog.errors import (
    ConnectionNotStoredError,
    InvalidConnectionError,
    NotConnectedError,
    SettingsError,
    UnknownConnectionError,
)
from jupyter_posthog.settings import (
    CLOUD_HOSTS,
    ENVIRONMENT_NAME,
    ConnectionSettings,
    Credential,
    Feature,
    Settings,
    is_loopback,
)
from jupyter_posthog.settings.hosts import host_name
from jupyter_posthog.settings.stored import own_entry

if TYPE_CHECKING:
    from jupyter_posthog.api.transport import Transport

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A connection that works, and what PostHog said about its credential."""

    host: str
    credential: Credential
    discovery: Discovery

    @property
    def suggested_name(self) -> str:
        """The region, or the first part of the host's name."""
        region = next((region for region, host in CLOUD_HOSTS.items() if host == self.host), None)
        if region is not None:
            return region
        if is_loopback(self.host):
            return "local"
        return re.sub(r"[^A-Za-z0-9_-]", "", host_name(self.host).split(".")[0]) or "posthog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A connection that was stored.

    Attributes:
        key_place: ``keyring``, or the name of the file that holds the key.
    """

    name: str
    host: str
    project_id: int | None
    is_default: bool
    key_place: str


class Enrolment:
    """Tries connections and keeps those that work, in one person's config folder."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        config_dir: Path,
        *,
        open_transport: Callable[[ConnectionSettings], Transport],
        cloud_hosts: Mapping[str, str] = CLOUD_HOSTS,
        uses_keyring: bool = True,
    ) -> None:
        """Prepare.

        Args:
            settings: Reads the settings of this machine anew.
            cloud_hosts: Where a credential without a host is tried.
        """
        self._settings = settings
        self._file = ConnectionsFile(config_dir)
        self._keys = KeyStore(config_dir, uses_keyring=uses_keyring)
        self._open_transport = open_transport
        self._cloud_hosts = cloud_hosts

    @property
    def default_name(self) -> str:
        """Name of the default connection of the person's own file.

        Raises:
            NotConnectedError: There is none.
        """
        tables = self._file.tables
        marked = next((name for name, table in tables.items() if table.get("default") is True), None)
        name = marked or (next(iter(tables)) if len(tables) == 1 else None)
        if name is None:
            raise NotConnectedError()
        return name

    async def try_out(self, host: str | None, credential: Credential, *, project_id: int | None = None) -> Trial:
        """Ask a PostHog about a credential; nothing is stored.

        Args:
            host: The app's origin; None tries the cloud regions.

        Raises:
            FeatureOffError: The policy of this machine forbids adding connections.
            HostNotAllowedError: The policy does not list the host; nothing was sent.
            PosthogError: It does not work; nothing was stored.
        """
        policy = self._settings().policy
        policy.check_feature(Feature.ADD_CONNECTIONS)
        for origin in [host] if host else self._cloud_hosts.values():
            policy.check_host(origin)
        if host is None:
            host = await find_region(credential, self._cloud_hosts.values(), self._open_transport)
        api = PosthogApi(self._open_transport(candidate(host, credential, project_id=project_id)))
        try:
            discovery = await discover(api, project_id=project_id)
            if project_id is not None:
                await api.identity.fetch_project(project_id)
        finally:
            await api.aclose()
        return Trial(host=host, credential=credential, discovery=discovery)

    def keep(self, trial: Trial, *, name: str | None, project_id: int | None, is_default: bool) -> Kept:
        """Store a connection that was tried, in the person's own file, and its key by origin.

        Raises:
            InvalidConnectionError: The name cannot be used.
            KeyNotStoredError: The key could not be stored.
            SettingsFileError: The file could not be changed.
        """
        name = self._checked_name(name or trial.suggested_name, trial.host)
        tables = self._file.tables
        others = {other: table for other, table in tables.items() if other != name}
        is_shared = any(table.get("host") == trial.host for table in others.values())
        entry = self._keys.entry_for(trial.host, name, trial.credential, is_shared=is_shared)
        default = _default_after(others, name, tables.get(name, {}), is_default=is_default)
        table: dict[str, str | int | bool] = {"host": trial.host}
        if project_id is not None:
            table["project_id"] = project_id
        self._file.put(name, table, default=default)
        try:
            place = self._keys.put(entry, trial.credential)
        except SettingsError:
            if name not in tables:
                self._file.remove(name)
            raise
        return Kept(name=name, host=trial.host, project_id=project_id, is_default=default == name, key_place=place)

    def remove(self, name: str) -> str:
        """Forget one stored connection and its key; the key of the origin stays while others use it.

        Returns:
            The origin.

        Raises:
            UnknownConnectionError: There is no such connection.
            ConnectionNotStoredError: It stands in the environment or in another person's file.
        """
        connections = self._settings().connections
        if name not in connections and name not in self._file.tables:
            raise UnknownConnectionError(name=name)
        table = self._file.tables.get(name)
        if table is None:
            found = connections[name]
            raise ConnectionNotStoredError(
                name=name, source=found.source if isinstance(found, ConnectionSettings) else "another folder's file"
            )
        origin = str(table.get("host", CLOUD_HOSTS["us"]))
        self._file.remove(name)
        self._keys.remove(own_entry(origin, name))
        if all(other.get("host") != origin for other in self._file.tables.values()):
            self._keys.remove(origin)
        return origin

    def _checked_name(self, name: str, host: str) -> str:
        if name == ENVIRONMENT_NAME or not _NAME.fullmatch(name):
            problem = f"“{name[:60]}” is no name for one; letters, digits, - and _ can be used"
            raise InvalidConnectionError(problem=problem)
        existing = self._settings().connections.get(name)
        if isinstance(existing, ConnectionSettings) and existing.host != host:
            raise InvalidConnectionError(problem=f"“{name}” already leads to {existing.host}; choose another name")
        return name


def _default_after(
    others: Mapping[str, Mapping[str, object]], name: str, own: Mapping[str, object], *, is_default: bool
) -> str | None:
    """Return which connection is the default one once ``name`` is stored; None where the marks may stay."""
    if is_default or own.get("default") is True or not others:
        return name
    if any(table.get("default") is True for table in others.values()):
        return None
    # The only one was the default without a mark; it stays so beside a second one.
    return next(iter(others)) if len(others) == 1 else None
