"""Rows of a frame that a run made, page by page (posthog-api.md 12.4), and what a run keeps (12.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.box.runs import wait_for_run
from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"
FRAME = "import pandas\nout = pandas.DataFrame({'i': range(120)})\nout"


def run(box: Box, one: str, code: str, **more: Any) -> str:
    body = {"node_id": "n", "node_type": "python", "code": code, "output_name": "out", **more}
    path = f"{one}sql_v2/runs/{box.http.post(f'{one}sql_v2/run/', json=body).json()['run_id']}/"
    assert wait_for_run(box, path)["status"] == "done"
    return path


@pytest.fixture(scope="module")
def one(boxes: Any) -> str:
    return f"{ALL}{boxes('cloud').new_markdown('# a')}/"


def test_pages_follow_each_other(box: Box, one: str) -> None:
    path = run(box, one, FRAME)

    first = box.http.get(f"{path}page/").json()
    last = box.http.get(f"{path}page/?offset=100&limit=500").json()

    assert (len(first["rows"]), first["has_more"], first["row_count"]) == (50, True, 120)
    assert (last["rows"][0], last["rows"][-1], last["has_more"]) == ([100], [119], False)


@pytest.mark.parametrize("query", ["?limit=0", "?limit=501", "?limit=x", "?offset=-1", "?offset=x"])
def test_a_wrong_page_is_400(box: Box, one: str, query: str) -> None:
    assert box.http.get(f"{run(box, one, FRAME)}page/{query}").status_code == 400


def test_a_frame_that_was_replaced_is_stale(box: Box, one: str) -> None:
    older = run(box, one, FRAME)
    newer = run(box, one, FRAME)

    answer = box.http.get(f"{older}page/")

    assert (answer.status_code, answer.json()) == (409, {"detail": "stale"})
    assert box.http.get(f"{newer}page/").status_code == 200


def test_a_query_has_no_pages(box: Box, one: str) -> None:
    path = run(box, one, "SELECT 1 AS a", node_type="hogql")

    assert box.http.get(f"{path}page/").status_code == 400
    assert box.http.get(path).json()["rows"] == [[1]]
