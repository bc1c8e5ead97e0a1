"""One HTTP connection to one PostHog as one person: headers, time limits, retries, errors."""

from __future__ import annotations

import http.cookiejar
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

import httpx
import stamina

from jupyter_posthog.api.credentials import SAFE_METHODS, credential_headers
from jupyter_posthog.api.refusals import NotFound, endpoint_missing, error_for, read_refusal
from jupyter_posthog.errors import (
    HostAwayError,
    NotPosthogError,
    PosthogError,
    ServerFailedError,
    TooLargeError,
)
from jupyter_posthog.redaction import redact
from jupyter_posthog.settings import ConnectionSettings

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
QueryValue = str | int | bool

MAXIMUM_BODY_BYTES = 20_971_520  # posthog-api.md 1.5
CONNECT_TIMEOUT_S = 10.0
ANSWER_TIMEOUT_S = 30.0
READ_ATTEMPTS = 3
_PASSING_STATUSES = {502, 504}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """An answer as it came: for the proxy, which hands it on."""

    status: int
    content_type: str
    body: bytes
    retry_after: str | None = None


class Transport:
    """Sends requests to one host with one credential; never follows a redirect or a foreign address."""

    def __init__(self, settings: ConnectionSettings, *, http_transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Prepare, without opening anything.

        Args:
            http_transport: The seam for tests; None means the network.
        """
        self._settings = settings
        self._http_transport = http_transport
        self._opened: httpx.AsyncClient | None = None

    @property
    def host(self) -> str:
        """The origin this transport is pinned to."""
        return self._settings.host

    def redact(self, text: str) -> str:
        """Return the text without this connection's secrets."""
        return redact(text, self._settings.secrets)

    async def fetch(
        self,
        path: str,
        *,
        query: Mapping[str, QueryValue] | None = None,
        headers: Mapping[str, str] | None = None,
        not_found: NotFound = endpoint_missing,
    ) -> JsonValue:
        """GET one resource; tried again where the network or a gateway failed, since reading twice is safe.

        Returns:
            The decoded JSON, or None for 304 (not modified).
        """
        async for attempt in stamina.retry_context(on=_is_passing, attempts=READ_ATTEMPTS, timeout=20.0):
            with attempt:
                answer = await self.send("GET", path, query=query, headers=headers, not_found=not_found)
        return answer

    async def send(
        self,
        method: str,
        path: str,
        *,
        body: JsonValue = None,
        query: Mapping[str, QueryValue] | None = None,
        headers: Mapping[str, str] | None = None,
        not_found: NotFound = endpoint_missing,
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
    ) -> JsonValue:
        """Send one request once and return the decoded JSON (None for an empty answer or 304).

        Raises:
            HostAwayError: No answer came.
            NotPosthogError: The answer is no JSON.
            ApiError: PostHog refused.
        """
        raw = await self.forward(
            method,
            path,
            content=_encode(method, body),
            query=query,
            headers=headers,
            answer_timeout_s=answer_timeout_s,
        )
        if raw.status == 304:
            return None
        if raw.status >= 300:
            raise self._refused(raw, not_found)
        return self._decoded(raw)

    async def forward(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        query: Mapping[str, QueryValue] | None = None,
        headers: Mapping[str, str] | None = None,
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
    ) -> RawAnswer:
        """Send one request once and return the answer whatever its status.

        Raises:
            HostAwayError: No answer came.
            TooLargeError: The body is over PostHog's limit; nothing was sent.
        """
        if content is not None and len(content) > MAXIMUM_BODY_BYTES:
            raise TooLargeError(status=413, size_mb=round(len(content) / 1e6, 1))
        request = self._request(method, path, content, query, headers, answer_timeout_s)
        started = monotonic()
        try:
            response = await self._client.send(request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._away(error) from error
        _log.debug(
            "request method=%s path=%s status=%s duration_ms=%.0f",
            method,
            path,
            response.status_code,
            (monotonic() - started) * 1000,
        )
        return _raw(response)

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        path: str,
        *,
        body: JsonValue = None,
        not_found: NotFound = endpoint_missing,
        read_timeout_s: float,
    ) -> AsyncIterator[httpx.Response]:
        """Open one streaming answer; its body is read by the caller as it comes.

        Args:
            read_timeout_s: How long the stream may be silent, in seconds.
        """
        headers = {"Accept": "text/event-stream"}
        request = self._request(method, path, _encode(method, body), None, headers, read_timeout_s)
        try:
            response = await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise self._away(error) from error
        try:
            if response.status_code >= 300:
                await response.aread()
                raw = _raw(response)
                raise self._refused(raw, not_found)
            yield response
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close the connections that are open."""
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None

    @property
    def _client(self) -> httpx.AsyncClient:
        if self._opened is None:
            is_loopback = urlsplit(self.host).scheme == "http"
            # Cookies that PostHog sets are not kept: the credential is the settings' alone.
            jar = http.cookiejar.CookieJar(policy=http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
            self._opened = httpx.AsyncClient(
                base_url=self.host,
                transport=self._http_transport,
                follow_redirects=False,
                trust_env=not is_loopback,
                cookies=jar,
            )
        return self._opened

    def _request(
        self,
        method: str,
        path: str,
        content: bytes | None,
        query: Mapping[str, QueryValue] | None,
        headers: Mapping[str, str] | None,
        answer_timeout_s: float,
    ) -> httpx.Request:
        timeout = httpx.Timeout(connect=CONNECT_TIMEOUT_S, read=answer_timeout_s, write=60.0, pool=CONNECT_TIMEOUT_S)
        all_headers = {"Accept": "application/json", **(headers or {}), **credential_headers(self._settings, method)}
        if content is not None:
            all_headers["Content-Type"] = "application/json"
        return self._client.build_request(
            method, path, content=content, params=query or None, headers=all_headers, timeout=timeout
        )

    def _refused(self, raw: RawAnswer, not_found: NotFound) -> PosthogError:
        refusal = read_refusal(
            host=self.host,
            status=raw.status,
            content_type=raw.content_type,
            body=raw.body,
            retry_after=raw.retry_after,
            redact=self.redact,
        )
        return error_for(refusal, not_found)

    def _decoded(self, raw: RawAnswer) -> JsonValue:
        if not raw.body.strip():
            return None
        try:
            value: JsonValue = json.loads(raw.body)
        except (ValueError, RecursionError) as error:
            raise NotPosthogError(host=self.host, status=raw.status, content_type=raw.content_type) from error
        return value

    def _away(self, error: Exception) -> HostAwayError:
        return HostAwayError(host=urlsplit(self.host).netloc, cause=_in_words(error))


def _raw(response: httpx.Response) -> RawAnswer:
    return RawAnswer(
        status=response.status_code,
        content_type=response.headers.get("content-type", ""),
        body=response.content,
        retry_after=response.headers.get("retry-after"),
    )


def _encode(method: str, body: JsonValue) -> bytes | None:
    if body is None and method in SAFE_METHODS:
        return None
    # ASCII escapes carry every string, lone surrogates included, and let PostHog answer about them.
    return json.dumps(body if body is not None else {}, separators=(",", ":")).encode("ascii")


def _is_passing(error: Exception) -> bool:
    if isinstance(error, ServerFailedError):
        return error.status in _PASSING_STATUSES
    return isinstance(error, HostAwayError)


def _in_words(error: Exception) -> str:
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return "no connection in time"
        case httpx.TimeoutException():
            return "no answer in time"
        case httpx.ConnectError():
            return "no connection"
        case httpx.RemoteProtocolError() | httpx.ReadError():
            return "the connection was cut"
        case _:
            return "the network failed"
