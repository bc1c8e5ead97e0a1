"""What people do to the cells of a notebook, in any order."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st
from nbformat import NotebookNode, from_dict

from tests.document.strategies import markdown_texts

_CODE = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab \n\t'\"\\<>/{}&;=#%`🦔é\u2028")),
        st.characters(exclude_categories=["Cs"], min_codepoint=1),
    ),
    max_size=30,
)
codes = st.one_of(
    _CODE,
    st.sampled_from(
        [
            "print(1)",
            "s = 'a &lt; b' && '&copy'",
            "</PythonV2>",
            "x = '/>'\n\n\ny",
            '"',
            "\\",
            "<!-- ",
            "```\n<PythonV2 />",
        ]
    ),
    st.builds(
        lambda magic, name, code: f"%%{magic}{name}\n{code}",
        st.sampled_from(["hogql", "duckdb"]),
        st.sampled_from(["", " x", " -"]),
        _CODE,
    ),
)
proses = st.one_of(
    markdown_texts(),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], min_codepoint=1), max_size=40),
    st.sampled_from(
        ["Some words.", "# Title", ">", "> > a", "- a\n  - b\n\n\n1. c", "```\nopen", "<!-- open", "| a |\n|---|"]
    ),
)
components = st.sampled_from(
    ['<Recording id="r" />', '<FeatureFlag id="abc" nodeId="i" />', "<Odd a={[1.0]} />", "not a tag"]
)
_TEXTS = {"markdown": proses, "code": codes, "raw": components}
GESTURES = ("edit", "delete", "insert", "copy", "move", "split", "merge", "retype")


@st.composite
def edited_notebooks(draw: st.DrawFn, notebook: NotebookNode) -> NotebookNode:
    """Return a copy of a notebook after up to four gestures; new cells have new ids, as in Lab."""
    changed = copy.deepcopy(notebook)
    for number in range(draw(st.integers(0, 4))):
        gesture = draw(st.sampled_from(GESTURES))
        if gesture == "insert" or not changed.cells:
            cell_type = draw(st.sampled_from(sorted(_TEXTS)))
            cell = new_cell(cell_type, f"new-{number}", draw(_TEXTS[cell_type]))
            changed.cells.insert(draw(st.integers(0, len(changed.cells))), cell)
            continue
        place = draw(st.integers(0, len(changed.cells) - 1))
        _apply(draw, gesture, changed.cells, place, f"new-{number}")
    return changed


def _apply(draw: st.DrawFn, gesture: str, cells: list[Any], place: int, new_id: str) -> None:
    cell = cells[place]
    match gesture:
        case "edit":
            text = draw(_TEXTS[cell["cell_type"]])
            cell["source"] = text if draw(st.booleans()) else f"{cell['source']}\n{text}"
        case "delete":
            del cells[place]
        case "copy":
            copied = copy.deepcopy(cell)
            copied["id"] = new_id
            cells.insert(draw(st.integers(0, len(cells))), copied)
        case "move":
            cells.insert(draw(st.integers(0, len(cells) - 1)), cells.pop(place))
        case "split":
            at = draw(st.integers(0, len(cell["source"])))
            cells.insert(place + 1, new_cell(cell["cell_type"], new_id, cell["source"][at:]))
            cell["source"] = cell["source"][:at]
        case "merge" if place + 1 < len(cells):
            cell["source"] += "\n" + cells.pop(place + 1)["source"]
        case "retype":
            cell_type = draw(st.sampled_from(sorted(_TEXTS)))
            cells[place] = new_cell(cell_type, cell["id"], cell["source"])
            cells[place]["metadata"] = cell["metadata"]  # Lab keeps both


def new_cell(cell_type: str, cell_id: str, source: str) -> NotebookNode:
    more = {"outputs": [], "execution_count": None} if cell_type == "code" else {}
    return from_dict({"cell_type": cell_type, "id": cell_id, "metadata": {}, "source": source, **more})
