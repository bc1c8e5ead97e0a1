"""Cells of the old kinds, live again on a person's wish (posthog-document.md 3.9)."""

from __future__ import annotations

import json

import pytest

from jupyter_posthog.document import document_to_notebook, rescue_legacy_cells
from jupyter_posthog.document.markdown.tags import written_tag
from tests.document.strategies import wrapped

EXECUTION = {"status": "ok", "stdout": "3\n", "stderr": "", "result": "3", "media": [], "executionCount": 1}


@pytest.mark.parametrize(
    ("legacy", "live"),
    [
        ('<Python nodeId="p" code="x &lt; 1" height={20} />', '<PythonV2 nodeId="p" code="x < 1" showFilters />'),
        (
            '<DuckSQL nodeId="d" title="T" code="SELECT 1" returnVariable="a" />',
            '<SQLV2 nodeId="d" title="T" code="SELECT 1" returnVariable="a" showFilters />',
        ),
        ('<HogQLSQL code="SELECT 1" />', '<SQLV2 code="SELECT 1" returnVariable="hogql_df" showFilters />'),
        (
            '<UnknownNode nodeType="ph-hogql-sql" nodeId="h" code="SELECT 2" returnVariable="b" />',
            '<SQLV2 nodeId="h" code="SELECT 2" returnVariable="b" showFilters />',
        ),
    ],
    ids=["python", "duckdb", "hogql without an id", "unknown node"],
)
def test_legacy_code_becomes_todays_tag_and_its_neighbours_stay(legacy: str, live: str) -> None:
    before, after = "# T\r\n\r\n", "\n\n<Recording id='r'  />\n"

    rescued = rescue_legacy_cells(wrapped(before + legacy + after))

    assert rescued.document == wrapped(before + live + after)


def test_what_fits_of_a_stored_result_comes_along() -> None:
    tag = written_tag(
        "UnknownNode", {"nodeType": "ph-python", "nodeId": "p", "code": "3", "pythonExecution": EXECUTION}
    )

    rescued = rescue_legacy_cells(wrapped(tag))

    (cell,) = document_to_notebook(rescued.document).cells
    assert [output.output_type for output in cell.outputs] == ["stream", "execute_result"]
    assert rescued.node_ids == ("p",)


@pytest.mark.parametrize("text", ['<UnknownNode nodeType="ph-map" id="m" />', '<PythonV2 code="1" />', "text", ""])
def test_everything_else_stays_as_it_is(text: str) -> None:
    document = wrapped(text)

    assert rescue_legacy_cells(document).document is document


def test_the_cells_of_a_rich_notebook_are_live_already() -> None:
    document = json.loads('{"type": "doc", "content": [{"type": "ph-python", "attrs": {"code": "1"}}]}')

    assert rescue_legacy_cells(document).document is document
