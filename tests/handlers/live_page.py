"""A page of a real Jupyter server, as far as live events go: its one WebSocket, what it has open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from tests.box_fixture import Box

LIMIT_S = 20.0
# The box's second person (docs/box.md); its ready file names only the first.
GRACES_HEADERS = {
    "Cookie": "sessionid=box-session-of-grace; posthog_csrftoken=box-csrf-of-grace",
    "X-CSRFToken": "box-csrf-of-grace",
}


class LivePage:
    """One page."""

    def __init__(self, page_id: str, socket: Any, fetch: Any) -> None:
        self.page_id = page_id
        self._socket = socket
        self._fetch = fetch
        self.heard: list[dict[str, Any]] = []

    async def show(self, *short_ids: str, version: int | None = 0) -> dict[str, Any]:
        """Tell the server everything that is open."""
        notebooks = [{"path": f"env/1/{short_id}.ipynb", "version": version} for short_id in short_ids]
        body = json.dumps({"notebooks": notebooks})
        answer = await self._fetch("posthog/live", self.page_id, method="PUT", body=body)
        return json.loads(answer.body)

    async def leave(self) -> int:
        return (await self._fetch("posthog/live", self.page_id, method="DELETE")).code

    async def hear(self, name: str, **facts: Any) -> dict[str, Any]:
        """Return the next event of this name with these facts; it must come in time."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                event = json.loads(await self._socket.read_message())
                self.heard.append(event)
                if event["schema_id"].split("/")[-2] == name and facts.items() <= event.items():
                    return event

    def names_heard(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.heard if event["schema_id"].split("/")[-2] == name]


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that has no event for a test."""
    async with asyncio.timeout(LIMIT_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def streams(box: Box, *short_ids: str) -> int:
    """How many live streams the box has open of these notebooks."""
    found = box.http.get("/_box/streams").json()["streams"]
    return sum(found.get(short_id, 0) for short_id in short_ids)


def streams_asked(box: Box, short_id: str) -> int:
    """How often the stream of a notebook was asked for so far; the box lists what has ended."""
    ended = [one for one in box.requests() if one["path"].endswith(f"{short_id}/collab/stream/")]
    return len(ended) + streams(box, short_id)


def markdown_document(markdown: str) -> dict[str, Any]:
    attributes = {"nodeId": "markdown-notebook-v2", "markdown": markdown}
    return {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": attributes}]}


def save_as_grace(box: Box, short_id: str, markdown: str) -> int:
    """Save as PostHog's own page does, and return the version it made."""
    body = {
        "client_id": "page-of-grace",
        "version": box.fetch(short_id)["version"],
        "content": markdown_document(markdown),
        "text_content": markdown,
    }
    path = f"/api/projects/1/notebooks/{short_id}/collab/markdown_save/"
    answer = box.http.post(path, json=body, headers=GRACES_HEADERS)
    answer.raise_for_status()
    return int(answer.json()["version"])
