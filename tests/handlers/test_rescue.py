"""Legacy cells made live again in PostHog, once, and never over somebody else's save."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box
from tests.handlers.test_proxy import error_of

LEGACY = '# Old\n\n<UnknownNode nodeType="ph-python" nodeId="old-1" code="print(1)" />\n\n<Cohort id={7} />'


async def rescue(jp_fetch: Any, short_id: str) -> dict[str, Any]:
    answer = await jp_fetch("posthog", "rescue", "env", "1", f"{short_id}.ipynb", method="POST", body="{}")
    found: dict[str, Any] = json.loads(answer.body)
    return found


async def test_legacy_cells_become_live_and_all_else_stays(jp_fetch: Any, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(LEGACY)

    answer = await rescue(jp_fetch, short_id)
    again = await rescue(jp_fetch, short_id)

    markdown = connected_box.markdown(short_id)
    assert '<PythonV2 nodeId="old-1" code="print(1)"' in markdown
    assert (markdown.startswith("# Old\n\n"), markdown.endswith("\n\n<Cohort id={7} />")) == (True, True)
    assert answer == {"cells": 1, "base_version": connected_box.fetch(short_id)["version"]}
    assert again == {"cells": 0, "base_version": answer["base_version"]}


async def test_the_notebook_of_before_is_kept(jp_fetch: Any, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(LEGACY)
    version = connected_box.fetch(short_id)["version"]
    await rescue(jp_fetch, short_id)

    path = f"env/1/{short_id}.ipynb".split("/")
    await jp_fetch("posthog", "history", *path, method="POST", body=json.dumps({"version": version}))

    assert connected_box.markdown(short_id) == LEGACY


async def test_somebody_elses_save_in_between_is_not_written_over(jp_fetch: Any, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(LEGACY)
    body = {"type": "server_error", "code": "conflict", "detail": "Someone else edited the Notebook", "attr": None}
    connected_box.fail_next(method="POST", path="/collab/markdown_save/$", status=409, body=body)

    with pytest.raises(HTTPClientError) as refused:
        await rescue(jp_fetch, short_id)

    assert error_of(refused)["reason"] == "save_conflict"
    assert connected_box.markdown(short_id) == LEGACY
