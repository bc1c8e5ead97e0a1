"""The contents protocol over a real server and a real box."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box

TEXT = "# Weekly funnel\n\nNumbers for this week.\n\n\nSecond card with *stars*."
PYTHON = '<PythonV2 nodeId="p1" code="print(1)" returnVariable="df" />'


class Contents:
    """The drive's requests, as Lab makes them."""

    def __init__(self, fetch: Any) -> None:
        self._fetch = fetch

    async def get(self, path: str, *, content: int = 1) -> dict[str, Any]:
        answer = await self._fetch("posthog", "contents", *path.split("/"), params={"content": str(content)})
        return json.loads(answer.body)

    async def send(self, verb: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self._fetch("posthog", "contents", *path.split("/"), method=verb, body=json.dumps(body))
        return json.loads(answer.body)

    async def save(self, model: dict[str, Any]) -> dict[str, Any]:
        body = {
            "type": "notebook",
            "format": "json",
            "content": model["content"],
            "base_version": model["base_version"],
        }
        return await self.send("PUT", model["path"], body)


@pytest.fixture
def contents(connected_box: Box, jp_fetch: Any) -> Contents:
    return Contents(jp_fetch)


def error_of(caught: pytest.ExceptionInfo[HTTPClientError]) -> dict[str, Any]:
    assert caught.value.response is not None
    return json.loads(caught.value.response.body)


async def test_folders_lead_from_connections_to_notebooks(contents: Contents, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(TEXT, title="With a / in it")

    assert [entry["path"] for entry in (await contents.get(""))["content"]] == ["env"]
    assert [entry["path"] for entry in (await contents.get("env"))["content"]] == ["env/1"]
    names = [entry["name"] for entry in (await contents.get("env/1"))["content"]]
    assert f"With a ∕ in it [{short_id}].ipynb" in names


async def test_any_name_of_a_notebook_opens_it_under_its_canonical_path(contents: Contents, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(TEXT, title="Funnel")

    for name in (f"{short_id}.ipynb", f"Old title [{short_id}].ipynb"):
        model = await contents.get(f"env/1/{name}")

        assert model["path"] == f"env/1/Funnel [{short_id}].ipynb"
        assert model["content"]["cells"][0]["source"] == "# Weekly funnel\n\nNumbers for this week."


async def test_an_edit_changes_its_block_only(contents: Contents, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(f"{TEXT}\n\n{PYTHON}")
    before = connected_box.markdown(short_id)
    model = await contents.get(f"env/1/{short_id}.ipynb")
    model["content"]["cells"][1]["source"] = "Second card with *moons*."

    saved = await contents.save(model)

    assert saved["base_version"] == model["base_version"] + 1
    assert connected_box.markdown(short_id) == before.replace("stars", "moons")


async def test_saving_again_sends_nothing(contents: Contents, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(TEXT)
    model = await contents.get(f"env/1/{short_id}.ipynb")
    model["content"]["cells"][0]["source"] += "\n\nMore."
    saved = await contents.save(model)
    asked = len(connected_box.requests())

    again = await contents.save(model | {"base_version": saved["base_version"]})

    assert len(connected_box.requests()) == asked
    assert again["base_version"] == saved["base_version"]
    assert again["content"] is None


async def test_a_save_that_stores_something_else_gives_it_back(contents: Contents, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(TEXT)
    model = await contents.get(f"env/1/{short_id}.ipynb")
    new_cell = {
        "cell_type": "code",
        "id": "fresh-1",
        "metadata": {},
        "source": "1+1",
        "outputs": [],
        "execution_count": 3,
    }
    model["content"]["cells"].append(new_cell)

    saved = await contents.save(model)

    stored = saved["content"]["cells"][-1]
    assert (stored["id"], stored["metadata"]["posthog"]["node_id"]) == ("fresh-1", "fresh-1")
    assert stored["execution_count"] == 3
    assert 'nodeId="fresh-1"' in connected_box.markdown(short_id)


async def test_a_conflict_stores_nothing_and_keeps_the_draft(
    contents: Contents, connected_box: Box, jp_fetch: Any
) -> None:
    short_id = connected_box.new_markdown(TEXT)
    model = await contents.get(f"env/1/{short_id}.ipynb")
    theirs = connected_box.fetch(short_id)["content"]
    theirs["content"][0]["attrs"]["markdown"] = "# Grace was here"
    connected_box.edit_elsewhere(short_id, theirs)
    model["content"]["cells"][0]["source"] = "# Mine"

    with pytest.raises(HTTPClientError) as caught:
        await contents.save(model)

    assert caught.value.code == 409
    error = error_of(caught)
    assert error["reason"] == "save_conflict"
    assert error["facts"]["editor"].startswith("Grace")
    assert connected_box.markdown(short_id) == "# Grace was here"
    drafts = json.loads((await jp_fetch("posthog", "drafts")).body)["drafts"]
    assert [draft["short_id"] for draft in drafts] == [short_id]


async def test_equal_texts_are_no_conflict(contents: Contents, connected_box: Box) -> None:
    """The answer of an earlier save was lost: PostHog has our text already, under a newer version."""
    short_id = connected_box.new_markdown(TEXT)
    model = await contents.get(f"env/1/{short_id}.ipynb")
    model["content"]["cells"][1]["source"] = "Mine."
    mine = connected_box.fetch(short_id)["content"]
    mine["content"][0]["attrs"]["markdown"] = TEXT.replace("Second card with *stars*.", "Mine.")
    connected_box.edit_elsewhere(short_id, mine)

    saved = await contents.save(model)

    assert saved["base_version"] == connected_box.fetch(short_id)["version"]


async def test_a_draft_is_dropped_once_posthog_has_it(contents: Contents, connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT)
    model = await contents.get(f"env/1/{short_id}.ipynb")
    model["content"]["cells"][0]["source"] = "# Mine"

    await contents.save(model)

    assert json.loads((await jp_fetch("posthog", "drafts")).body) == {"drafts": []}


async def test_renaming_changes_the_title_and_keeps_the_id(contents: Contents, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(TEXT, title="Old")
    version = connected_box.fetch(short_id)["version"]

    renamed = await contents.send("PATCH", f"env/1/Old [{short_id}].ipynb", {"path": "env/1/A∕B.ipynb"})

    assert renamed["path"] == f"env/1/A∕B [{short_id}].ipynb"
    record = connected_box.fetch(short_id)
    assert (record["title"], record["version"]) == ("A/B", version)


async def test_a_new_notebook_opens_empty_and_takes_text(contents: Contents, connected_box: Box) -> None:
    created = await contents.send("POST", "env/1", {"type": "notebook"})
    model = await contents.get(created["path"])
    model["content"]["cells"][0]["source"] = "# Hello"

    await contents.save(model)

    short_id = created["path"].split("[")[1].split("]")[0]
    assert connected_box.markdown(short_id) == "# Hello"


async def test_deleting_moves_to_the_trash(contents: Contents, connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT)

    await jp_fetch("posthog", "contents", "env", "1", f"{short_id}.ipynb", method="DELETE")

    with pytest.raises(HTTPClientError) as caught:
        await contents.get(f"env/1/{short_id}.ipynb")
    assert error_of(caught)["reason"] == "notebook_gone"


async def test_saving_a_notebook_in_the_trash_is_refused_and_keeps_the_draft(
    contents: Contents, connected_box: Box, jp_fetch: Any
) -> None:
    short_id = connected_box.new_markdown(TEXT)
    model = await contents.get(f"env/1/{short_id}.ipynb")
    connected_box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"deleted": True})
    model["content"]["cells"][0]["source"] = "# Mine"

    with pytest.raises(HTTPClientError) as caught:
        await contents.save(model)

    assert error_of(caught)["reason"] == "notebook_gone"
    assert json.loads((await jp_fetch("posthog", "drafts")).body)["drafts"]


@pytest.mark.parametrize("content", [None, {"type": "doc", "content": []}])
async def test_an_empty_document_opens_and_saving_it_sends_nothing(
    contents: Contents, connected_box: Box, content: Any
) -> None:
    short_id = connected_box.new_markdown(TEXT)
    connected_box.put_content(short_id, content)
    model = await contents.get(f"env/1/{short_id}.ipynb")
    asked = len(connected_box.requests())

    await contents.save(model)

    assert len(connected_box.requests()) == asked
    assert connected_box.fetch(short_id)["content"] == content


async def test_an_unknown_node_survives_an_edit_beside_it(contents: Contents, connected_box: Box) -> None:
    unknown = {"type": "ph-not-seen-yet", "attrs": {"nodeId": "u1", "odd": [1.0, {"a": None}]}}
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "Before"}]}
    heading = {"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "Title"}]}
    short_id = connected_box.new_markdown(TEXT)
    connected_box.put_content(short_id, {"type": "doc", "content": [heading, paragraph, unknown]})
    model = await contents.get(f"env/1/{short_id}.ipynb")
    model["content"]["cells"][0]["source"] = model["content"]["cells"][0]["source"].replace("Before", "After")

    await contents.save(model)

    stored = connected_box.fetch(short_id)["content"]["content"]
    assert json.dumps(stored[2]) == json.dumps(unknown)
    assert stored[0] == heading
    assert stored[1]["content"] == [{"type": "text", "text": "After"}]


@pytest.mark.parametrize("path", ["env/1/x/y.ipynb", "env/one/a.ipynb", "env/1/a.txt"])
async def test_other_paths_are_refused_in_words(contents: Contents, path: str) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await contents.get(path)

    assert error_of(caught)["reason"] == "invalid_path"


async def test_what_is_no_notebook_is_refused(contents: Contents, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(TEXT)

    with pytest.raises(HTTPClientError) as caught:
        await contents.send("PUT", f"env/1/{short_id}.ipynb", {"type": "notebook", "content": {"cells": [{"a": 1}]}})

    assert error_of(caught)["reason"] == "wrong_notebook"


async def test_a_download_is_an_ipynb(contents: Contents, connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT, title="Füll")

    answer = await jp_fetch("posthog", "files", "env", "1", f"{short_id}.ipynb")

    assert json.loads(answer.body)["nbformat"] == 4
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("title", ["A copy", "Copy"])
async def test_saving_under_a_new_name_creates_a_notebook_with_these_cells(
    contents: Contents, connected_box: Box, title: str
) -> None:
    short_id = connected_box.new_markdown(f"{TEXT}\n\n{PYTHON}")
    model = await contents.get(f"env/1/{short_id}.ipynb")

    created = await contents.save({**model, "path": f"env/1/{title}.ipynb", "base_version": None})

    new_id = created["path"].split("[")[1].split("]")[0]
    assert new_id != short_id
    record = connected_box.fetch(new_id)
    assert record["title"] == title
    assert connected_box.markdown(new_id).startswith(TEXT)
    assert 'code="print(1)"' in connected_box.markdown(new_id)


async def test_numbers_that_lab_adds_against_caches_are_not_sent_on(connected_box: Box, jp_fetch: Any) -> None:
    answer = await jp_fetch("posthog/api/projects/1/notebooks/", params={"limit": "1", "1732442400000": ""})

    assert "1732442400000" not in (json.loads(answer.body)["next"] or "limit=1")
