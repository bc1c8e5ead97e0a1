"""New notebooks take the shape that the server gives to an empty one (design.md §4)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.box_fixture import Box

CELLS = [new_markdown_cell("# Analysis", id="a"), new_code_cell("x = 1", id="b")]
PROFILES = pytest.mark.parametrize(("profile", "shape"), [("cloud", "markdown"), ("legacy", "rich")])


def shape_of(box: Box, short_id: str) -> str:
    nodes = box.fetch(short_id)["content"]["content"]
    return "markdown" if nodes[0]["type"] == "ph-markdown-notebook" else "rich"


def code_of(box: Box, short_id: str) -> str:
    return json.dumps(box.fetch(short_id)["content"])


async def put(jp_fetch: Any, path: str, content: Any, **more: Any) -> Any:
    body = {"type": "notebook", "format": "json", "content": content, **more}
    answer = await jp_fetch("posthog", "contents", *path.split("/"), method="PUT", body=json.dumps(body))
    return json.loads(answer.body)


def short_id_in(path: str) -> str:
    return path.split("[")[1].split("]")[0]


@PROFILES
async def test_an_uploaded_notebook(connected_box: Box, jp_fetch: Any, shape: str) -> None:
    for number in (1, 2):  # the second time the shape is known
        model = await put(jp_fetch, f"env/1/Upload number {number}.ipynb", new_notebook(cells=CELLS))

        short_id = short_id_in(model["path"])
        assert shape_of(connected_box, short_id) == shape
        assert "x = 1" in code_of(connected_box, short_id)


@PROFILES
@pytest.mark.parametrize("content", [None, {"type": "doc", "content": []}], ids=["null", "empty"])
async def test_a_notebook_that_holds_nothing_yet(connected_box: Box, jp_fetch: Any, shape: str, content: Any) -> None:
    short_id = connected_box.new_notebook(title="Empty one")
    connected_box.edit_elsewhere(short_id, content)
    opened = json.loads((await jp_fetch("posthog", "contents", "env", "1", f"{short_id}.ipynb")).body)
    opened["content"]["cells"] = CELLS

    await put(jp_fetch, opened["path"], opened["content"], base_version=opened["base_version"])

    assert shape_of(connected_box, short_id) == ("rich" if content else shape)
    assert "x = 1" in code_of(connected_box, short_id)


async def test_a_create_whose_answer_is_lost_is_found_again(connected_box: Box, jp_fetch: Any) -> None:
    """It is never sent twice; the list tells what became of it."""
    title = "Lost answer"
    connected_box.fail_next(method="POST", path="/api/projects/1/notebooks/", cut_after=0)

    model = await put(jp_fetch, f"env/1/{title}.ipynb", new_notebook(cells=CELLS))

    listed = connected_box.http.get("/api/projects/1/notebooks/", params={"search": title}).json()
    assert [row["short_id"] for row in listed["results"]] == [short_id_in(model["path"])]
    assert "x = 1" in code_of(connected_box, short_id_in(model["path"]))
