"""Whose outputs Lab may run scripts of: those that this person trusted, on this machine."""

from __future__ import annotations

from typing import Any

from tests.box_fixture import Box
from tests.handlers.saving import Page

SCRIPT = {"text/html": ["<script>", "alert(1)</script>"]}
OUTPUT = {"output_type": "display_data", "data": SCRIPT, "metadata": {}}
PYTHON = '<PythonV2 nodeId="p1" code="print(1)" returnVariable="df" />'


def is_trusted(page: Page) -> bool:
    return all(cell["metadata"].get("trusted") is True for cell in page.content["cells"])


async def opened(jp_fetch: Any, path: str) -> Page:
    page = Page(jp_fetch, path)
    await page.open()
    return page


async def with_a_script(box: Box, jp_fetch: Any, *, trusted: bool = False) -> Page:
    """A notebook whose one cell was run in a page, which saved it with its output."""
    page = await opened(jp_fetch, f"env/1/{box.new_markdown(PYTHON)}.ipynb")
    page.content["metadata"]["kernelspec"] = {"name": "posthog-local", "display_name": "Local"}
    (cell,) = page.content["cells"]
    cell["outputs"], cell["execution_count"] = [OUTPUT], 1
    if trusted:
        cell["metadata"]["trusted"] = True
    await page.save()
    return page


async def test_what_was_not_trusted_in_the_page_is_not_trusted_later(connected_box: Box, jp_fetch: Any) -> None:
    page = await opened(jp_fetch, (await with_a_script(connected_box, jp_fetch)).path)

    assert page.content["cells"][0]["outputs"]
    assert not is_trusted(page)


async def test_trust_holds_for_the_next_opening(connected_box: Box, jp_fetch: Any) -> None:
    page = await with_a_script(connected_box, jp_fetch)

    answer = await jp_fetch("posthog", "contents", *page.path.split("/"), "trust", method="POST", body="")

    assert answer.code == 201
    assert is_trusted(await opened(jp_fetch, page.path))


async def test_lab_trusts_by_saving_and_an_edit_elsewhere_ends_it(connected_box: Box, jp_fetch: Any) -> None:
    page = await with_a_script(connected_box, jp_fetch, trusted=True)
    assert is_trusted(await opened(jp_fetch, page.path))

    short_id = page.path.split("[")[1].split("]")[0]
    document = connected_box.fetch(short_id)["content"]
    document["content"][0]["attrs"]["markdown"] += '\n\n<PythonV2 nodeId="p2" code="print(2)" />'
    connected_box.edit_elsewhere(short_id, document)

    assert not is_trusted(await opened(jp_fetch, page.path))
