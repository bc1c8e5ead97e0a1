"""What becomes of cells that are copied, moved, split, merged, pasted, retyped."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from nbformat import NotebookNode, from_dict

from jupyter_posthog.document import notebook_to_document, read_document, write_document
from jupyter_posthog.errors import CellNotWritableError
from tests.document.strategies import wrapped

TEXT = (
    "# One\n\nText.\n\n"
    '<SQLV2 nodeId="q" code="SELECT 1" returnVariable="orders" runId="r" result={{"columns":["a"],"first_page":[[1]]}} />\n\n'
    '<PythonV2 nodeId="p" code="x = 1" returnVariable="df" />\n\n\nLast card.'
)


def opened(text: str = TEXT) -> tuple[NotebookNode, Any]:
    read = read_document(wrapped(text))
    return copy.deepcopy(read.notebook), read.ledger


def text_of(notebook: NotebookNode, ledger: Any) -> str:
    return write_document(notebook, ledger).text_content or ""


def new_cell(cell_type: str, cell_id: str, source: str) -> NotebookNode:
    more = {"outputs": [], "execution_count": None} if cell_type == "code" else {}
    return from_dict({"cell_type": cell_type, "id": cell_id, "metadata": {}, "source": source, **more})


def test_a_copied_code_cell_gets_an_identity_of_its_own() -> None:
    notebook, ledger = opened()
    copied = copy.deepcopy(notebook.cells[2])
    copied["id"] = "copy-1"
    notebook.cells.insert(3, copied)

    text = text_of(notebook, ledger)

    assert text.count('nodeId="p"') == 1
    assert '<PythonV2 nodeId="copy-1" code="x = 1"' in text


def test_a_moved_cell_takes_its_stored_text_along() -> None:
    notebook, ledger = opened()
    notebook.cells.append(notebook.cells.pop(1))

    text = text_of(notebook, ledger)

    assert text.endswith(
        'Last card.\n\n<SQLV2 nodeId="q" code="SELECT 1" returnVariable="orders" runId="r" '
        'result={{"columns":["a"],"first_page":[[1]]}} />'
    )


def test_a_split_prose_cell_becomes_two_cards() -> None:
    notebook, ledger = opened()
    notebook.cells[0]["source"] = "# One"
    notebook.cells.insert(1, new_cell("markdown", "second-half", "Text."))

    assert text_of(notebook, ledger).startswith("# One\n\n\nText.\n\n<SQLV2")


def test_merged_cells_leave_one_behind() -> None:
    notebook, ledger = opened()
    notebook.cells[1]["source"] += "\nUNION ALL SELECT 2"
    del notebook.cells[2]

    text = text_of(notebook, ledger)

    assert "PythonV2" not in text
    assert 'code="SELECT 1\\nUNION ALL SELECT 2" returnVariable="orders" runId="r"' in text


def test_a_cell_pasted_from_another_notebook_is_a_new_one() -> None:
    notebook, ledger = opened()
    foreign = new_cell("code", "pasted", "y = 2")
    foreign["metadata"] = {"posthog": {"node_id": "from-elsewhere", "tag": "PythonV2"}}
    notebook.cells.append(foreign)

    assert '<PythonV2 nodeId="pasted" code="y = 2"' in text_of(notebook, ledger)


def test_a_code_cell_made_prose_loses_its_tag() -> None:
    notebook, ledger = opened()
    notebook.cells[2] = new_cell("markdown", notebook.cells[2]["id"], "Just words.")

    text = text_of(notebook, ledger)

    assert "PythonV2" not in text
    assert "Just words." in text


def test_renaming_the_frame_changes_only_its_name() -> None:
    notebook, ledger = opened()
    notebook.cells[1]["source"] = "%%hogql revenue\nSELECT 1"

    assert text_of(notebook, ledger) == TEXT.replace('"orders"', '"revenue"')


@pytest.mark.parametrize(("line", "stored"), [("%%hogql -", '""'), ("%%hogql", '"sql_df"')])
def test_a_frame_can_lose_its_name(line: str, stored: str) -> None:
    notebook, ledger = opened()
    notebook.cells[1]["source"] = f"{line}\nSELECT 1"

    assert f"returnVariable={stored}" in text_of(notebook, ledger)


def test_a_new_cell_that_is_still_empty_is_not_stored() -> None:
    notebook, ledger = opened()
    notebook.cells.append(new_cell("code", "fresh", ""))

    assert not write_document(notebook, ledger).is_changed


def test_a_new_query_cell_is_todays_sql_tag() -> None:
    notebook, ledger = opened()
    notebook.cells.append(new_cell("code", "fresh", "%%hogql top\nSELECT event FROM events"))

    assert '<SQLV2 nodeId="fresh" code="SELECT event FROM events" returnVariable="top"' in text_of(notebook, ledger)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a\n\n\n\nb", "a\n\nb"),
        ("```py\nx", "```py\nx\n```"),
        ("<!-- never closed", "\\<!-- never closed"),
        ('<PythonV2 nodeId="evil" code="1" />', '\\<PythonV2 nodeId="evil" code="1" />'),
        ("text\n<!--ph:phb-1-->", "text"),
        ("\n\n  \n", " "),
        ("trailing\n\n", "trailing"),
    ],
)
def test_typed_prose_never_reaches_its_neighbours(typed: str, stored: str) -> None:
    notebook, ledger = opened("First.\n\n\nLast.")
    notebook.cells[0]["source"] = typed

    text = text_of(notebook, ledger)

    assert text == f"{stored}\n\n\nLast."
    assert read_document(wrapped(text)).notebook.cells[-1]["source"] == "Last."


@pytest.mark.parametrize("source", ["just text", "<Recording", "<A /><B />", "<X a={it's} />", '<X a="1" /> text'])
def test_a_raw_cell_that_is_no_component_is_refused_by_its_number(source: str) -> None:
    notebook, ledger = opened()
    notebook.cells.append(new_cell("raw", "fresh", source))

    with pytest.raises(CellNotWritableError) as caught:
        write_document(notebook, ledger)

    assert caught.value.cell_number == 5


@pytest.mark.parametrize("source", ["half \ud83e", "nul \0"])
def test_a_character_that_cannot_be_stored_is_refused(source: str) -> None:
    notebook, ledger = opened()
    notebook.cells[2]["source"] = source

    with pytest.raises(CellNotWritableError):
        write_document(notebook, ledger)


def test_crlf_stays_where_nothing_was_typed() -> None:
    notebook, ledger = opened("# T\r\n\r\nOne.\r\nTwo.\r\n")
    notebook.cells[0]["source"] = "# T\n\nOne.\nTwo, edited."

    assert text_of(notebook, ledger) == "# T\r\n\r\nOne.\r\nTwo, edited.\r\n"


def test_legacy_tags_keep_their_name_without_a_base() -> None:
    notebook, _ = opened('<DuckSQL nodeId="d" code="SELECT 1" returnVariable="x" />')

    document = notebook_to_document(notebook, None)

    assert "<DuckSQL " in str(document)


@pytest.mark.parametrize(
    "stored",
    ["# T\n\n```py\nx = 1", '# T\n\n<PythonV2 nodeId="o" code="never closed\n\nText.'],
)
def test_nothing_new_disappears_inside_what_was_stored_without_an_end(stored: str) -> None:
    notebook, ledger = opened(stored)
    notebook.cells.append(new_cell("code", "fresh", 'y = "2"'))

    try:
        text = text_of(notebook, ledger)
    except CellNotWritableError as error:
        assert error.cell_number == len(notebook.cells)
    else:
        assert read_document(wrapped(text)).notebook.cells[-1]["source"] == 'y = "2"'


def test_a_note_that_gets_its_end_from_another_cell_is_refused() -> None:
    notebook, ledger = opened('<!-- idea\n\n<PythonV2 nodeId="p" code="1" />\n\nb')
    notebook.cells[-1]["source"] = "see -->"

    with pytest.raises(CellNotWritableError):
        write_document(notebook, ledger)


def test_a_copied_query_keeps_its_data_source_but_not_its_run() -> None:
    tag = '<SQLV2 nodeId="q" code="SELECT 1" connectionId="c9" sendRawQuery runId="r" />'
    notebook, ledger = opened(tag)
    copied = copy.deepcopy(notebook.cells[0])
    copied["id"] = "copy-1"
    copied["source"] += "\nLIMIT 1"
    notebook.cells.append(copied)

    expected = tag.replace('"q"', '"copy-1"').replace("SELECT 1", "SELECT 1\\nLIMIT 1").replace('"r"', "{null}")
    assert text_of(notebook, ledger) == f"{tag}\n\n{expected}"


@pytest.mark.parametrize("line", ["%%hogql my-name", "%%hogql name --connection 5", "%%duckdb 1st"])
def test_a_magic_line_that_cannot_be_stored_is_refused(line: str) -> None:
    notebook, ledger = opened()
    notebook.cells[1]["source"] = f"{line}\nSELECT 1"

    with pytest.raises(CellNotWritableError) as caught:
        write_document(notebook, ledger)

    assert caught.value.cell_number == 2
