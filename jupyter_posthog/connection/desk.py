"""Where the page lists, adds, tests and removes connections: a key goes in, its last four characters come out."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from jupyter_posthog.connection.status import ConnectionStatus, describe_connection
from jupyter_posthog.errors import (
    HostAwayError,
    InvalidConnectionError,
    PosthogError,
    SettingsError,
    UnknownConnectionError,
)
from jupyter_posthog.messages import sentence
from jupyter_posthog.settings import (
    CLOUD_HOSTS,
    BrowserSession,
    ConnectionSettings,
    Credential,
    Settings,
    app_origin,
    is_loopback,
    read_credential,
    read_project_id,
)
from jupyter_posthog.settings.hosts import host_name

if TYPE_CHECKING:
    from jupyter_posthog.api.pauses import Pauses
    from jupyter_posthog.connection.connections import Connections
    from jupyter_posthog.connection.enrolment import Enrolment

RESOLVE_TIMEOUT_S = 10.0
_TEXTS = ("host", "region", "name", "key", "cookie", "csrf", "project_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConnection:
    """A connection as the page asks for it; ``host`` None means that the key tells the cloud region."""

    name: str | None
    host: str | None
    project_id: int | None
    is_default: bool
    credential: Credential


def read_new_connection(body: object, *, name: str | None) -> NewConnection:
    """Read a request's body.

    Args:
        name: The name in the address; None where the body may hold one.

    Raises:
        InvalidConnectionError: A field is unknown or of another kind.
        SettingsError: Host, project or credential cannot be used.
    """
    if not isinstance(body, Mapping):
        raise InvalidConnectionError(problem="an object with host and key is expected")
    unknown = [str(field) for field in body if field not in (*_TEXTS, "is_default")]
    if unknown:
        raise InvalidConnectionError(problem=f"{unknown[0][:40]} is no field of a connection")
    texts = {field: _text(body, field) for field in _TEXTS}
    is_default = body.get("is_default", False)
    if not isinstance(is_default, bool):
        raise InvalidConnectionError(problem="is_default is true or false")
    host = _host(texts)
    return NewConnection(
        name=name or texts["name"] or None,
        host=host,
        project_id=read_project_id(texts["project_id"]),
        is_default=is_default,
        credential=read_credential(texts, host=host or "PostHog", source="request"),
    )


class ConnectionDesk:
    """Changes this person's stored connections and lets the running server use them at once."""

    def __init__(
        self,
        connections: Connections,
        enrolment: Enrolment,
        *,
        load: Callable[[], Settings],
        hide: Callable[[tuple[str, ...]], None],
        pauses: Pauses,
    ) -> None:
        """Prepare.

        Args:
            load: Reads the settings of this machine anew.
            hide: Keeps secrets out of the logs from now on.
        """
        self._connections = connections
        self._enrolment = enrolment
        self._load = load
        self._hide = hide
        self._pauses = pauses
        self._changing = anyio.Lock()

    def list_connections(self) -> dict[str, object]:
        """Return every connection as its settings say; nothing is sent."""
        settings = self._connections.settings
        found = settings.connections.items()
        return {
            "default": settings.default_name,
            "connections": [_facts(name, one, is_default=name == settings.default_name) for name, one in found],
            "problems": [sentence(error) for error in settings.file_errors],
        }

    async def add(self, wanted: NewConnection) -> dict[str, object]:
        """Try a connection, store it where it works, and use it from now on.

        Raises:
            PrivateHostError: The host is inside a private network that the policy does not list.
            PosthogError: It does not work, or the policy forbids it; nothing was stored.
        """
        self._hide(_secrets(wanted.credential))
        if wanted.host is not None and not is_loopback(wanted.host):
            name = host_name(wanted.host)
            self._connections.settings.policy.check_addresses(name, await _addresses(name))
        trial = await self._enrolment.try_out(wanted.host, wanted.credential, project_id=wanted.project_id)
        project_id = wanted.project_id if wanted.project_id is not None else trial.discovery.project_id

        def keep() -> str:
            kept = self._enrolment.keep(trial, name=wanted.name, project_id=project_id, is_default=wanted.is_default)
            return kept.name

        async with self._changing:
            name = await anyio.to_thread.run_sync(keep)
            await self._reload()
        settings = self._connections.settings
        return _facts(name, settings.connections[name], is_default=name == settings.default_name)

    async def test(self, name: str) -> ConnectionStatus:
        """Ask PostHog about one connection.

        Raises:
            UnknownConnectionError: No connection has this name.
        """
        if name not in self._connections.names:
            raise UnknownConnectionError(name=name)
        return await describe_connection(self._connections, name, pauses=self._pauses)

    async def remove(self, name: str) -> None:
        """Forget one stored connection and its key.

        Raises:
            UnknownConnectionError: There is no such connection.
            ConnectionNotStoredError: It comes from the environment or another folder.
        """
        async with self._changing:
            await anyio.to_thread.run_sync(self._enrolment.remove, name)
            await self._reload()

    async def _reload(self) -> None:
        settings = await anyio.to_thread.run_sync(self._load)
        self._hide(settings.secrets)
        await self._connections.use(settings)


def _text(body: Mapping[object, object], field: str) -> str:
    value = body.get(field)
    if value is None:
        return ""
    if field == "project_id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise InvalidConnectionError(problem=f"{field} is a text")
    return value


def _host(texts: Mapping[str, str]) -> str | None:
    region = texts["region"]
    if region and (texts["host"] or region not in CLOUD_HOSTS):
        raise InvalidConnectionError(problem="a region is us or eu, and stands in place of a host")
    given = CLOUD_HOSTS[region] if region else texts["host"].strip()
    return app_origin(given)[0] if given else None


async def _addresses(name: str) -> list[str]:
    try:
        with anyio.fail_after(RESOLVE_TIMEOUT_S):
            found = await anyio.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise HostAwayError(host=name, cause="this name is not known") from error
    return [str(address[4][0]) for address in found]


def _secrets(credential: Credential) -> tuple[str, ...]:
    if isinstance(credential, BrowserSession):
        return (credential.cookie, credential.csrf_token)
    return (credential.value,)


def _facts(name: str, found: ConnectionSettings | SettingsError, *, is_default: bool) -> dict[str, object]:
    if isinstance(found, PosthogError):
        return {"name": name, "is_default": is_default, "reason": found.reason, "message": sentence(found)}
    credential = found.credential
    return {
        "name": name,
        "is_default": is_default,
        "reason": None,
        "message": None,
        "host": found.host,
        "project_id": found.project_id,
        "sources": dict(found.sources),
        "credential": {
            "kind": credential.kind,
            "last4": None if isinstance(credential, BrowserSession) else credential.value[-4:],
        },
    }
