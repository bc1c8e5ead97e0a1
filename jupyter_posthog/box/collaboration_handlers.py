"""Live editing apart from Markdown saves: steps of rich notebooks, presence, the stream (posthog-api.md 15)."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tornado.iostream import StreamClosedError

from jupyter_posthog.box.collaboration import Event
from jupyter_posthog.box.handling import BoxHandler
from jupyter_posthog.box.markdown_save import author, checked_client, checked_save
from jupyter_posthog.box.records import check_editor, detail
from jupyter_posthog.box.refusals import Refusal, invalid, required
from jupyter_posthog.box.stored import Record

KEEPALIVE_S, LONGEST_STREAM_S = 15.0, 300.0


class StepsHandler(BoxHandler):
    """``…/:short_id/collab/save/``."""

    def post(self, project_id: str, short_id: str) -> None:
        """Save steps of a rich notebook and the document they give, or say which steps were missed (15.1)."""
        body = self.body()
        client_id, fields = checked_save(body)
        steps = body.get("steps")
        if steps is None:
            raise required("steps")
        if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
            raise invalid("Expected a list of items.", attr="steps")
        record = self.box.store.find(short_id)
        check_editor(record, self.caller.person)
        if fields["version"] != record.version:
            raise self._missed(record, fields["version"])
        names = ("content", "version", "title", "text_content")
        wanted = {name: fields[name] for name in names if name in fields}
        saved = self.box.store.update(short_id, wanted, self.caller.person, steps=len(steps))
        by = {"client_id": client_id, **author(self.caller.person), "cursor_head": body.get("cursor_head")}
        self.box.collaboration.steps_saved(short_id, saved.version, steps, by)
        self.answer(detail(saved, self.caller.person, self.box.profile))

    def _missed(self, record: Record, version: int) -> Refusal:
        events = self.box.collaboration.since(record.short_id, "step", version, record.version)
        if events is None:
            self.box.store.log(record, "save_rejected_stale", None, self.caller.person)
            return Refusal(410, {"code": "conflict_stale"})
        self.box.store.log(record, "save_rejected_conflict", None, self.caller.person)
        steps = [event.data["step"] for event in events]
        client_ids = [event.data["client_id"] for event in events]
        body = {"code": "conflict", "steps": steps, "client_ids": client_ids, "version": record.version}
        return Refusal(409, body)


class PresenceHandler(BoxHandler):
    """``…/:short_id/collab/presence/``."""

    def post(self, project_id: str, short_id: str) -> None:
        """Tell open pages where the caller is (15.3)."""
        body = self.body()
        client_id = checked_client(body)
        self.box.store.find(short_id)
        place = {"version": body.get("version"), "cursor": body.get("cursor")}
        data = {"type": "presence", "client_id": client_id, **author(self.caller.person), **place}
        self.box.collaboration.seen(short_id, data)
        self.set_status(204)
        self.finish()


class StreamHandler(BoxHandler):
    """``…/:short_id/collab/stream/``."""

    async def get(self, project_id: str, short_id: str) -> None:
        """Send what happens to a notebook as it happens, five minutes at most (15.4)."""
        self.box.store.find(short_id)
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")
        self._queue, missed = self.box.collaboration.join(short_id, self.request.headers.get("Last-Event-ID"))
        try:
            with suppress(StreamClosedError, TimeoutError):
                async with asyncio.timeout(LONGEST_STREAM_S):
                    await self._follow(missed)
        finally:
            self.box.collaboration.leave(short_id, self._queue)

    def on_connection_close(self) -> None:
        """Stop following when the page is gone."""
        self.box.collaboration.end(self._queue)

    async def _follow(self, missed: list[Event]) -> None:
        await self._send(": connected\n\n")
        for event in missed:
            await self._send(event.to_wire())
        while (text := await self._next()) is not None:
            await self._send(text)

    async def _next(self) -> str | None:
        try:
            event = await asyncio.wait_for(self._queue.get(), KEEPALIVE_S)
        except TimeoutError:
            return ": keepalive\n\n"
        return event.to_wire() if event is not None else None

    async def _send(self, text: str) -> None:
        self.write(text.encode("utf-8", "replace"))
        await self.flush()
