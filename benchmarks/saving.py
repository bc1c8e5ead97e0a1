"""What saving and reopening cost beside the raw requests, what a merge costs, and what a draft costs."""

from __future__ import annotations

import copy
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figure import Figure, median_ms
from benchmarks.servers import running
from jupyter_posthog.document import merge
from jupyter_posthog.records.drafts import Draft, DraftStore
from jupyter_posthog.records.files import NotebookKey

CELLS, SAVES = 1_000, 30


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), profile="cloud", options=("--faults",)) as (direct, served),
    ):
        raw_path, page = _new_notebook(direct), _Page(served, _new_notebook(direct))
        raw, ours = _saves(direct, raw_path, page)
        yield Figure(
            name="save.overhead.1000",
            value=statistics.median(ours) - statistics.median(raw),
            unit="ms",
            reference=statistics.median(raw),
            note=f"one cell of {CELLS} edited, {SAVES} saves each way, in turns; reference: PATCH of the document",
        )
        yield from _without_change(direct, page)
    yield _merge_figure()
    yield _journal_figure(page.content)


class _Page:
    """A notebook that is open in Lab."""

    def __init__(self, client: httpx.Client, path: str) -> None:
        self._client = client
        self._path = f"/contents/env/1/{path.rstrip('/').rpartition('/')[2]}.ipynb"
        self.content: dict[str, Any] = {}
        self.open()

    def open(self) -> None:
        """Ask as Lab does: without content, then with it."""
        self._client.get(self._path, params={"content": "0"}).raise_for_status()
        model = self._client.get(self._path, params={"content": "1"}).raise_for_status().json()
        self.content, self._version = model["content"], model["base_version"]

    def edit(self, number: int) -> None:
        self.content["cells"][number]["source"] += " more"

    def save(self) -> None:
        self.send(self.body())

    def body(self) -> bytes:
        """Pack what a save sends."""
        model = {"type": "notebook", "format": "json", "content": self.content, "base_version": self._version}
        return json.dumps(model).encode()

    def send(self, body: bytes) -> None:
        """Save what was packed."""
        answer = self._client.put(self._path, content=body).raise_for_status().json()
        self._version = answer["base_version"]


def _new_notebook(direct: httpx.Client) -> str:
    created = direct.post("/api/projects/1/notebooks/", json={"title": "Measured"}).json()
    path = f"/api/projects/1/notebooks/{created['short_id']}/"
    body = {"content": _document(_texts()), "version": created["version"]}
    direct.patch(path, json=body).raise_for_status()
    return path


def _saves(direct: httpx.Client, raw_path: str, page: _Page) -> tuple[list[float], list[float]]:
    raw, ours = [], []
    texts, version = _texts(), direct.get(raw_path).json()["version"]
    for number in range(SAVES + 3):
        texts[number] += " more"
        body = {"content": _document(texts), "version": version, "text_content": "\n\n\n".join(texts)}
        packed = json.dumps(body).encode()
        begun_s = time.perf_counter()
        answer = direct.patch(raw_path, content=packed, headers={"Content-Type": "application/json"})
        version = answer.raise_for_status().json()["version"]
        raw_ms = (time.perf_counter() - begun_s) * 1000
        page.edit(number)
        packed = page.body()  # packing is the page's own work, before both requests
        begun_s = time.perf_counter()
        page.send(packed)
        ours_ms = (time.perf_counter() - begun_s) * 1000
        if number >= 3:  # the first ones open connections and load modules
            raw.append(raw_ms)
            ours.append(ours_ms)
    return raw, ours


def _without_change(direct: httpx.Client, page: _Page) -> Iterator[Figure]:
    before = _asked(direct)
    page.save()
    note = "an autosave without a change"
    yield Figure(name="autosave.requests", value=len(_asked(direct)) - len(before), unit="count", note=note)
    before = _asked(direct)
    page.open()
    new = _asked(direct)[len(before) :]
    yield Figure(name="reopen.requests", value=len(new), unit="count", note="a notebook that has not changed")
    sizes = 0 if all(request["status"] == 304 for request in new) else len(direct.get(new[0]["path"]).content)
    yield Figure(name="reopen.body", value=sizes, unit="bytes", note="a notebook that has not changed; 304 has no body")


def _asked(direct: httpx.Client) -> list[dict[str, Any]]:
    requests: list[dict[str, Any]] = direct.get("/_box/requests").json()["requests"]
    return [request for request in requests if request["path"].startswith("/api/")]


def _merge_figure() -> Figure:
    base = _texts()
    mine, theirs = list(base), list(base)
    for number in range(0, CELLS, 20):
        mine[number] += " mine"
        theirs[number + 10] += " theirs"
    del mine[5]
    theirs.insert(15, "A new block.")
    documents = [_document(texts) for texts in (base, mine, theirs)]
    return Figure(
        name="merge.1000",
        value=median_ms(lambda: merge(*documents)),
        unit="ms",
        note=f"{CELLS} blocks, 50 edited on each side, one deleted, one added",
    )


def _journal_figure(content: dict[str, Any]) -> Figure:
    key = NotebookKey(origin="http://127.0.0.1:1", project_id=1, short_id="aB3dE5gH")
    draft = Draft(key=key, base_version=1, saved_at="", notebook=copy.deepcopy(content))
    with tempfile.TemporaryDirectory() as folder:
        store = DraftStore(Path(folder))
        value = median_ms(lambda: store.keep(draft))
    return Figure(name="journal.write", value=value, unit="ms", note=f"one draft of {CELLS} cells, on disk")


def _texts() -> list[str]:
    return [f"Block {number} says something about number {number}." for number in range(CELLS)]


def _document(texts: list[str]) -> dict[str, Any]:
    attributes = {"nodeId": "markdown-notebook-v2", "markdown": "\n\n\n".join(texts)}
    return {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": attributes}]}
