"""Rich notebooks as Markdown ones: both of PostHog's readers read what was meant, and nothing is lost unsaid."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given

from jupyter_posthog.document import document_to_notebook, notebook_to_document, upgrade_to_markdown
from jupyter_posthog.document.code_cells import NODE_LANGUAGES
from tests.document.corpus import FILES, document_of, name_of
from tests.document.readers.browser_blocks import read_blocks
from tests.document.readers.browser_inline import read_inline
from tests.document.readers.browser_lines import SPACES
from tests.document.rich_strategies import any_nodes, any_rich_documents, code_nodes_of_each_kind, inline_content
from tests.document.structures import has_structure, structure_meant, structure_read
from tests.document.traps import tags_of_backend, tags_of_browser

RICH = [file for file in FILES if file.parent.name == "rich"]
LIVE = {"PythonV2", "SQLV2"}


def document(*nodes: Any) -> dict[str, Any]:
    return {"type": "doc", "content": list(nodes)}


def paragraph(*content: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def text(value: str, *marks: Any) -> dict[str, Any]:
    return {
        "type": "text",
        "text": value,
        "marks": [{"type": mark} if isinstance(mark, str) else mark for mark in marks],
    }


def upgraded(*nodes: Any) -> str:
    return upgrade_to_markdown(document(*nodes)).text


def losses(*nodes: Any) -> list[str]:
    return [str(loss) for loss in upgrade_to_markdown(document(*nodes)).losses]


def check_upgrade(original: Any) -> None:
    before = copy.deepcopy(original)

    result = upgrade_to_markdown(original)

    assert repr(original) == repr(before)
    notebook = document_to_notebook(result.document)
    nbformat.validate(notebook)
    assert notebook_to_document(notebook, result.document) == result.document
    assert upgrade_to_markdown(result.document).document is result.document
    code = [(node_id, code) for _, node_id, code in code_nodes(original)]
    assert [tag[1:] for tag in tags_of_browser(result.text) if tag[0] in LIVE] == code
    assert [tag[1:] for tag in tags_of_backend(result.text) if tag[0] in LIVE] == code
    sources = "\n".join(cell["source"] for cell in notebook.cells)
    missing = [word for word in words_of(original) if word not in sources]
    assert not missing


@pytest.mark.parametrize("file", RICH, ids=name_of)
def test_a_document_of_the_corpus_is_upgraded_and_read_as_meant(file: Path) -> None:
    check_upgrade(document_of(file))


@given(original=any_rich_documents)
def test_any_rich_document_is_upgraded_and_read_as_meant(original: Any) -> None:
    check_upgrade(original)


@given(node=any_nodes)
def test_what_is_not_named_reads_back_whole(node: Any) -> None:
    """Levels, languages, numbers, ticks, rows, properties: in PostHog's browser they are what they were."""
    result = upgrade_to_markdown([node])
    if result.losses or not has_structure(node):
        return

    read = [structure_read(block) for block in read_blocks(result.text)]

    assert read == structure_meant(node)


@given(node=code_nodes_of_each_kind)
def test_a_code_cell_keeps_code_name_and_title(node: Any) -> None:
    (before,) = document_to_notebook([node]).cells

    (after,) = document_to_notebook(upgrade_to_markdown([node]).document).cells

    default = "" if node["type"].startswith(("ph-python", "ph-sql-v2")) else f" {node['type'][3:].split('-')[0]}_df"
    magic = re.compile(r"%%(?:duckdb|hogql)(?=\n)")
    source = magic.sub(f"%%hogql{default}", before["source"]).replace("%%duckdb", "%%hogql", 1)
    assert after["source"] == (source if before["source"].startswith("%%") else before["source"])
    assert after["metadata"]["posthog"].get("title") == before["metadata"]["posthog"].get("title")
    assert after["metadata"]["posthog"].get("node_id") == before["metadata"]["posthog"].get("node_id")


@given(content=inline_content)
def test_every_character_keeps_its_marks(content: list[Any]) -> None:
    """Bold, italic, strike, underline, code, web links and comments, of each character that is no white space."""
    meant = [one for node in content for one in characters_of(node)]

    written = upgraded(paragraph(*content))

    blocks = [block for block in read_blocks(written) if block.tag_name != "Comment"]
    assert [block.kind for block in blocks] in (["paragraph"], [])
    runs = [run for block in blocks for run in read_inline(block.text)]
    read = [(letter, {mark.kind for mark in run.marks}) for run in runs for letter in run.text if letter not in BLANK]
    assert read == meant


BLANK = SPACES + "\x1c\x1d\x1e\x1f\x85"
KINDS = {"bold", "italic", "strike", "underline", "code"}


def characters_of(node: Any) -> list[tuple[str, set[str]]]:
    marks = {mark["type"] for mark in node.get("marks", []) if mark["type"] in KINDS}
    for mark in node.get("marks", []):
        if mark["type"] == "link" and re.fullmatch(r"https?:\S+", mark["attrs"]["href"]):
            marks.add("link")
        if mark["type"] == "comment":
            marks.add("ref")
    if node["type"] == "ph-mention":
        return [(letter, marks | {"mention"}) for letter in "@member"]
    return [(letter, marks) for letter in node.get("text", "") if letter not in BLANK]


def words_of(node: Any) -> list[str]:
    """Return the words of all text nodes that stand where text may stand."""
    if isinstance(node, list):
        return [word for child in node for word in words_of(child)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "text" and isinstance(node.get("text"), str):
        return re.findall(r"[^\W_]+", node["text"])
    return words_of(node.get("content"))


def code_nodes(node: Any) -> list[tuple[str, Any, str]]:
    if isinstance(node, list):
        return [found for child in node for found in code_nodes(child)]
    if not isinstance(node, dict):
        return []
    kind = node.get("type")
    inner = code_nodes(node.get("content"))
    if not isinstance(kind, str) or kind not in NODE_LANGUAGES:
        return inner
    attributes = node.get("attrs") if isinstance(node.get("attrs"), dict) else {}
    code, node_id = attributes.get("code"), attributes.get("nodeId")
    return [
        (kind, node_id if isinstance(node_id, str) and node_id else None, code if isinstance(code, str) else ""),
        *inner,
    ]
