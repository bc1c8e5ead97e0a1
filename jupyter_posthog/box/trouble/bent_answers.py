"""Damages answers on their way out: cut, truncated, dripping, doubled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tornado.httputil import HTTPHeaders
from tornado.iostream import StreamClosedError
from tornado.web import OutputTransform

from jupyter_posthog.box.trouble.fault_requests import Bend

if TYPE_CHECKING:
    from jupyter_posthog.box.handling import BoxHandler


def bend(handler: BoxHandler, wanted: Bend) -> None:
    """Let one handler's answer be damaged, whatever it will be."""
    damage = _Damage(handler, wanted)
    handler._transforms.append(damage)  # tornado makes these for each request and calls them in turn
    if wanted.cut_after is not None:
        _break_when_over(handler, damage)
    if wanted.slow_bytes is not None:
        _Drip(handler, wanted).put_in()


class _Damage(OutputTransform):
    """Cuts, truncates or doubles what a handler has written."""

    def __init__(self, handler: BoxHandler, wanted: Bend) -> None:
        super().__init__(handler.request)
        self._wanted = wanted
        self._sent = 0
        self.is_over = False

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Damage the first piece, and say its new length where that is not the fault."""
        damaged = self.transform_chunk(chunk, finishing)
        if self._wanted.cut_after is None and "Content-Length" in headers:
            headers["Content-Length"] = str(len(damaged))
        return status_code, headers, damaged

    def transform_chunk(self, chunk: bytes, finishing: bool) -> bytes:
        """Damage one more piece."""
        if self._wanted.duplicates_event and chunk.rstrip(b"\n") != chunk:
            chunk = chunk * 2
        most = self._wanted.truncate_to if self._wanted.cut_after is None else self._wanted.cut_after
        if most is None:
            return chunk
        damaged = chunk[: max(0, most - self._sent)]
        self._sent += len(damaged)
        self.is_over = self._sent >= most
        return damaged


class _Drip:
    """Sends what a handler writes in small pieces, with a pause after each."""

    def __init__(self, handler: BoxHandler, wanted: Bend) -> None:
        self._handler = handler
        self._wanted = wanted
        self._flush: Any = handler.flush
        self._finish: Any = handler.finish
        self._is_finishing = False

    def put_in(self) -> None:
        """Take the place of the handler's own flush and finish."""
        self._handler.flush = self._flush_slowly  # type: ignore[method-assign]
        self._handler.finish = self._finish_slowly  # type: ignore[method-assign]

    def _flush_slowly(self, include_footers: bool = False) -> Any:
        return self._flush(include_footers) if include_footers else asyncio.ensure_future(self._send())

    def _finish_slowly(self, chunk: Any = None) -> Any:
        if self._is_finishing:
            return asyncio.sleep(0)
        self._is_finishing = True
        if chunk is not None:
            self._handler.write(chunk)
        return asyncio.ensure_future(self._send_and_finish())

    async def _send_and_finish(self) -> None:
        await self._send()
        self._handler.flush = self._flush  # type: ignore[method-assign]
        self._finish()

    async def _send(self) -> None:
        whole = b"".join(self._handler._write_buffer)
        size = self._wanted.slow_bytes or len(whole)
        for start in range(0, len(whole), size):
            self._handler._write_buffer = [whole[start : start + size]]
            try:
                await self._flush()
            except StreamClosedError:
                return
            await asyncio.sleep(self._wanted.gap_s)


def _break_when_over(handler: BoxHandler, damage: _Damage) -> None:
    """Break the connection once the last piece has gone out: a stream hands it to the socket at once."""
    flush = handler.flush

    def flush_and_break(include_footers: bool = False) -> Any:
        sent = flush(include_footers)
        stream = getattr(handler.request.connection, "stream", None)
        if damage.is_over and stream is not None:
            stream.close()
        return sent

    handler.flush = flush_and_break  # type: ignore[method-assign]
