"""One HTTP connection to one PostHog as one person: what may be sent when, retries, errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import stamina

from jupyter_posthog.api.bodies import MAXIMUM_BODY_BYTES, JsonValue, decode_answer, encode_body
from jupyter_posthog.api.budget import SERVER_PER_MINUTE
from jupyter_posthog.api.pauses import Pauses
from jupyter_posthog.api.refusals import NotFound, endpoint_missing, error_for, read_refusal
from jupyter_posthog.api.turns import Turns, WaitOut
from jupyter_posthog.api.wire import QueryValue, RawAnswer, Wire
from jupyter_posthog.errors import (
    HostAwayError,
    NotPosthogError,
    PosthogError,
    ServerFailedError,
    TooLargeError,
)
from jupyter_posthog.redaction import redact
from jupyter_posthog.settings import BrowserSession, ConnectionSettings

ANSWER_TIMEOUT_S = 30.0
READ_ATTEMPTS = 3
_PASSING_STATUSES = {502, 504}


class Transport:
    """Sends requests to one host with one credential; never follows a redirect or a foreign address."""

    def __init__(
        self,
        settings: ConnectionSettings,
        *,
        per_minute: int = SERVER_PER_MINUTE,
        pauses: Pauses | None = None,
        wait_out: WaitOut | None = None,
        http_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare, without opening anything.

        Args:
            per_minute: This process's share of requests.
            pauses: Waiting times that processes share; None keeps them in this one.
            wait_out: Waits as long as PostHog asked with a 429; None refuses at once.
            http_transport: The seam for tests; None means the network.
        """
        self._settings = settings
        self._wire = Wire(settings, http_transport)
        is_counted = not isinstance(settings.credential, BrowserSession)
        share = per_minute if is_counted else None
        self._turns = Turns(settings.host, per_minute=share, pauses=pauses, wait_out=wait_out)

    @property
    def host(self) -> str:
        """The origin this transport is pinned to."""
        return self._settings.host

    @property
    def is_session(self) -> bool:
        """Whether PostHog takes the requests as a person's own browser."""
        return isinstance(self._settings.credential, BrowserSession)

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
            content=encode_body(method, body),
            query=query,
            headers=headers,
            answer_timeout_s=answer_timeout_s,
        )
        if raw.status == 304:
            return None
        if raw.status >= 300:
            raise self.error_of(raw, not_found)
        return decode_answer(raw, host=self.host)

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

        A list page is asked for at most once in two seconds; a call that was refused again and again is answered
        from memory.

        Raises:
            HostAwayError: No answer came.
            RateLimitedError: PostHog asked for a pause that is not over; nothing was sent.
            TooLargeError: The body is over PostHog's limit; nothing was sent.
        """
        self._check(method, path)
        if content is not None and len(content) > MAXIMUM_BODY_BYTES:
            raise TooLargeError(status=413, size_mb=round(len(content) / 1e6, 1))

        async def exchange() -> RawAnswer:
            return await self._wire.exchange(
                method, path, content=content, query=query, headers=headers, answer_timeout_s=answer_timeout_s
            )

        answer = await self._turns.take(method, path, {**(query or {}), **(headers or {})}, exchange)
        self._note(method, path, answer)
        return answer

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        path: str,
        *,
        body: JsonValue = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        not_found: NotFound = endpoint_missing,
        read_timeout_s: float,
    ) -> AsyncIterator[httpx.Response]:
        """Open one streaming answer; its body is read by the caller as it comes.

        Args:
            content: The body as it is, in place of ``body``.
            read_timeout_s: How long the stream may be silent, in seconds.
        """
        self._check(method, path)
        remembered = self._turns.remembered(method, path)
        if remembered is not None:
            raise self.error_of(remembered, not_found)
        await self._turns.wait(method, path)
        opening = self._wire.stream(
            method,
            path,
            content=content if content is not None else encode_body(method, body),
            # Packed streams come late, in blocks.
            headers={"Accept": "text/event-stream", "Accept-Encoding": "identity", **(headers or {})},
            read_timeout_s=read_timeout_s,
        )
        async with opening as response:
            if response.status_code >= 300:
                raw = await self._wire.read(response)
                self._turns.note(method, path, raw)
                self._note(method, path, raw)
                raise self.error_of(raw, not_found)
            self._note(method, path, RawAnswer(status=response.status_code, content_type="", body=b""))
            yield response

    @asynccontextmanager
    async def events(
        self, method: str, path: str, *, content: bytes | None, headers: Mapping[str, str], read_timeout_s: float
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open one event stream and give its bytes as they come; leaving it closes PostHog's.

        Raises:
            NotPosthogError: The answer is no event stream; nothing of it is given.
            HostAwayError: No answer came; while reading: the stream was cut.
        """
        async with self.stream(
            method, path, content=content, headers=headers, read_timeout_s=read_timeout_s
        ) as response:
            content_type = response.headers.get("content-type", "")
            if not content_type.startswith("text/event-stream"):
                raise NotPosthogError(host=self.host, status=response.status_code, content_type=content_type)
            yield self._wire.parts(response)

    async def aclose(self) -> None:
        """Close the connections that are open."""
        await self._wire.aclose()

    def error_of(self, raw: RawAnswer, not_found: NotFound = endpoint_missing) -> PosthogError:
        """Return what a refusal means, without this connection's secrets."""
        refusal = read_refusal(
            host=self.host,
            status=raw.status,
            content_type=raw.content_type,
            body=raw.body,
            retry_after=raw.retry_after,
            redact=self.redact,
        )
        return error_for(refusal, not_found)

    def _check(self, method: str, path: str) -> None:
        """Stop what may not be sent; here everything may."""

    def _note(self, method: str, path: str, answer: RawAnswer) -> None:
        """Take note of an answer, a remembered one included; here there is nothing to note."""


def _is_passing(error: Exception) -> bool:
    if isinstance(error, ServerFailedError):
        return error.status in _PASSING_STATUSES
    return isinstance(error, HostAwayError)
