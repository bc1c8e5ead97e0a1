"""Several notebooks in one archive."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box


async def archive(jp_fetch: Any, body: Any) -> zipfile.ZipFile:
    answer = await jp_fetch("posthog", "files", method="POST", body=json.dumps(body))
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].endswith("PostHog%20notebooks.zip")
    return zipfile.ZipFile(io.BytesIO(answer.body))


def paths(*short_ids: str) -> list[str]:
    return [f"env/1/{short_id}.ipynb" for short_id in short_ids]


async def test_each_notebook_is_a_file_of_its_own(connected_box: Box, jp_fetch: Any) -> None:
    one = connected_box.new_markdown("# One", title="Same title")
    two = connected_box.new_markdown("# Two", title="Same title")

    found = await archive(jp_fetch, {"paths": paths(one, two, one), "format": "markdown"})

    assert found.namelist() == [f"Same title [{one}].md", f"Same title [{two}].md"]
    assert found.read(f"Same title [{two}].md").decode() == "# Two"


async def test_what_cannot_be_exported_is_named_with_the_reason(connected_box: Box, jp_fetch: Any) -> None:
    one = connected_box.new_markdown("# One", title="One")

    found = await archive(jp_fetch, {"paths": paths("gone404", one), "format": "ipynb"})

    assert found.namelist() == [f"One [{one}].ipynb", "NOT EXPORTED.txt"]
    assert found.read("NOT EXPORTED.txt").decode().startswith("gone404: ")


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ([], 400, "request_not_valid"),
        ({"format": "ipynb"}, 400, "request_not_valid"),
        ({"paths": [], "format": "ipynb"}, 400, "request_not_valid"),
        ({"paths": [7], "format": "ipynb"}, 400, "request_not_valid"),
        ({"paths": ["env/1/a.ipynb"] * 101, "format": "ipynb"}, 400, "request_not_valid"),
        ({"paths": ["env/1/a.ipynb"]}, 400, "request_not_valid"),
        ({"paths": ["env/1"], "format": "ipynb"}, 404, "invalid_path"),
        ({"paths": ["env/1/a.ipynb"], "format": "pdf"}, 400, "export_unknown"),
        ({"paths": ["env/1/gone404.ipynb"], "format": "ipynb"}, 404, "notebook_gone"),
        ({"paths": ["other/1/a.ipynb"], "format": "ipynb"}, 404, "unknown_connection"),
    ],
)
async def test_what_makes_no_archive_is_one_refusal(
    connected_box: Box, jp_fetch: Any, body: Any, status: int, reason: str
) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog", "files", method="POST", body=json.dumps(body))

    assert (caught.value.code, json.loads(caught.value.response.body)["reason"]) == (status, reason)
