"""Results of runs on their way into a document (posthog-document.md 3.6, 4.5)."""

from __future__ import annotations

import copy
import json
from typing import Any

from nbformat import NotebookNode

from jupyter_posthog.document import FreshResult, read_document, write_document
from tests.document.strategies import wrapped

STORED = 'runId="old" runStatus="done" result={{"columns":["a"],"first_page":[[1]]}}'
TEXT = f'# One\n\n<SQLV2 nodeId="q" code="SELECT 1" returnVariable="orders" {STORED} />'
ENVELOPE = {
    "columns": ["n"],
    "types": [["n", "Int"]],
    "row_count": 1,
    "first_page": [[2]],
    "stdout": None,
    "timings": {},
}
KEPT = (
    '{"columns":["n"],"types":[["n","Int"]],"row_count":1,"first_page":[[2]],"has_more":false,'
    '"stdout":"","stderr":"","media":[]}'
)


def opened(text: str = TEXT) -> tuple[NotebookNode, Any]:
    read = read_document(wrapped(text))
    return copy.deepcopy(read.notebook), read.ledger


def written(notebook: NotebookNode, ledger: Any, **fresh: FreshResult) -> str:
    return write_document(notebook, ledger, fresh=fresh).text_content or ""


def done(run_id: str = "new", **more: Any) -> FreshResult:
    return FreshResult(run_id=run_id, status="done", envelope={**ENVELOPE, **more})


def test_a_fresh_result_replaces_the_run_properties_only() -> None:
    notebook, ledger = opened()

    text = written(notebook, ledger, q=done())

    new = f'runId="new" runStatus="done" result={{{KEPT}}}'
    assert text == TEXT.replace(STORED, new)


def test_a_fresh_result_is_a_change_of_its_kind() -> None:
    notebook, ledger = opened()

    (change,) = write_document(notebook, ledger, fresh={"q": done()}).changes

    assert (change.cell_number, change.kind) == (2, "result")


def test_a_result_that_is_stored_already_changes_nothing() -> None:
    notebook, ledger = opened()
    text = written(notebook, ledger, q=done())
    notebook, ledger = opened(text)

    assert not write_document(notebook, ledger, fresh={"q": done()}).is_changed


def test_a_changed_source_keeps_the_stored_result() -> None:
    """An autosave after a typo must not drop a team's five-minute result."""
    notebook, ledger = opened()
    notebook.cells[1]["source"] += " -- typo"

    assert written(notebook, ledger) == TEXT.replace("SELECT 1", "SELECT 1 -- typo")


def test_source_and_result_change_together() -> None:
    notebook, ledger = opened()
    notebook.cells[1]["source"] = "%%hogql orders\nSELECT 2"

    text = written(notebook, ledger, q=done())

    assert 'code="SELECT 2"' in text
    assert 'runId="new"' in text


def test_a_failed_run_leaves_its_id_and_no_result() -> None:
    notebook, ledger = opened()

    text = written(notebook, ledger, q=FreshResult(run_id="bad", status="failed", error="NameError: x"))

    assert text.endswith('returnVariable="orders" runId="bad" result={null} />')


def test_a_cleared_output_clears_the_stored_result() -> None:
    notebook, ledger = opened()
    notebook.cells[1]["outputs"] = []
    notebook.cells[1]["metadata"]["posthog"]["cleared"] = True

    assert written(notebook, ledger).endswith('returnVariable="orders" runId={null} result={null} />')


def test_an_output_that_is_only_missing_clears_nothing() -> None:
    """A cell that runs, or waits for its turn, has no output either."""
    notebook, ledger = opened()
    notebook.cells[1]["outputs"] = []

    assert not write_document(notebook, ledger).is_changed


def test_a_run_gives_a_cell_the_identity_it_needs() -> None:
    notebook, ledger = opened('<PythonV2 code="1" />')
    cell_id = notebook.cells[0]["id"]

    text = written(notebook, ledger, **{cell_id: done()})

    assert f'nodeId="{cell_id}"' in text


def test_a_long_first_page_is_cut_and_says_so() -> None:
    notebook, ledger = opened()

    text = written(notebook, ledger, q=done(first_page=[[number] for number in range(60)]))

    assert '"has_more":true' in text
    assert "[49]]" in text


def test_a_new_cell_takes_its_result_along() -> None:
    notebook, ledger = opened()
    fresh = copy.deepcopy(notebook.cells[1])
    fresh["id"], fresh["metadata"] = "fresh", {}
    notebook.cells.append(fresh)

    text = written(notebook, ledger, fresh=done())

    assert text.count('runId="old"') == 1
    assert text.endswith(f'runId="new" runStatus="done" result={{{KEPT}}} />')


def test_a_copy_keeps_no_run_of_the_original() -> None:
    notebook, ledger = opened()
    copied = copy.deepcopy(notebook.cells[1])
    copied["id"] = "copy"
    notebook.cells.append(copied)

    assert written(notebook, ledger).endswith(
        'nodeId="copy" code="SELECT 1" returnVariable="orders" runId={null} runStatus={null} result={null} />'
    )


def rich(node_type: str, **attributes: Any) -> Any:
    return {"type": "doc", "content": [{"type": node_type, "attrs": {"nodeId": "n", "code": "1", **attributes}}]}


def rich_attributes(document: Any, fresh: FreshResult) -> Any:
    read = read_document(document)
    after: Any = write_document(read.notebook, read.ledger, fresh={"n": fresh}).document
    return after["content"][0]["attrs"]


def test_a_fresh_result_of_an_older_cell_is_its_execution() -> None:
    stored = {"status": "ok", "stdout": "old", "stderr": ""}
    document = rich("ph-python", pythonExecution=stored, pythonExecutionCodeHash=7, height=3)

    attributes = rich_attributes(document, done(stdout="new\n", result_text="3"))

    execution = attributes["pythonExecution"]
    assert (execution["status"], execution["stdout"], execution["result"]) == ("ok", "new\n", "3")
    assert (attributes["pythonExecutionCodeHash"], attributes["height"], attributes["code"]) == (None, 3, "1")


def test_a_frame_is_kept_as_text_where_only_text_is() -> None:
    attributes = rich_attributes(rich("ph-hogql-sql"), done())

    assert attributes["hogqlExecution"]["result"].split() == ["n", "2"]


def test_an_execution_that_was_stored_as_text_stays_text() -> None:
    attributes = rich_attributes(rich("ph-duck-sql", duckExecution="{}"), done(result_text="3"))

    assert json.loads(attributes["duckExecution"])["result"] == "3"


def test_a_failed_run_of_an_older_cell_is_kept_as_its_error() -> None:
    fresh = FreshResult(run_id="bad", status="failed", error="NameError: name 'x' is not defined")

    execution = rich_attributes(rich("ph-python"), fresh)["pythonExecution"]

    assert (execution["status"], execution["errorName"]) == ("error", "NameError")
    assert execution["traceback"] == ["NameError: name 'x' is not defined"]


def test_a_newer_cell_in_an_older_notebook_keeps_its_run_as_a_tag_would() -> None:
    attributes = rich_attributes(rich("ph-python-v2", runId="old", runStatus="done", result={"stdout": "old"}), done())

    assert (attributes["runId"], attributes["runStatus"], attributes["result"]["first_page"]) == ("new", "done", [[2]])


def test_a_cleared_output_of_an_older_cell_clears_its_execution() -> None:
    read = read_document(rich("ph-python", pythonExecution={"status": "ok", "stdout": "x"}))
    read.notebook.cells[0]["outputs"] = []
    read.notebook.cells[0]["metadata"]["posthog"]["cleared"] = True

    after: Any = write_document(read.notebook, read.ledger).document
    assert after["content"][0]["attrs"]["pythonExecution"] is None
