"""Which cloud region a key belongs to: there is no other way to know than to ask each (posthog-api.md 1.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from jupyter_posthog.errors import ApiError, KeyRefusedError
from jupyter_posthog.settings import ConnectionSettings, Credential

if TYPE_CHECKING:
    from jupyter_posthog.api.transport import Transport


async def find_region(
    credential: Credential, hosts: Iterable[str], open_transport: Callable[[ConnectionSettings], Transport]
) -> str:
    """Return the host that knows the credential.

    Raises:
        KeyRefusedError: None of them does.
        HostAwayError: One does not answer, so nothing can be said.
    """
    refused: KeyRefusedError | None = None
    for host in hosts:
        transport = open_transport(candidate(host, credential))
        try:
            await transport.send("GET", "/api/users/@me/")
        except KeyRefusedError as error:
            refused = error
            continue
        except ApiError:
            pass  # a known key that lacks user:read
        finally:
            await transport.aclose()
        return host
    raise refused or KeyRefusedError(status=401)


def candidate(
    host: str, credential: Credential, *, name: str = "", project_id: int | None = None
) -> ConnectionSettings:
    """Return the settings of a connection that is only tried."""
    return ConnectionSettings(
        name=name, host=host, project_id=project_id, credential=credential, source="candidate", given_host=""
    )
