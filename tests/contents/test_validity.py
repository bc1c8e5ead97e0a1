"""Notebooks that a page sends, checked as Jupyter's own validator checks them."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_posthog.contents.validity import check_format
from jupyter_posthog.errors import WrongNotebookError

_ODD = st.sampled_from([None, 1, "", "x", "two words", [], ["x"], {}, {"tags": "x"}, {"name": ""}, {"posthog": 1}, "é"])
_KEYS = st.sampled_from(
    ["cell_type", "id", "metadata", "source", "outputs", "execution_count", "attachments", "something"]
)


def _notebook() -> dict[str, Any]:
    cells = [
        nbformat.v4.new_markdown_cell("Prose."),
        nbformat.v4.new_code_cell("1"),
        nbformat.v4.new_raw_cell("<Query />"),
        nbformat.v4.new_code_cell("2", outputs=[nbformat.v4.new_output("stream", text="2")], execution_count=3),
    ]
    return dict(nbformat.v4.new_notebook(cells=cells))


@given(place=st.integers(0, 3), key=_KEYS, value=_ODD, is_removed=st.booleans())
def test_the_format_is_checked_as_by_jupyter_itself(place: int, key: str, value: Any, is_removed: bool) -> None:
    content = _notebook()
    if is_removed:
        content["cells"][place].pop(key, None)
    else:
        content["cells"][place][key] = value

    assert _is_accepted(content) is _is_valid(content)


def test_the_cell_that_is_wrong_is_named() -> None:
    content = _notebook()
    content["cells"][2]["source"] = 5

    with pytest.raises(WrongNotebookError) as caught:
        check_format(content)
    assert "cell 3 " in str(caught.value.facts)


def _is_accepted(content: dict[str, Any]) -> bool:
    try:
        check_format(content)
    except WrongNotebookError:
        return False
    return True


def _is_valid(content: dict[str, Any]) -> bool:
    try:
        nbformat.validate(content, relax_add_props=True)
    except (nbformat.ValidationError, TypeError, ValueError):  # it fails on types and ids that are no text
        return False
    return True
