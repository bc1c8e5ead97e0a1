"""The notebooks an empty box begins with: every one is whole, and what can run does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_posthog.box.seeds import DEMOS, FOLDER
from tests.box.runs import wait_for_run
from tests.box_fixture import Box, start_box

ALL = "/api/projects/1/notebooks/"
MARKDOWN = [demo.short_id for demo in DEMOS if (demo.file or "").endswith(".md")]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A box that nobody has touched."""
    yield from start_box("cloud", tmp_path_factory.mktemp("fresh"))


def nodes(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        if "type" in document:
            yield document
        for value in document.values():
            yield from nodes(value)
    elif isinstance(document, list):
        for value in document:
            yield from nodes(value)


def test_there_is_what_a_product_team_has(fresh: Box) -> None:
    records = {demo.short_id: fresh.fetch(demo.short_id) for demo in DEMOS}
    kinds = {short_id: {node["type"] for node in nodes(record["content"])} for short_id, record in records.items()}
    rich = [short_id for short_id, found in kinds.items() if found and "ph-markdown-notebook" not in found]

    assert len(records) >= 12
    assert len(rich) >= 4
    assert records["noText0007"]["content"] is None
    assert fresh.markdown("emptyMd006") == ""
    assert {"ph-python", "ph-hogql-sql", "ph-duck-sql"} <= kinds["oldEdit012"]
    assert records["shared0015"]["created_by"]["id"] != records["shared0015"]["last_modified_by"]["id"]
    assert [variable["name"] for variable in records["countr0016"]["variables"]] == ["country", "least_amount"]
    first = fresh.http.get(ALL).json()["results"][0]
    assert first["title"] == "Weekly funnel"


def test_every_file_belongs_to_a_notebook() -> None:
    assert {file.name for file in Path(FOLDER).iterdir()} == {demo.file for demo in DEMOS if demo.file}


def test_one_has_comments_on_a_recording(fresh: Box) -> None:
    recording = "0191c3e0-0000-7000-8000-00000000f001"

    comments = fresh.http.get(f"{ALL}recording_comments/", params={"recording_id": recording}).json()["results"]

    assert [comment["timeInRecording"] for comment in comments if comment["notebookShortId"] == "sessRev010"] == [
        12_000,
        47_500,
        84_000,
    ]


@pytest.mark.parametrize("short_id", MARKDOWN)
def test_every_cell_of_a_markdown_notebook_runs(fresh: Box, short_id: str) -> None:
    variables = fresh.fetch(short_id)["variables"]
    started = fresh.http.post(f"{ALL}{short_id}/runs/", json={"variables": variables})
    if started.status_code == 400:
        assert short_id in {"emptyMd006", "abPlan0005"}
        return

    ended = wait_for_run(fresh, f"{ALL}{short_id}/runs/{started.json()['run_id']}/")

    assert (ended["status"], ended["error"]) == ("done", None)
    if short_id == "metric0013":
        assert ended["cell_count"] == 40
    fresh.http.post(f"{ALL}{short_id}/kernel/stop/").raise_for_status()


def test_every_query_of_a_rich_notebook_runs(fresh: Box) -> None:
    for demo in DEMOS:
        for node in nodes(fresh.fetch(demo.short_id)["content"]):
            if node["type"] == "ph-hogql-sql":
                query = {"kind": "HogQLQuery", "query": node["attrs"]["code"]}
                assert fresh.http.post("/api/projects/1/query/", json={"query": query}).json()["results"]
