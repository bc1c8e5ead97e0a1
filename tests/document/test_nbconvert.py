"""The notebooks are ordinary ones: Jupyter's own tools take every document of the corpus."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter, MarkdownExporter

from jupyter_posthog.document import document_to_notebook
from tests.document.corpus import FILES, document_of, name_of

# What Jupyter's Markdown does not show as text: notes, tags, addresses, entities, languages of fences, list numbers.
_NOT_SHOWN = re.compile(
    r"<!--.*?-->|</?[A-Za-z](?:\"[^\"]*\"|[^>\"])*>|!?\[(?:\\.|[^\]\\\n])*\]\([^\n]*\)|^\[\w+\]: [^\n]*$|\[[xX]\]|&\w+;"
    r"|^[> ]*`{3,}.*?$|^\s*\d+[.)]",
    re.DOTALL | re.MULTILINE,
)


@pytest.fixture(scope="module")
def html_exporter() -> HTMLExporter:
    return HTMLExporter()


@pytest.fixture(scope="module")
def markdown_exporter() -> MarkdownExporter:
    return MarkdownExporter()


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_notebook_is_valid(file: Path) -> None:
    nbformat.validate(document_to_notebook(document_of(file)), relax_add_props=False)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_html_shows_prose_code_and_embeds(file: Path, html_exporter: HTMLExporter) -> None:
    notebook = document_to_notebook(document_of(file))

    page, _ = html_exporter.from_notebook_node(notebook)

    visible = visible_text(page)
    letters = plain(visible)
    for number, cell in enumerate(notebook.cells, start=1):
        if cell["cell_type"] == "markdown":
            words = re.findall(r"[^\W_]+", _NOT_SHOWN.sub(" ", cell["source"]))
            assert [word for word in words if word not in letters] == [], number
        else:
            # nbconvert takes entities in raw cells as characters.
            assert plain(html.unescape(cell["source"])) in plain(html.unescape(visible)), number


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_markdown_holds_every_source(file: Path, markdown_exporter: MarkdownExporter) -> None:
    notebook = document_to_notebook(document_of(file))

    text, _ = markdown_exporter.from_notebook_node(notebook)

    for cell in notebook.cells:
        assert plain(cell["source"]) in plain(text)


def plain(text: str) -> str:
    return "".join(text.split())


def visible_text(page: str) -> str:
    reader = _VisibleText()
    reader.feed(page)
    return "".join(reader.pieces)


class _VisibleText(HTMLParser):
    """Collects what a person sees of a page: no head, styles or scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"head", "script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"head", "script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)
