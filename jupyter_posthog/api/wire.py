"""HTTP to one host: requests with one credential, answers inside limits of time and size."""

from __future__ import annotations

import http.cookiejar
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

import anyio
import httpx

from jupyter_posthog.api.credentials import credential_headers
from jupyter_posthog.errors import AnswerTooLargeError, HostAwayError
from jupyter_posthog.settings import ConnectionSettings

QueryValue = str | int | bool

CONNECT_TIMEOUT_S = 10.0
WRITE_TIMEOUT_S = 60.0
#: How much longer a whole answer may take than its first byte: one that drips is given up.
DRIP_TIMEOUT_S = 60.0
MAXIMUM_ANSWER_BYTES = 67_108_864  # three times the largest document (posthog-api.md 1.5), unpacked

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """An answer as it came: for the proxy, which hands it on."""

    status: int
    content_type: str
    body: bytes
    retry_after: str | None = None


class Wire:
    """Speaks to one host and to no other: redirects are answers, cookies are not kept."""

    def __init__(self, settings: ConnectionSettings, http_transport: httpx.AsyncBaseTransport | None) -> None:
        self._settings = settings
        self._http_transport = http_transport
        self._opened: httpx.AsyncClient | None = None
        self._opened_for_streams: httpx.AsyncClient | None = None

    async def exchange(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None,
        query: Mapping[str, QueryValue] | None,
        headers: Mapping[str, str] | None,
        answer_timeout_s: float,
    ) -> RawAnswer:
        """Send one request once and return its whole answer.

        Raises:
            HostAwayError: No answer came, or not all of it.
            AnswerTooLargeError: The answer is larger than anything PostHog sends; it was not read further.
        """
        request = self._request(method, path, content, query, headers, answer_timeout_s)
        line = _Line(method, path)
        try:
            with anyio.fail_after(CONNECT_TIMEOUT_S + WRITE_TIMEOUT_S + answer_timeout_s + DRIP_TIMEOUT_S):
                answer = await self._read(await self._client.send(request, stream=True))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            line.write("none")
            raise self.away(error) from error
        line.write(answer.status)
        return answer

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, *, content: bytes | None, headers: Mapping[str, str], read_timeout_s: float
    ) -> AsyncIterator[httpx.Response]:
        """Open one streaming answer; its body is read by the caller as it comes.

        Raises:
            HostAwayError: No answer came.
        """
        request = self._request(method, path, content, None, headers, read_timeout_s)
        line = _Line(method, path)
        try:
            response = await self._stream_client.send(request, stream=True)
        except httpx.HTTPError as error:
            line.write("none")
            raise self.away(error) from error
        line.write(response.status_code)
        try:
            yield response
        finally:
            await response.aclose()

    async def read(self, response: httpx.Response) -> RawAnswer:
        """Read the rest of a streaming answer that turned out to be a refusal."""
        try:
            return await self._read(response)
        except httpx.HTTPError as error:
            raise self.away(error) from error

    async def parts(self, response: httpx.Response) -> AsyncIterator[bytes]:
        """Give the bytes of a streaming answer as they come.

        Raises:
            HostAwayError: The connection was cut, or silent for too long.
        """
        try:
            async for part in response.aiter_bytes():
                yield part
        except httpx.HTTPError as error:
            raise self.away(error) from error

    async def aclose(self) -> None:
        """Close the connections that are open."""
        opened, self._opened = self._opened, None
        opened_for_streams, self._opened_for_streams = self._opened_for_streams, None
        for client in (opened, opened_for_streams):
            if client is not None:
                await client.aclose()

    def away(self, error: Exception) -> HostAwayError:
        """Return the error of a request without an answer."""
        never_left = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL))
        host = urlsplit(self._settings.host).netloc
        return HostAwayError(host=host, cause=_in_words(error), may_have_arrived=not never_left)

    @property
    def _client(self) -> httpx.AsyncClient:
        if self._opened is None:
            self._opened = self._open(httpx.Limits(max_connections=100, max_keepalive_connections=20))
        return self._opened

    @property
    def _stream_client(self) -> httpx.AsyncClient:
        """Another pool for what stays open for minutes, so that ordinary calls never wait for one of those to end."""
        if self._opened_for_streams is None:
            self._opened_for_streams = self._open(httpx.Limits(max_connections=None, max_keepalive_connections=20))
        return self._opened_for_streams

    def _open(self, limits: httpx.Limits) -> httpx.AsyncClient:
        is_loopback = urlsplit(self._settings.host).scheme == "http"
        # Cookies that PostHog sets are not kept: the credential is the settings' alone.
        jar = http.cookiejar.CookieJar(policy=http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        return httpx.AsyncClient(
            base_url=self._settings.host,
            transport=self._http_transport,
            limits=limits,
            follow_redirects=False,
            trust_env=not is_loopback,
            cookies=jar,
        )

    def _request(
        self,
        method: str,
        path: str,
        content: bytes | None,
        query: Mapping[str, QueryValue] | None,
        headers: Mapping[str, str] | None,
        answer_timeout_s: float,
    ) -> httpx.Request:
        timeout = httpx.Timeout(
            connect=CONNECT_TIMEOUT_S, read=answer_timeout_s, write=WRITE_TIMEOUT_S, pool=CONNECT_TIMEOUT_S
        )
        all_headers = {"Accept": "application/json", **(headers or {}), **credential_headers(self._settings, method)}
        if content is not None:
            all_headers["Content-Type"] = "application/json"
        return self._client.build_request(
            method, path, content=content, params=query or None, headers=all_headers, timeout=timeout
        )

    async def _read(self, response: httpx.Response) -> RawAnswer:
        try:
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MAXIMUM_ANSWER_BYTES:
                    host = urlsplit(self._settings.host).netloc
                    raise AnswerTooLargeError(host=host, limit_mb=MAXIMUM_ANSWER_BYTES // 1_000_000)
        finally:
            await response.aclose()
        return RawAnswer(
            status=response.status_code,
            content_type=response.headers.get("content-type", ""),
            body=bytes(body),
            retry_after=response.headers.get("retry-after"),
        )


class _Line:
    """One request's line in the log: no query, header or body."""

    def __init__(self, method: str, path: str) -> None:
        self._method, self._path = method, path
        self._request_id = secrets.token_hex(4)
        self._started_s = monotonic()

    def write(self, status: int | str) -> None:
        duration_ms = (monotonic() - self._started_s) * 1000
        line = "request method=%s path=%s status=%s duration_ms=%.0f request_id=%s"
        _log.debug(line, self._method, self._path, status, duration_ms, self._request_id)


def _in_words(error: Exception) -> str:
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return "no connection in time"
        case httpx.TimeoutException() | TimeoutError():
            return "no answer in time"
        case httpx.ConnectError():
            return _connect_error_in_words(error)
        case httpx.RemoteProtocolError() | httpx.ReadError():
            return "the connection was cut"
        case httpx.DecodingError():
            return "its answer cannot be unpacked"
        case _:
            return "the network failed"


def _connect_error_in_words(error: Exception) -> str:
    words = str(error).lower()
    if "certificate has expired" in words:
        return "its certificate has expired, or this machine's clock is wrong"
    if "mismatch" in words:
        return "its certificate is for another name"
    if "certificate" in words:
        # Self-hosted servers often have one of their own; SSL_CERT_FILE names the authority that signed it.
        return "its certificate is not trusted here; SSL_CERT_FILE can name the authority that signed it"
    return "this name is not known" if "name or service not known" in words or "nodename" in words else "no connection"
