"""The server is killed at each step of a save (design.md §6); the next one finds every edit."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.box_fixture import Box
from tests.handlers.saving import edit_elsewhere, new_notebook, stored_text
from tests.server_process import Server, server_of

MINE, THEIRS = "We saw 12 % growth.", "The end, says Grace."
SAVES = {"markdown": ("POST", r"/collab/markdown_save/?$"), "rich": ("PATCH", r"/notebooks/\w+/?$")}


def hold(box: Box, method: str, path: str, **more: Any) -> int:
    answer = box.http.post("/_box/faults", json={"method": method, "path": path, **more}).raise_for_status()
    number: int = answer.json()["id"]
    return number


def before_it_is_sent_on(box: Box, short_id: str, shape: str) -> int:
    """PostHog has got the request and has not stored it yet."""
    return hold(box, *SAVES[shape], hold=True)


def while_the_answer_comes(box: Box, short_id: str, shape: str) -> int:
    """PostHog has stored it, and its answer drips."""
    return hold(box, *SAVES[shape], slow_bytes=1, gap_s=0.2)


def while_it_asks_what_others_saved(box: Box, short_id: str, shape: str) -> int:
    """The save was refused for a colleague's; what they saved is being fetched."""
    edit_elsewhere(box, short_id, shape, "The end.", THEIRS)
    return hold(box, "GET", rf"/notebooks/{short_id}/?$", hold=True)


def before_the_merge_is_stored(box: Box, short_id: str, shape: str) -> int:
    """The merge is on its way: the first save is refused, the second one held."""
    edit_elsewhere(box, short_id, shape, "The end.", THEIRS)
    conflict = {"code": "conflict", "updates": [], "version": 9}
    hold(box, *SAVES[shape], status=409, body=conflict)
    return hold(box, *SAVES[shape], hold=True)


STEPS = (
    before_it_is_sent_on,
    while_the_answer_comes,
    while_it_asks_what_others_saved,
    before_the_merge_is_stored,
)


@pytest.mark.parametrize("shape", SAVES)
@pytest.mark.parametrize("step", STEPS)
def test_a_server_that_is_killed_loses_no_edit(
    box: Box, tmp_path: Path, step: Callable[[Box, str, str], int], shape: str
) -> None:
    short_id = new_notebook(box, shape)
    folder = tmp_path / "ada"
    with server_of("ada", folder, box.environment()) as server:
        model = server.get(f"contents/env/1/{short_id}.ipynb").json()
        (cell,) = [cell for cell in model["content"]["cells"] if "We saw growth." in cell["source"]]
        cell["source"] = cell["source"].replace("We saw growth.", MINE)
        fault = step(box, short_id, shape)
        saving = threading.Thread(target=save, args=(server, model))
        saving.start()
        box.http.post(f"/_box/faults/{fault}/met", timeout=60).raise_for_status()
        os.kill(server.process_id, signal.SIGKILL)
        saving.join(30)
    box.http.delete("/_box/faults")

    with server_of("ada", folder, box.environment()) as server:
        drafts = server.get("drafts", path=model["path"]).json()["drafts"]
        kept = [server.get(f"drafts/{draft['id']}").text for draft in drafts]
        assert any(MINE in text for text in kept) or MINE in stored_text(box, short_id)
        for draft in drafts:
            sent = server.send("POST", f"conflicts/{draft['id']}", {"action": "merge"})
            assert sent.status_code == 200, sent.text
        assert server.get("drafts", path=model["path"]).json()["drafts"] == []

    text = stored_text(box, short_id)
    assert text.count(MINE) == 1
    assert (THEIRS in text) == step.__name__.endswith(("saved", "stored"))


def save(server: Server, model: dict[str, Any]) -> None:
    body = {name: model[name] for name in ("type", "format", "content", "base_version")} | {"page_id": "page-0001"}
    with pytest.raises(httpx.TransportError):
        server.send("PUT", f"contents/{model['path']}", body)
