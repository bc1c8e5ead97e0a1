"""One request that looks at the answer's envelope: how fast, how encrypted, what time it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from jupyter_posthog.api.wire import Wire
from jupyter_posthog.settings import ConnectionSettings

if TYPE_CHECKING:
    import httpx

CONTACT_TIMEOUT_S = 15.0
# Any credential that PostHog knows is answered here, whatever its scopes (posthog-api.md 16.1).
_PATH = "/api/users/@me/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What the envelope of one answer says.

    Attributes:
        clock_skew_s: How far this machine's clock is before PostHog's; None where the answer names no time.
        tls_version: Such as ``TLSv1.3``; None over plain http.
        certificate_until: When the server's certificate ends, as it names it.
    """

    status: int
    duration_ms: float
    clock_skew_s: float | None
    tls_version: str | None
    certificate_until: str | None


class _TlsSocket(Protocol):
    def version(self) -> str | None: ...

    def getpeercert(self) -> dict[str, object] | None: ...


async def make_contact(settings: ConnectionSettings, *, now: Callable[[], datetime]) -> Contact:
    """Ask a PostHog who the credential is, once, on a connection of its own.

    Raises:
        HostAwayError: No answer came.
    """
    wire = Wire(settings, None)
    started = monotonic()
    try:
        async with wire.stream(
            "GET",
            _PATH,
            content=None,
            headers={"Accept": "application/json"},
            read_timeout_s=CONTACT_TIMEOUT_S,
        ) as response:
            duration_ms = (monotonic() - started) * 1000
            return _contact(response, duration_ms, now())
    finally:
        await wire.aclose()


def _contact(response: httpx.Response, duration_ms: float, now: datetime) -> Contact:
    stream = response.extensions.get("network_stream")
    tls: _TlsSocket | None = stream.get_extra_info("ssl_object") if stream is not None else None
    certificate = (tls.getpeercert() if tls is not None else None) or {}
    until = certificate.get("notAfter")
    return Contact(
        status=response.status_code,
        duration_ms=duration_ms,
        clock_skew_s=_skew_s(response.headers.get("date"), now),
        tls_version=tls.version() if tls is not None else None,
        certificate_until=str(until) if until else None,
    )


def _skew_s(date: str | None, now: datetime) -> float | None:
    try:
        return (now - parsedate_to_datetime(date or "")).total_seconds()
    except (ValueError, TypeError):
        return None
