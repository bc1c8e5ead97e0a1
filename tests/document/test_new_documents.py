"""New documents from any notebook, and what they leave out."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from jupyter_posthog.document import document_to_notebook, new_document, node_id_of, notebook_to_document
from jupyter_posthog.errors import CellNotWritableError


def made(*cells: Any, **metadata: Any) -> tuple[str, list[str]]:
    notebook = new_notebook(cells=list(cells), metadata=from_dict(metadata))
    before = copy.deepcopy(notebook)

    outcome = new_document(notebook)

    assert notebook == before
    return outcome.text_content or "", [str(note) for note in outcome.notes]


def test_prose_code_and_sql_become_cards_and_tags() -> None:
    text, notes = made(
        new_markdown_cell("# Title", id="a"),
        new_markdown_cell("Text.", id="b"),
        new_code_cell("x = 1", id="c"),
        new_code_cell("%%hogql orders\nSELECT 1", id="d"),
        new_raw_cell('<Recording id="r" />', id="e"),
    )

    assert text == (
        "# Title\n\n\nText.\n\n"
        '<PythonV2 nodeId="c" code="x = 1" showFilters />\n\n'
        '<SQLV2 nodeId="d" code="SELECT 1" returnVariable="orders" showFilters />\n\n'
        '<Recording id="r" />'
    )
    assert notes == []


def test_attached_images_become_data_images() -> None:
    cell = new_markdown_cell("![plot](attachment:plot.png)", attachments={"plot.png": {"image/png": "aGk="}})

    text, notes = made(cell)

    assert text == "![plot](data:image/png;base64,aGk=)"
    assert notes == []


def test_attachments_that_cannot_be_shown_are_named() -> None:
    files = {"a.png": {"image/png": "aGk="}, "b.pdf": {"application/pdf": "aGk="}}

    text, notes = made(new_markdown_cell("See ![a](attachment:a.png) here.", attachments=files))

    assert "data:image/png" in text
    assert notes == [
        "cell 1: an attached image inside a line, which PostHog shows only on a line of its own",
        "cell 1: attachments b.pdf",
    ]


def test_a_raw_cell_of_another_kind_becomes_a_block_of_code() -> None:
    text, notes = made(new_raw_cell("\\begin{x}\n```\n\\end{x}"))

    assert text == "````\n\\begin{x}\n```\n\\end{x}\n````"
    assert notes == ["cell 1: a raw cell, kept as a block of code"]


def test_outputs_that_fit_are_carried_and_the_others_named() -> None:
    outputs = [
        new_output("stream", name="stdout", text="one\n"),
        new_output("stream", name="stdout", text="two\n"),
        new_output("display_data", data={"image/png": "aGk=", "text/plain": "<Figure>"}),
        new_output("execute_result", data={"text/plain": "3", "text/html": "<b>3</b>"}, execution_count=1),
        new_output("error", ename="ValueError", evalue="no", traceback=[]),
    ]

    text, notes = made(new_code_cell("1", outputs=outputs, id="c"))

    (cell,) = document_to_notebook(text).cells
    assert [output.output_type for output in cell.outputs] == ["stream", "display_data", "execute_result"]
    assert cell.outputs[0].text == "one\ntwo\n"
    assert notes == [
        "cell 1: an output of type text/html; its text is kept",
        "cell 1: the error ValueError",
    ]


def test_what_other_tools_store_is_named_cell_by_cell() -> None:
    tagged = new_code_cell("1", metadata={"tags": ["parameters"], "slideshow": {"slide_type": "slide"}})

    _, notes = made(new_markdown_cell("a"), tagged)

    assert notes == ["cell 2: tags parameters", "cell 2: metadata slideshow"]


def test_another_language_and_too_many_cells_are_said_of_the_whole() -> None:
    cells = [new_code_cell(f"x{number}") for number in range(51)]

    _, notes = made(*cells, language_info={"name": "R"})

    assert notes == [
        "notebook: its cells are written in r; PostHog runs Python and SQL",
        "notebook: 51 code cells; PostHog takes at most 50 in a new notebook",
    ]


def test_identities_of_another_notebook_are_not_taken_over() -> None:
    cell = new_code_cell("x = 1", id="mine", metadata={"posthog": {"node_id": "theirs", "tag": "PythonV2"}})

    text, _ = made(cell)

    assert 'nodeId="mine"' in text
    assert "theirs" not in text


def test_a_character_that_cannot_be_stored_is_refused_with_its_cell() -> None:
    with pytest.raises(CellNotWritableError) as caught:
        made(new_markdown_cell("fine"), new_code_cell("half \ud83e"))

    assert caught.value.cell_number == 2


@pytest.mark.parametrize("shape", ["markdown", "rich"])
@pytest.mark.parametrize("ids", [[None, None, None], ["a", "a", "a"], ["", "no id!", "a" * 65]])
def test_cells_without_ids_of_their_own_get_some(shape: str, ids: list[str | None]) -> None:
    """Notebooks up to nbformat 4.4 have none, and copying tools repeat them."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in ("1", "1", "2")])
    for cell, cell_id in zip(notebook.cells, ids, strict=True):
        cell.update(id=cell_id) if cell_id is not None else cell.pop("id")
    notebook.metadata["posthog"] = {"shape": shape}

    for document in (new_document(notebook, shape=shape).document, notebook_to_document(notebook, None)):
        again = document_to_notebook(document)
        assert [cell["source"] for cell in again.cells] == ["1", "1", "2"]
        assert len({node_id_of(cell) for cell in again.cells} - {None}) == 3


def test_attachments_of_a_code_cell_are_named() -> None:
    cell = from_dict({**new_code_cell("1"), "attachments": {"a.png": {"image/png": "x"}}})
    notebook = new_notebook()
    notebook["cells"] = [cell]

    assert [str(note) for note in new_document(notebook).notes] == ["cell 1: attachments a.png"]


def test_a_frame_of_wrong_types_is_not_stored() -> None:
    frame = {"application/vnd.posthog.dataframe+json": {"columns": 5, "rows": "x"}}

    text, notes = made(new_code_cell("1", outputs=[new_output("display_data", frame)]))

    assert "result" not in text
    assert notes == ["cell 1: an output of type application/vnd.posthog.dataframe+json"]
