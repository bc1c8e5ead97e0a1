"""Three clients edit one notebook at once while things go wrong; no acknowledged edit is missing in the end.

A page of Jupyter with autosave, a page of PostHog (``collab/markdown_save``) and a script (``PATCH``). Twenty seconds at
each change; ten minutes, with a seed of the moment, in ``make test-deep``.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.box_fixture import Box
from tests.handlers.saving import Page, Refused, markdown_document, stored_text

IS_DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SECONDS = 600.0 if IS_DEEP else 20.0
BLOCKS = 200
TOKEN = re.compile(r"\be\d+[jps]\b")
FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 500, "body": {"detail": "A server error occurred."}},
    {"status": 503, "body": {"detail": "Service unavailable."}},
    {"html": True},
    {"cut_after": 0},
    {"status": 200, "body": "{}", "cut_after": 0},
)
_SAVES = r"/collab/markdown_save/?$"


class Editors:
    """What the three have in common: edits by unique tokens, and which of them were acknowledged."""

    def __init__(self, box: Box, short_id: str, chance: random.Random) -> None:
        self.box, self.short_id, self.chance = box, short_id, chance
        self.acknowledged: set[str] = set()
        self.counts: Counter[str] = Counter()
        self._number = 0

    def edited(self, text: str, who: str) -> str:
        """Return a text with one more token in one of its blocks."""
        self._number += 1
        places = [found.end() for found in re.finditer(r"Block \d+\.", text)]
        # Half of all edits meet in a few blocks, as with people who work on one section.
        place = self.chance.choice(places[:5] if self.chance.random() < 0.5 else places)
        return f"{text[:place]} e{self._number}{who}{text[place:]}"

    def acknowledge(self, text: str, who: str) -> None:
        self.counts[f"saves by {who}"] += 1
        self.acknowledged |= {token for token in TOKEN.findall(text) if token.endswith(who)}


async def jupyter(editors: Editors, page: Page, until: float) -> None:
    """Edit and save as Lab does; a conflict is answered so that both texts stay."""
    while time.monotonic() < until:
        for _ in range(editors.chance.randint(1, 3)):
            cells = [cell for cell in page.content["cells"] if "Block " in cell["source"]]
            cell = editors.chance.choice(cells[:5] if editors.chance.random() < 0.5 else cells)
            cell["source"] = editors.edited(cell["source"], "j")
        await asyncio.sleep(editors.chance.random() * 0.4)
        if editors.chance.random() < 0.3:
            fault = editors.chance.choice(FAULTS)
            await post(editors.box, "/_box/faults", {"method": "POST", "path": _SAVES, **fault})
            editors.counts["faults"] += 1
        await autosave(editors, page)


async def autosave(editors: Editors, page: Page) -> None:
    text = page.text()
    try:
        await page.save()
    except Refused as refused:
        editors.counts[f"refused {refused.reason}"] += 1
        if refused.reason != "save_conflict":
            return
        await settle(editors, page, refused.facts["draft_id"])
    editors.acknowledge(text, "j")


async def settle(editors: Editors, page: Page, draft_id: str) -> None:
    """Answer each block with a text that holds the tokens of both sides."""
    told: list[object] = []
    blocks: list[dict[str, Any]] = []
    # Each save of another one to the same few blocks makes an answer old, so a slow machine needs many tries.
    deadline_s = time.monotonic() + 120
    while time.monotonic() < deadline_s:
        try:
            blocks = (await page.ask("GET", f"posthog/conflicts/{draft_id}"))["blocks"]
            answers = {block["id"]: {"text": of_both(block)} for block in blocks}
            await page.resolve(draft_id, {"action": "merge", "answers": answers})
        except Refused as refused:
            editors.counts[f"refused {refused.reason}"] += 1
            told.append((refused.facts, [block["kind"] for block in blocks]))
            continue
        editors.counts["conflicts answered"] += len(blocks)
        return
    raise AssertionError(f"the conflict could not be settled: {told[-3:]}")


def of_both(block: dict[str, Any]) -> str:
    mine, theirs = str(block["mine"] or ""), str(block["theirs"] or "")
    missing = [token for token in TOKEN.findall(mine) if token not in TOKEN.findall(theirs)]
    return " ".join([theirs or "Block 0.", *missing])


async def other(
    editors: Editors, who: str, until: float, send: Callable[[httpx.AsyncClient, dict[str, Any], str], Any]
) -> None:
    """Edit what PostHog holds and save it, again and again; a refused edit is made anew."""
    url = f"/api/projects/1/notebooks/{editors.short_id}/"
    headers = editors.box.session_headers()
    async with httpx.AsyncClient(base_url=editors.box.url, headers=headers, trust_env=False, timeout=30.0) as client:
        while time.monotonic() < until:
            record = (await client.get(url)).json()
            text = editors.edited(record["content"]["content"][0]["attrs"]["markdown"], who)
            # Sometimes somebody is slow, and meets a newer version.
            await asyncio.sleep(editors.chance.random() * 0.3)
            try:
                answer = await send(client, record, text)
            except httpx.TransportError:
                continue  # its fault was meant for another client; the edit is not acknowledged
            if answer.status_code == 200 and answer.headers["content-type"].startswith("application/json"):
                editors.acknowledge(text, who)
            else:
                editors.counts[f"{answer.status_code} for {who}"] += 1


async def by_page(client: httpx.AsyncClient, record: dict[str, Any], text: str) -> httpx.Response:
    body = {"client_id": "page", "version": record["version"], "text_content": text}
    path = f"/api/projects/1/notebooks/{record['short_id']}/collab/markdown_save/"
    return await client.post(path, json=body | {"content": markdown_document(text)})


async def by_script(client: httpx.AsyncClient, record: dict[str, Any], text: str) -> httpx.Response:
    body = {"content": markdown_document(text), "version": record["version"], "text_content": text}
    return await client.patch(f"/api/projects/1/notebooks/{record['short_id']}/", json=body)


async def post(box: Box, path: str, body: dict[str, Any]) -> None:
    async with httpx.AsyncClient(base_url=box.url, trust_env=False) as client:
        (await client.post(path, json=body)).raise_for_status()


async def test_no_acknowledged_edit_is_missing(
    connected_box: Box, jp_fetch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = time.time_ns() if IS_DEEP else 7
    text = "\n\n\n".join(f"Block {number}." for number in range(BLOCKS))
    short_id = connected_box.new_markdown(text)
    editors = Editors(connected_box, short_id, random.Random(seed))
    page = Page(jp_fetch, f"env/1/{short_id}.ipynb")
    await page.open()
    until = time.monotonic() + SECONDS

    await asyncio.gather(
        jupyter(editors, page, until),
        other(editors, "p", until, by_page),
        other(editors, "s", until, by_script),
    )
    connected_box.http.delete("/_box/faults")
    await autosave(editors, page)

    held = stored_text(connected_box, short_id)
    kept = await page.kept_text()
    with capsys.disabled():
        sys.stdout.write(
            f"\nseed {seed}: {len(editors.acknowledged)} acknowledged edits, {json.dumps(editors.counts)}\n"
        )
    found = Counter(TOKEN.findall(held))
    missing = {token for token in editors.acknowledged if token not in found and token not in kept}
    assert not missing
    assert not {token for token, count in found.items() if count > 1}, "no edit stands twice"
    assert editors.counts["saves by j"] and editors.counts["saves by p"] and editors.counts["saves by s"]
