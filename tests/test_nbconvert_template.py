"""``jupyter nbconvert --to html --template posthog``: embeds as cards, nothing of others runs, links lead to pages."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from jupyter_posthog.document import document_to_notebook
from jupyter_posthog.document.embed_cards import embed_card
from jupyter_posthog.nbconvert_cards import CARD, checked_address
from tests.box_fixture import Box

ROOT = Path(__file__).parent.parent
EVIL = "<script>alert(1)</script>"
TAGS = {
    '<Recording id="0191c3e0" />': ("Recording", "replay/0191c3e0"),
    "<FeatureFlag id={123} />": ("Feature flag", "feature_flags/123"),
    '<FeatureFlag id="123" />': ("Feature flag", "feature_flags/123"),
    '<FeatureFlag id="a/../b" />': ("Feature flag", ""),
    '<Survey id="a/b?c" />': ("Survey", "surveys/a%2Fb%3Fc"),
    '<Query query={{"kind":"SavedInsightNode","shortId":"aBc"}} />': ("Saved insight", "insights/aBc"),
    '<Query query={{"kind":"InsightVizNode","source":{"kind":"TrendsQuery"}}} />': ("Trends query", ""),
    '<LLMTrace id="x" />': ("LLM trace", ""),
    '<Group id="acme" groupTypeIndex={0} />': ("Group", "groups/0/acme"),
    '<Group id="acme" />': ("Group", ""),
    '<Person id="u u" />': ("Person", "persons/u%20u"),
    "<Whatever />": ("Whatever", ""),
}


class Page(HTMLParser):
    """What a browser would do with a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.cards: list[str] = []
        self.scripts = 0
        self.handlers: list[str] = []
        self._depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if self._depth:
            self._depth += tag == "div"
            self.links += [given["href"] or ""] if "href" in given else []
            self.scripts += tag == "script"
            self.handlers += [name for name in given if name.startswith("on")]
        elif "jp-PosthogCard" in (given.get("class") or "").split():
            self._depth = 1
            self.cards.append("")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= self._depth > 0 and tag == "div"

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.cards[-1] += data


def convert(notebook: nbformat.NotebookNode, folder: Path) -> str:
    nbformat.write(notebook, folder / "page.ipynb")
    templates = folder / "share" / "nbconvert" / "templates"
    templates.mkdir(parents=True)
    (templates / "posthog").symlink_to(ROOT / "nbconvert-template")
    command = [str(Path(sys.executable).parent / "jupyter"), "nbconvert", "--to", "html", "--template", "posthog"]
    environment = {**os.environ, "JUPYTER_PATH": str(folder / "share")}
    ran = subprocess.run(
        [*command, "page.ipynb"], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return (folder / "page.html").read_text(encoding="utf-8")


def notebook_of(markdown: str) -> nbformat.NotebookNode:
    attributes = {"nodeId": "markdown-notebook-v2", "markdown": markdown}
    document = {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": attributes}]}
    notebook = document_to_notebook(document)
    notebook.metadata["posthog"] |= {"host": "https://eu.posthog.com", "project_id": 1, "short_id": "aB3dE5gH"}
    return notebook


@pytest.mark.parametrize(("tag", "wanted"), TAGS.items())
def test_a_tag_says_what_it_is_and_where(tag: str, wanted: tuple[str, str]) -> None:
    card = embed_card(tag)

    assert card is not None
    assert (card.kind, card.place) == wanted


def test_what_is_no_tag_is_no_card() -> None:
    assert embed_card("a < b") is None


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " data:text/html,x", "//evil.example", "/x", "", "http:", "vbscript:x",
     "https://a b", "java\nscript:alert(1)", "https://[x"],
)  # fmt: skip
def test_only_pages_are_linked(address: str) -> None:
    assert checked_address(address) == ""


def test_embeds_are_cards_with_links(tmp_path: Path) -> None:
    notebook = notebook_of(
        '# Title\n\n<Recording id="0191c3e0" title="A visit" />\n\n<FeatureFlag id={123} />\n\n'
        '<Embed src="https://example.com/?a=1&amp;b=2" />\n\n<Map id="m" />'
    )

    page = Page(convert(notebook, tmp_path))

    assert [" ".join(card.split())[:24] for card in page.cards] == [
        "Recording · A visit id01",
        "Feature flag id123 Open ",
        "Embed srchttps://example",
        "Map idm Open in PostHog",
    ]
    project = "https://eu.posthog.com/project/1"
    assert page.links == [
        f"{project}/replay/0191c3e0",
        f"{project}/feature_flags/123",
        f"{project}/notebooks/aB3dE5gH",
        "https://example.com/?a=1&b=2",
        f"{project}/notebooks/aB3dE5gH",
    ]


def test_nothing_of_others_runs(tmp_path: Path) -> None:
    notebook = notebook_of(
        f'<Recording id="{EVIL.replace("<", "&lt;")}" title="&quot;onclick=alert(1) {EVIL.replace("<", "&lt;")}" />\n\n'
        '<Embed src="javascript:alert(1)" />\n\nText'
    )
    notebook.metadata["posthog"]["host"] = "javascript:alert(1)//"
    notebook.cells[-1].metadata[CARD] = {"kind": EVIL, "links": [["x", "javascript:alert(2)"]], "facts": []}
    raw = nbformat.v4.new_raw_cell(EVIL, metadata={"format": "text/x-posthog-component", CARD: {"kind": "mine"}})
    plain = nbformat.v4.new_raw_cell("x", metadata={CARD: {"kind": "mine", "links": [["x", "javascript:alert(3)"]]}})
    prose = nbformat.v4.new_markdown_cell(f"Prose {EVIL} <img src=x onerror=alert(4)>")
    notebook.cells += [raw, plain, prose]

    text = convert(notebook, tmp_path)

    page = Page(text)
    assert len(page.cards) == 3
    assert (page.links, page.scripts, page.handlers) == ([], 0, [])
    assert EVIL not in text
    assert "javascript:" not in " ".join(page.links)
    assert "onerror=alert" not in text.replace("&lt;img src=x onerror=alert", "")


def test_a_pulled_notebook_becomes_a_page(box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_posthog.cli.main import run

    for name, value in box.environment().items():
        monkeypatch.setenv(name, value)
    short_id = box.new_markdown('# Weekly\n\n<Recording id="0191c3e0" />')
    assert run(["pull", short_id, str(tmp_path / "pulled.ipynb")]) == 0

    page = Page(convert(nbformat.read(tmp_path / "pulled.ipynb", as_version=4), tmp_path))

    assert page.links == [f"{box.url}/project/1/replay/0191c3e0"]
