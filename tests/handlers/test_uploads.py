"""Uploading an .ipynb, as Lab's file browser does: as a file in base64, in pieces where it is large."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.saving import Page, Refused

MEGABYTE = 1024 * 1024
CELL = {"cell_type": "markdown", "id": "one", "metadata": {}}


def notebook_bytes(source: str) -> bytes:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL | {"source": source}]}
    return json.dumps(notebook, ensure_ascii=False).encode()


async def upload(page: Page, path: str, data: bytes) -> dict[str, Any]:
    """Send a file in pieces of one megabyte, as @jupyterlab/filebrowser does."""
    pieces = [data[start : start + MEGABYTE] for start in range(0, len(data), MEGABYTE)]
    model: dict[str, Any] = {}
    for number, piece in enumerate(pieces, start=1):
        chunk = -1 if number == len(pieces) else number
        body = {"type": "file", "format": "base64", "content": base64.b64encode(piece).decode(), "chunk": chunk}
        model = await page.ask("PUT", f"posthog/contents/{path}", body)
    return model


@pytest.fixture
def page(connected_box: Box, jp_fetch: Any) -> Page:
    return Page(jp_fetch, "")


async def test_a_large_notebook_arrives_whole(page: Page, connected_box: Box) -> None:
    source = "Ärger " * 500_000  # a piece ends in the middle of a character

    made = await upload(page, "env/1/Large.ipynb", notebook_bytes(source))

    short_id = made["path"].split("[")[1].split("]")[0]
    assert connected_box.markdown(short_id).strip() == source.strip()


async def test_a_file_that_is_no_notebook_is_refused_with_its_last_piece(page: Page, connected_box: Box) -> None:
    before = connected_box.count()

    with pytest.raises(Refused) as caught:
        await upload(page, "env/1/Table.ipynb", b"a,b\n" * 400_000)

    assert (caught.value.status, caught.value.reason) == (400, "wrong_notebook")
    assert connected_box.count() == before


async def test_more_than_posthog_takes_is_refused_before_the_end(page: Page, connected_box: Box) -> None:
    before = connected_box.count()

    with pytest.raises(Refused) as caught:
        await upload(page, "env/1/Huge.ipynb", b" " * (22 * MEGABYTE))

    assert (caught.value.status, caught.value.reason) == (413, "too_large")
    assert connected_box.count() == before
