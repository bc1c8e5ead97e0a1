"""Stored results of every kind as outputs (posthog-document.md 2.7, 3.6, 4.8)."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest

from jupyter_posthog.document import document_to_notebook, notebook_to_document, read_document
from jupyter_posthog.document.markdown.tags import written_tag
from jupyter_posthog.document.outputs.frames import FRAME_MIME_TYPE
from jupyter_posthog.document.values import canonical
from tests.document.strategies import wrapped

FRAME = {
    "columns": ["event", "n"],
    "types": [["event", "String"], ["n", "UInt64"]],
    "row_count": 3,
    "first_page": [["<b>", 1], [None, 18446744073709551615]],
    "has_more": True,
}


def outputs_of(**props: Any) -> list[Any]:
    notebook = document_to_notebook(wrapped(written_tag("SQLV2", {"nodeId": "q", "code": "SELECT 1", **props})))
    nbformat.validate(notebook)
    return list(notebook.cells[0].outputs)


def rich_outputs_of(**attributes: Any) -> list[Any]:
    node = {"type": "ph-python", "attrs": {"nodeId": "p", "code": "1", **attributes}}
    notebook = document_to_notebook({"type": "doc", "content": [node]})
    nbformat.validate(notebook)
    return list(notebook.cells[0].outputs)


def test_a_frame_is_one_output_in_three_forms() -> None:
    (output,) = outputs_of(runId="r1", returnVariable="orders", result=FRAME)

    assert set(output.data) == {"text/plain", "text/html", FRAME_MIME_TYPE}
    frame = output.data[FRAME_MIME_TYPE]
    assert (frame["columns"], frame["row_count"], frame["run_id"], frame["name"]) == (["event", "n"], 3, "r1", "orders")
    assert frame["rows"][1] == [None, "18446744073709551615"]  # a page's numbers end at 2^53
    assert "&lt;b&gt;" in output.data["text/html"]
    assert "first 2 of 3 rows" in output.data["text/plain"]


def test_outputs_come_in_the_order_streams_media_result_error() -> None:
    result = {
        "stdout": "out\n",
        "stderr": "err\n",
        "media": [{"mime_type": "image/png", "data": "aGk="}],
        "result_text": "3",
        "error": "NameError: name 'x' is not defined",
    }

    outputs = outputs_of(result=result)

    assert [output.output_type for output in outputs] == ["stream", "stream", "display_data", "execute_result", "error"]
    assert outputs[2].data == {"image/png": "aGk="}
    assert (outputs[4].ename, outputs[4].evalue) == ("NameError", "name 'x' is not defined")


def test_an_interrupted_run_says_so_behind_what_it_had_done() -> None:
    outputs = outputs_of(runStatus="interrupted", result={"stdout": "half\n"})

    assert [output.get("ename", output.output_type) for output in outputs] == ["stream", "Interrupted"]


@pytest.mark.parametrize("result", [None, {}, {"columns": []}, "text", 5, {"media": 5, "columns": "x"}])
def test_nothing_stored_is_no_output(result: Any) -> None:
    assert outputs_of(result=result) == []


def test_hidden_results_are_folded_away() -> None:
    notebook = document_to_notebook(wrapped('<PythonV2 nodeId="p" code="1" hideResults />'))

    assert notebook.cells[0].metadata.jupyter == {"outputs_hidden": True}


@pytest.mark.parametrize("is_text", [False, True], ids=["object", "json text"])
def test_a_legacy_execution_has_text_not_a_bundle(is_text: bool) -> None:
    execution = {
        "status": "ok",
        "stdout": "a\n",
        "stderr": "",
        "result": "<table></table>",
        "media": [{"mimeType": "image/png", "data": "aGk="}],
        "executionCount": 4,
    }

    outputs = rich_outputs_of(pythonExecution=json.dumps(execution) if is_text else execution)

    assert [output.output_type for output in outputs] == ["stream", "display_data", "execute_result"]
    assert outputs[2].data == {"text/plain": "<table></table>"}
    assert outputs[2].execution_count == 4


@pytest.mark.parametrize(
    ("execution", "expected"),
    [
        ({"status": "running", "stdout": "x", "stderr": "", "variables": []}, []),
        ({"status": "timeout", "stdout": "x", "stderr": ""}, ["stream", "Timeout"]),
        ({"status": "error", "errorName": "ValueError", "traceback": ["…", "ValueError: no"]}, ["ValueError"]),
        ({"status": "error", "traceback": []}, ["Error"]),
        ({"status": "error", "errorName": None, "traceback": ["RuntimeError: gone"]}, ["RuntimeError"]),
    ],
    ids=["running", "timeout", "error", "error without words", "error named in its text"],
)
def test_how_a_legacy_execution_ended(execution: dict[str, Any], expected: list[str]) -> None:
    outputs = rich_outputs_of(pythonExecution=execution)

    assert [output.get("ename", output.output_type) for output in outputs] == expected


def test_outputs_alone_change_nothing() -> None:
    document = wrapped(written_tag("SQLV2", {"nodeId": "q", "code": "SELECT 1", "runId": "r", "result": FRAME}))
    read = read_document(document)
    read.notebook.cells[0].outputs = []
    read.notebook.cells[0].execution_count = 7

    assert notebook_to_document(read.notebook, document) == document
    assert document_to_notebook(document) == document_to_notebook(document)


ODD_VALUES = [
    None,
    True,
    5,
    -1,
    10**400,
    float("nan"),
    "<b>&\"'</b>",
    "\ud800",
    ["\ud800", 5, None],
    [[1, 2], ["x"], []],
    [[[float("nan")], {"a": 2**70, "\ud800": "\ud800"}]],
    {"a": 1},
    {"text/plain": 5},
    {"text/plain": ["a", 5]},
    {"text/html": "<b>x</b>"},
    {"image/png": None},
    [{"mime_type": "image/png"}, {"mimeType": "image/png", "data": 5}],
    [{"mime_type": "text/html", "data": "<b>x</b>"}, {"mimeType": "text/html", "data": "<b>x</b>"}],
    [{"mime_type": "a/b", "data": "\ud800"}, {"mimeType": "a/b", "data": "\ud800"}],
]
ENVELOPE = {"columns": ["a", "b"], "types": [["a", "T"]], "row_count": 1, "first_page": [[1, "x"]]}
EXECUTION = {"status": "error", "stdout": "o", "result": "r", "executionCount": 1, "traceback": ["X: y"]}


@pytest.mark.parametrize("value", ODD_VALUES, ids=ascii)
@pytest.mark.parametrize(
    "name",
    [
        "columns",
        "types",
        "row_count",
        "first_page",
        "has_more",
        "stdout",
        "media",
        "result_text",
        "error",
        "status",
        "result",
        "executionCount",
        "errorName",
        "traceback",
        "title",
        "returnVariable",
        "nodeId",
    ],
)
def test_a_result_with_a_value_of_any_type_makes_a_valid_notebook(name: str, value: Any) -> None:
    execution = {**EXECUTION, name: value}
    stored = {"type": "doc", "content": [
        {"type": "ph-sql-v2", "attrs": {"code": "1", "result": {**ENVELOPE, name: value}}},
        {"type": "ph-python", "attrs": {"code": "1", "pythonExecution": execution}},
        {"type": "ph-python", "attrs": {"code": "1", **execution}},
    ]}  # fmt: skip

    notebook = document_to_notebook(stored)

    nbformat.validate(notebook, relax_add_props=False)
    text = nbformat.writes(notebook).encode()
    json.loads(text, parse_constant=pytest.fail)
    assert canonical(notebook_to_document(nbformat.reads(text, as_version=4), stored)) == canonical(stored)
    shown = [
        output["data"].get("text/html", "") for cell in notebook.cells for output in cell["outputs"] if "data" in output
    ]
    assert not any("<b>" in html for html in shown)


def test_an_edit_beside_a_lone_surrogate_in_the_title_leaves_the_title() -> None:
    stored = {
        "type": "doc",
        "content": [{"type": "ph-python", "attrs": {"nodeId": "p", "code": "1", "title": "a\ud800"}}],
    }
    notebook = document_to_notebook(stored)
    notebook.cells[0]["source"] = "2"

    (node,) = notebook_to_document(notebook, stored)["content"]

    assert node["attrs"] == {"nodeId": "p", "code": "2", "title": "a\ud800"}
