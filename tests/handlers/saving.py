"""What the tests of saving share: notebooks of both shapes, and a page that edits and saves them."""

from __future__ import annotations

import json
from typing import Any

from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box

BLOCKS = ("# Weekly funnel", "Numbers for this week.", "## Growth", "We saw growth.", "The end.")


def markdown_document(*blocks: str) -> dict[str, Any]:
    text = "\n\n\n".join(blocks)
    attributes = {"nodeId": "markdown-notebook-v2", "markdown": text}
    return {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": attributes}]}


def rich_document(*blocks: str) -> dict[str, Any]:
    return {"type": "doc", "content": [_rich_block(block) for block in blocks]}


def _rich_block(block: str) -> dict[str, Any]:
    marks = len(block) - len(block.lstrip("#"))
    text = [{"type": "text", "text": block.lstrip("# ")}]
    if marks:
        return {"type": "heading", "attrs": {"level": marks}, "content": text}
    return {"type": "paragraph", "content": text}


DOCUMENTS = {"markdown": markdown_document, "rich": rich_document}


class Refused(Exception):
    """What a page reads where the server refuses."""

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        super().__init__(f"{status} {answer.get('reason')}")
        self.status = status
        self.reason: str = answer.get("reason", "")
        self.facts: dict[str, Any] = answer.get("facts", {})


class Page:
    """One open notebook in one page of Lab: what it shows, and the version it shows."""

    def __init__(self, fetch: Any, path: str, page_id: str = "page-0001") -> None:
        self._fetch = fetch
        self.path = path
        self.page_id = page_id
        self.content: dict[str, Any] = {}
        self.base_version: int | None = None

    async def ask(self, method: str, address: str, body: Any = None, **params: str) -> dict[str, Any]:
        text = None if body is None else json.dumps(body)
        try:
            answer = await self._fetch(*address.split("/"), method=method, body=text, params=params, request_timeout=90)
        except HTTPClientError as error:
            assert error.response is not None, error
            raise Refused(error.code, json.loads(error.response.body)) from error
        found: dict[str, Any] = json.loads(answer.body) if answer.body else {}
        return found

    async def open(self) -> None:
        model = await self.ask("GET", f"posthog/contents/{self.path}")
        self.content, self.base_version, self.path = model["content"], model["base_version"], model["path"]

    def edit(self, old: str, new: str) -> None:
        """Replace a text in the one cell that has it."""
        (cell,) = [cell for cell in self.content["cells"] if old in cell["source"]]
        cell["source"] = cell["source"].replace(old, new)

    def text(self) -> str:
        return "\n\n".join(cell["source"] for cell in self.content["cells"])

    async def save(self) -> dict[str, Any]:
        """Save as Lab's page does: what was stored is shown, and only then becomes the base."""
        body = {"type": "notebook", "format": "json", "content": self.content, "base_version": self.base_version}
        model = await self.ask("PUT", f"posthog/contents/{self.path}", body | {"page_id": self.page_id})
        if model.get("content"):
            self.content = model["content"]
        self.base_version = model["base_version"]
        return model

    async def drafts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("GET", "posthog/drafts", path=self.path))["drafts"]
        return found

    async def kept_text(self) -> str:
        """All that this machine keeps of edits."""
        drafts = [await self.ask("GET", f"posthog/drafts/{draft['id']}") for draft in await self.drafts()]
        return "\n".join(cell["source"] for draft in drafts for cell in draft["content"]["cells"])

    async def resolve(self, draft_id: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.ask("POST", f"posthog/conflicts/{draft_id}", body)
        if answer.get("content"):
            self.content = answer["content"]
        if answer.get("base_version") is not None and body["action"] == "merge":
            self.base_version = answer["base_version"]
        return answer


def stored_text(box: Box, short_id: str) -> str:
    """Return all text that PostHog holds of a notebook."""
    return json.dumps(box.fetch(short_id)["content"], ensure_ascii=False)


def new_notebook(box: Box, shape: str, *blocks: str, title: str = "A test") -> str:
    short_id = box.new_markdown("Before", title)
    box.put_content(short_id, DOCUMENTS[shape](*(blocks or BLOCKS)))
    return short_id


def edit_elsewhere(box: Box, short_id: str, shape: str, old: str, new: str) -> None:
    """Let a colleague change one block of what PostHog holds now."""
    content = box.fetch(short_id)["content"]
    text = json.dumps(content)
    assert json.dumps(old)[1:-1] in text
    box.edit_elsewhere(short_id, json.loads(text.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])))
