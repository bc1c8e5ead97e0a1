"""P10, P11 and P21 of posthog-document.md 5.1: what we write, PostHog's browser and server read as meant."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from jupyter_posthog.document import document_to_notebook, notebook_to_document, read_document, write_document
from jupyter_posthog.errors import CellNotWritableError
from tests.document.readers.backend import read_tags
from tests.document.strategies import markdown_texts, wrapped
from tests.document.test_grammar import odd_texts
from tests.document.traps import tags_of_backend, tags_of_browser

_STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
_LIKE_ENTITIES = st.text(st.sampled_from(list("&lt;gampquo#39;xcopy \\\"'\n\r<>/{}")), max_size=30)
code_texts = st.one_of(_STORABLE, _LIKE_ENTITIES)
prose_texts = st.one_of(odd_texts(), markdown_texts(), _STORABLE)

BEFORE, AFTER = '<SQLV2 nodeId="s" code="SELECT 1" />', '<PythonV2 nodeId="p" code="x" />'
BETWEEN = f"One\n\n{BEFORE}\n\nMiddle\n\n{AFTER}\n\nText\n\n\nLast"
RUNNABLE = {"PythonV2", "SQLV2"}


@given(code=code_texts)
def test_any_code_of_a_new_cell_is_read_as_meant(code: str) -> None:
    """P10."""
    cell = new_code_cell(f"%%hogql\n{code}", id="c")

    written = markdown_of(notebook_to_document(new_notebook(cells=[cell]), None))

    assert tags_of_browser(written) == tags_of_backend(written) == [("SQLV2", "c", code)]


@given(code=code_texts)
def test_any_code_of_an_edited_cell_is_read_as_meant(code: str) -> None:
    """P10."""
    read = read_document(wrapped("<SQLV2 nodeId='c' code='before' />"))
    read.notebook.cells[0]["source"] = f"%%hogql\n{code}"
    assume(code.replace("\r\n", "\n").replace("\r", "\n") != "before")

    written = write_document(read.notebook, read.ledger).text_content or ""

    assert tags_of_browser(written) == tags_of_backend(written) == [("SQLV2", "c", code)]


@given(source=prose_texts)
def test_any_text_in_an_edited_cell_leaves_its_neighbours_alone(source: str) -> None:
    """P11."""
    read = read_document(wrapped(BETWEEN))
    notebook = copy.deepcopy(read.notebook)
    notebook.cells[2]["source"] = source
    try:
        written = write_document(notebook, read.ledger)
    except CellNotWritableError as error:
        assert error.cell_number in {3, 4}  # refused rather than guessed; it, or the one it would swallow, is named
        return

    check_neighbours(markdown_of(written.document), source)


@given(source=prose_texts)
def test_any_text_in_a_new_cell_leaves_its_neighbours_alone(source: str) -> None:
    """P11."""
    read = read_document(wrapped(BETWEEN))
    notebook = copy.deepcopy(read.notebook)
    notebook.cells[2] = new_markdown_cell(source, id="new")
    assume(source.strip())
    try:
        written = write_document(notebook, read.ledger)
    except CellNotWritableError as error:
        assert error.cell_number in {3, 4}
        return

    check_neighbours(markdown_of(written.document), source)


def check_neighbours(markdown: str, source: str) -> None:
    cells = [(cell["cell_type"], cell["source"]) for cell in document_to_notebook(wrapped(markdown)).cells]
    assert cells[:2] == [("markdown", "One"), ("code", "%%hogql\nSELECT 1")]
    assert cells[-3:] == [("code", "x"), ("markdown", "Text"), ("markdown", "Last")]
    assert all(cell_type == "markdown" for cell_type, _ in cells[2:-3])
    code = [("SQLV2", "s", "SELECT 1"), ("PythonV2", "p", "x")]
    assert tags_of_browser(markdown) == code
    if "```" not in source and "<!--" not in source:
        # The server ends long fences early and knows no notes; no spelling avoids either (4.6).
        assert [tag for tag in tags_of_backend(markdown) if tag[0] in RUNNABLE] == code


@given(text=markdown_texts(), data=st.data())
def test_an_edit_makes_no_further_runnable_cell(text: str, data: st.DataObject) -> None:
    """P21: PostHog refuses a notebook that grows beyond 50 of them."""
    assume("```" not in text and "<!--" not in text)  # the server ends fences early and knows no notes
    read = read_document(wrapped(text))
    notebook = copy.deepcopy(read.notebook)
    number = data.draw(st.integers(0, len(notebook.cells) - 1))
    notebook.cells[number]["source"] += data.draw(st.sampled_from([" more", "\n\nmore", "\n# T"]))
    try:
        written = write_document(notebook, read.ledger)
    except CellNotWritableError:
        return

    shown = sum(cell["cell_type"] == "code" for cell in read.notebook.cells)
    assert runnable_count(markdown_of(written.document)) <= max(shown, runnable_count(text))


def runnable_count(markdown: str) -> int:
    return sum(tag.name in RUNNABLE for tag in read_tags(markdown))


def markdown_of(document: Any) -> str:
    text: str = document["content"][0]["attrs"]["markdown"]
    return text
