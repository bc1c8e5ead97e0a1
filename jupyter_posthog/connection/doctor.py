"""The connection doctor: everything that decides whether PostHog works here, asked harmlessly, in one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import anyio

from jupyter_posthog.connection.installation import Installation, describe_installation
from jupyter_posthog.connection.regions import find_region
from jupyter_posthog.connection.status import ConnectionStatus, describe_connection
from jupyter_posthog.errors import KeyRefusedError, NotConnectedError, PosthogError, SettingsError, WrongRegionError
from jupyter_posthog.messages import sentence
from jupyter_posthog.settings import CLOUD_HOSTS

if TYPE_CHECKING:
    from jupyter_posthog.api.pauses import Pauses
    from jupyter_posthog.connection.connections import Connections

EXAMINATION_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the doctor found.

    Attributes:
        default_name: The connection that is used where none is named.
        file_errors: Files of settings that cannot be read.
    """

    default_name: str | None
    connections: tuple[ConnectionStatus, ...]
    file_errors: tuple[SettingsError, ...]
    installation: Installation

    @property
    def problem(self) -> str | None:
        """The first thing that makes a connection unusable, as one sentence; None where all work."""
        broken = next((status.error for status in self.connections if status.error is not None), None)
        error = broken or next(iter(self.file_errors), None)
        if error is None and not self.connections:
            error = NotConnectedError()
        return sentence(error) if error is not None else None

    def to_json(self) -> dict[str, object]:
        """Return what ``doctor --json`` prints and GET /posthog/status answers."""
        return {
            "default": self.default_name,
            "connections": [status.to_json() for status in self.connections],
            "problems": [sentence(error) for error in self.file_errors],
            "installation": self.installation.to_json(),
        }


async def examine(
    connections: Connections,
    environment: Mapping[str, str],
    *,
    pauses: Pauses | None = None,
    name: str | None = None,
    cloud_hosts: Mapping[str, str] = CLOUD_HOSTS,
) -> Report:
    """Examine every connection side by side, or one of them; nothing is written or started.

    Args:
        cloud_hosts: Where a key is tried that the default host does not know.

    Raises:
        UnknownConnectionError: No connection has this name.
        TimeoutError: It took longer than a minute.
    """
    if name is not None and name not in connections.names:
        connections.settings.connection(name)
    names = connections.names if name is None else (name,)
    found: dict[str, ConnectionStatus] = {}

    async def describe(one: str) -> None:
        status = await describe_connection(connections, one, pauses=pauses)
        found[one] = await _with_region(connections, status, cloud_hosts)

    with anyio.fail_after(EXAMINATION_TIMEOUT_S):
        async with anyio.create_task_group() as tasks:
            for one in names:
                tasks.start_soon(describe, one)
    return Report(
        default_name=connections.settings.default_name,
        connections=tuple(found[one] for one in names),
        file_errors=connections.settings.file_errors,
        installation=await anyio.to_thread.run_sync(describe_installation, environment),
    )


async def _with_region(
    connections: Connections, status: ConnectionStatus, cloud_hosts: Mapping[str, str]
) -> ConnectionStatus:
    """Say which region a key belongs to where nobody named one and the default one does not know it."""
    if not isinstance(status.error, KeyRefusedError) or status.sources.get("host") != "default":
        return status
    credential = connections.settings.connection(status.name).credential
    others = [host for host in cloud_hosts.values() if host != status.host]
    try:
        host = await find_region(credential, others, connections.open_transport)
    except PosthogError:
        return status
    return replace(status, error=WrongRegionError(status=401, host=host))
