"""What the box costs: the time until it is ready, lists and searches of ten thousand notebooks."""

from __future__ import annotations

import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.figure import Figure, median_ms
from jupyter_posthog.box.store import Store
from jupyter_posthog.box.text.documents import wrap_markdown

SIZES = (100, 10_000)
STARTS = 3
WORDS = ("funnel", "retention", "revenue", "onboarding", "churn", "activation", "pricing", "survey", "flags", "paths")
PROSE = "We looked at {one} and {two} of this week; the numbers moved, and nobody knows why yet. " * 4


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    yield Figure(
        name="box.ready",
        value=statistics.median(_ready_s() for _ in range(STARTS)),
        unit="s",
        note="from the start of the process to the ready file, an empty data folder",
    )
    for notebooks in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            _fill(Path(folder), notebooks)
            yield from _lists(Path(folder), notebooks)


def _lists(folder: Path, notebooks: int) -> Iterator[Figure]:
    process, ready, _ = _start(folder)
    session = ready["session"]
    cookies = {"sessionid": session["cookie"], "posthog_csrftoken": session["csrf"]}
    with httpx.Client(base_url=ready["url"], cookies=cookies, trust_env=False) as client:
        asked = {"": {}, ".search": {"search": "funnel churn"}, ".filter": {"contains": "recording:true"}}
        for name, query in asked.items():
            yield Figure(
                name=f"box.list.{notebooks}{name}",
                value=median_ms(lambda query=query: _list(client, query)),
                unit="ms",
                note=f"a page of 100, {query or 'no filter'}",
            )
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def _list(client: httpx.Client, query: dict[str, str]) -> None:
    client.get("/api/projects/1/notebooks/", params=query).raise_for_status()


def _fill(folder: Path, notebooks: int) -> None:
    """Store notebooks, one in ten of them rich."""
    store = Store(folder / "notebooks.sqlite3")
    with store.bulk():
        for number in range(notebooks):
            one, two = WORDS[number % 10], WORDS[number // 10 % 10]
            text = f"# {one} {number}\n\n{PROSE.format(one=one, two=two)}"
            document = wrap_markdown(text) if number % 10 else {"type": "doc", "content": [{"type": "ph-recording"}]}
            store.create(title=f"{one} and {two}, {number}", content=document, text_content=text)
    store.close()


def _ready_s() -> float:
    with tempfile.TemporaryDirectory() as folder:
        process, _, seconds = _start(Path(folder))
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        return seconds


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], dict[str, dict[str, str]], float]:
    ready = folder / "ready.json"
    command = [
        sys.executable,
        "-m",
        "jupyter_posthog.box",
        "--port",
        "0",
        "--data",
        str(folder),
        "--ready-file",
        str(ready),
    ]
    started_s = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not ready.exists():
        if process.poll() is not None:
            raise RuntimeError("The box did not start.")
        time.sleep(0.005)
    return process, json.loads(ready.read_text()), time.perf_counter() - started_s
