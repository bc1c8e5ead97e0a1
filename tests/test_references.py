from __future__ import annotations

import pytest

from jupyter_posthog.errors import InvalidReferenceError
from jupyter_posthog.settings import NotebookReference, read_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("aB3dE5gH", NotebookReference(short_id="aB3dE5gH")),
        (" aB3dE5gH\n", NotebookReference(short_id="aB3dE5gH")),
        (
            "https://eu.posthog.com/project/12/notebooks/aB3dE5gH",
            NotebookReference(short_id="aB3dE5gH", project_id=12, origin="https://eu.posthog.com"),
        ),
        (
            "https://eu.posthog.com/project/12/notebooks/aB3dE5gH/edit?a=b#node=c1/2",
            NotebookReference(short_id="aB3dE5gH", project_id=12, origin="https://eu.posthog.com"),
        ),
        (
            "https://eu.posthog.com/notebooks/aB3dE5gH",
            NotebookReference(short_id="aB3dE5gH", origin="https://eu.posthog.com"),
        ),
        (
            "eu.posthog.com/project/1/notebooks/abc#x.md",
            NotebookReference(short_id="abc", project_id=1, origin="https://eu.posthog.com"),
        ),
        (
            "http://127.0.0.1:8010/project/1/notebooks/abc",
            NotebookReference(short_id="abc", project_id=1, origin="http://127.0.0.1:8010"),
        ),
    ],
)
def test_a_notebook_is_named_by_id_or_by_address(text: str, reference: NotebookReference) -> None:
    assert read_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "has blank",
        "../x",
        "https://eu.posthog.com/project/1/insights/abc",
        "https://eu.posthog.com/project/1/notebooks/",
        "https://eu.posthog.com/project/x/notebooks/abc",
        "http://eu.posthog.com/project/1/notebooks/abc",
        "https://user:pw@eu.posthog.com/project/1/notebooks/abc",
        "https://[bad/project/1/notebooks/abc",
        "ftp://eu.posthog.com/project/1/notebooks/abc",
        "x" * 13,
    ],
)
def test_anything_else_is_said(text: str) -> None:
    with pytest.raises(InvalidReferenceError):
        read_reference(text)
