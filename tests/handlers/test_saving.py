"""Saves that meet other people's: merged, or told with the ways out (design.md §6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.saving import DOCUMENTS, Page, Refused, edit_elsewhere, new_notebook, stored_text

OpenPage = Callable[..., Awaitable[Page]]
both_shapes = pytest.mark.parametrize("shape", ["markdown", "rich"])


@pytest.fixture
def open_page(connected_box: Box, jp_fetch: Any) -> OpenPage:
    async def open_one(short_id: str, page_id: str = "page-0001") -> Page:
        page = Page(jp_fetch, f"env/1/{short_id}.ipynb", page_id)
        await page.open()
        return page

    return open_one


@both_shapes
async def test_disjoint_edits_merge_and_the_page_gets_both(connected_box: Box, open_page: OpenPage, shape: str) -> None:
    short_id = new_notebook(connected_box, shape)
    page = await open_page(short_id)
    edit_elsewhere(connected_box, short_id, shape, "The end.", "The end, says Grace.")
    page.edit("We saw growth.", "We saw 12 % growth.")

    await page.save()

    for text in (stored_text(connected_box, short_id), page.text()):
        assert "We saw 12 % growth." in text
        assert "The end, says Grace." in text
    assert page.base_version == connected_box.fetch(short_id)["version"]
    assert await page.drafts() == []


@both_shapes
async def test_after_a_merge_saving_again_sends_nothing(connected_box: Box, open_page: OpenPage, shape: str) -> None:
    short_id = new_notebook(connected_box, shape)
    page = await open_page(short_id)
    edit_elsewhere(connected_box, short_id, shape, "The end.", "The end, says Grace.")
    page.edit("We saw growth.", "We saw 12 % growth.")
    await page.save()
    asked = len(connected_box.requests())

    await page.save()
    await page.save()

    assert len(connected_box.requests()) == asked


@both_shapes
async def test_a_cell_keeps_its_id_when_a_colleague_adds_one_above(
    connected_box: Box, open_page: OpenPage, shape: str
) -> None:
    short_id = new_notebook(connected_box, shape, "# One", "Text one.", "# Two", "Text two.")
    page = await open_page(short_id)
    page.edit("Text two.", "Text two, mine.")
    ids = {cell["source"]: cell["id"] for cell in page.content["cells"]}
    connected_box.edit_elsewhere(
        short_id, DOCUMENTS[shape]("# Zero", "Text zero.", "# One", "Text one.", "# Two", "Text two.")
    )

    await page.save()

    now = {cell["source"]: cell["id"] for cell in page.content["cells"]}
    assert {source: now.get(source) for source in ids} == ids
    assert any("Text zero." in source for source in now)


@both_shapes
async def test_the_same_block_asks_the_person_and_stores_nothing(
    connected_box: Box, open_page: OpenPage, shape: str
) -> None:
    short_id = new_notebook(connected_box, shape)
    page = await open_page(short_id)
    edit_elsewhere(connected_box, short_id, shape, "We saw growth.", "We saw 11.8 % growth.")
    edit_elsewhere(connected_box, short_id, shape, "The end.", "The end, says Grace.")
    page.edit("We saw growth.", "We saw **12 %** growth.")
    before = connected_box.fetch(short_id)

    with pytest.raises(Refused) as refused:
        await page.save()

    assert (refused.value.status, refused.value.reason) == (409, "save_conflict")
    facts = refused.value.facts
    assert facts["editor"].startswith("Grace")
    assert (facts["conflicts"], facts["merged"]) == (1, 2)
    assert connected_box.fetch(short_id) == before
    conflict = await page.ask("GET", f"posthog/conflicts/{facts['draft_id']}")
    (block,) = conflict["blocks"]
    assert (block["mine"], block["theirs"], block["base"]) == (
        "We saw **12 %** growth.",
        "We saw 11.8 % growth.",
        "We saw growth.",
    )
    assert (block["kind"], block["cell_type"], block["can_edit"]) == ("edited_by_both", "markdown", True)
    assert "We saw **12 %** growth." in await page.kept_text()


@both_shapes
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("mine", "We saw mine."),
        ("theirs", "We saw theirs."),
        ({"text": "We saw what both saw."}, "We saw what both saw."),
    ],
)
async def test_a_conflict_is_resolved_block_by_block(
    connected_box: Box, open_page: OpenPage, shape: str, answer: Any, expected: str
) -> None:
    short_id = new_notebook(connected_box, shape)
    page = await open_page(short_id)
    edit_elsewhere(connected_box, short_id, shape, "We saw growth.", "We saw theirs.")
    edit_elsewhere(connected_box, short_id, shape, "The end.", "The end, says Grace.")
    page.edit("We saw growth.", "We saw mine.")
    page.edit("Numbers for this week.", "Numbers of mine.")
    with pytest.raises(Refused) as refused:
        await page.save()
    draft_id = refused.value.facts["draft_id"]
    (block,) = (await page.ask("GET", f"posthog/conflicts/{draft_id}"))["blocks"]

    await page.resolve(draft_id, {"action": "merge", "answers": {block["id"]: answer}})

    for text in (stored_text(connected_box, short_id), page.text()):
        assert expected in text
        assert "The end, says Grace." in text
        assert "Numbers of mine." in text
    assert await page.drafts() == []
    asked = len(connected_box.requests())
    await page.save()
    assert len(connected_box.requests()) == asked


@both_shapes
async def test_mine_becomes_a_notebook_of_its_own(connected_box: Box, open_page: OpenPage, shape: str) -> None:
    short_id = new_notebook(connected_box, shape, title="Funnel")
    page = await open_page(short_id)
    edit_elsewhere(connected_box, short_id, shape, "We saw growth.", "We saw theirs.")
    page.edit("We saw growth.", "We saw mine.")
    with pytest.raises(Refused) as refused:
        await page.save()

    made = await page.resolve(refused.value.facts["draft_id"], {"action": "copy"})

    assert made["path"].startswith("env/1/Funnel (my version) [")
    copied = made["path"].rpartition("[")[2].removesuffix("].ipynb")
    assert "We saw mine." in stored_text(connected_box, copied)
    assert "We saw theirs." in stored_text(connected_box, short_id)
    assert await page.drafts() == []


@both_shapes
async def test_taking_theirs_puts_mine_aside_and_loses_nothing(
    connected_box: Box, open_page: OpenPage, jp_fetch: Any, shape: str
) -> None:
    short_id = new_notebook(connected_box, shape)
    page = await open_page(short_id)
    edit_elsewhere(connected_box, short_id, shape, "We saw growth.", "We saw theirs.")
    page.edit("We saw growth.", "We saw mine.")
    with pytest.raises(Refused) as refused:
        await page.save()

    await page.resolve(refused.value.facts["draft_id"], {"action": "theirs"})
    await page.open()

    assert "We saw theirs." in page.text()
    assert await page.drafts() == []
    (aside,) = [draft for draft in (await page.ask("GET", "posthog/drafts"))["drafts"] if draft["is_put_aside"]]
    kept = await page.ask("GET", f"posthog/drafts/{aside['id']}")
    assert any("We saw mine." in cell["source"] for cell in kept["content"]["cells"])


async def test_a_notebook_that_became_markdown_meanwhile_is_never_merged(
    connected_box: Box, open_page: OpenPage
) -> None:
    short_id = new_notebook(connected_box, "rich")
    page = await open_page(short_id)
    page.edit("We saw growth.", "We saw mine.")
    connected_box.edit_elsewhere(short_id, DOCUMENTS["markdown"]("# Weekly funnel", "Converted."))

    with pytest.raises(Refused) as refused:
        await page.save()

    draft_id = refused.value.facts["draft_id"]
    (block,) = (await page.ask("GET", f"posthog/conflicts/{draft_id}"))["blocks"]
    assert (block["kind"], block["can_edit"]) == ("shape_changed", False)
    assert "Converted." in stored_text(connected_box, short_id)
    with pytest.raises(Refused):
        await page.resolve(draft_id, {"action": "merge", "answers": {block["id"]: "mine"}})
    assert "We saw mine." in await page.kept_text()


async def test_edits_whose_base_is_forgotten_merge_by_cell(
    connected_box: Box, open_page: OpenPage, jp_data_dir: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another machine, or more than twenty versions ago: the cells carry digests of what they were."""
    short_id = new_notebook(connected_box, "markdown")
    page = await open_page(short_id)
    edit_elsewhere(connected_box, short_id, "markdown", "The end.", "The end, says Grace.")
    page.edit("We saw growth.", "We saw 12 % growth.")
    monkeypatch.setattr("jupyter_posthog.records.ledgers.LedgerStore.find", lambda *_: None)

    await page.save()

    text = stored_text(connected_box, short_id)
    assert "We saw 12 % growth." in text
    assert "The end, says Grace." in text


@both_shapes
async def test_two_tabs_on_one_notebook_keep_each_others_edits(
    connected_box: Box, open_page: OpenPage, shape: str
) -> None:
    short_id = new_notebook(connected_box, shape)
    one, two = await open_page(short_id, "page-0001"), await open_page(short_id, "page-0002")
    one.edit("Numbers for this week.", "Numbers of tab one.")
    two.edit("We saw growth.", "We saw growth in tab two.")

    await one.save()
    await two.save()
    one.edit("The end.", "The end of tab one.")
    await one.save()

    for text in (stored_text(connected_box, short_id), one.text()):
        for edit in ("Numbers of tab one.", "We saw growth in tab two.", "The end of tab one."):
            assert edit in text


async def test_somebody_who_always_saves_first_is_met_with_a_conflict_in_the_end(
    connected_box: Box, open_page: OpenPage
) -> None:
    short_id = new_notebook(connected_box, "markdown")
    page = await open_page(short_id)
    page.edit("We saw growth.", "We saw mine.")
    for method, path in (("POST", "markdown_save"), ("PATCH", f"{short_id}/?$")):
        connected_box.fail_next(
            method=method, path=path, times=50, status=409, body={"code": "conflict", "updates": [], "version": 9}
        )

    with pytest.raises(Refused) as refused:
        await page.save()
    connected_box.http.delete("/_box/faults")

    assert refused.value.reason == "save_conflict"
    assert "We saw mine." in await page.kept_text()


@both_shapes
async def test_old_versions_can_be_looked_at_and_put_back(connected_box: Box, open_page: OpenPage, shape: str) -> None:
    short_id = new_notebook(connected_box, shape)
    page = await open_page(short_id)
    first = connected_box.fetch(short_id)
    page.edit("We saw growth.", "We saw 12 % growth.")
    await page.save()
    edit_elsewhere(connected_box, short_id, shape, "The end.", "The end, says Grace.")

    history = await page.ask("GET", f"posthog/history/{page.path}")
    assert [entry["version"] for entry in history["versions"]] == [page.base_version, first["version"]]
    old = await page.ask("GET", f"posthog/history/{page.path}", version=str(first["version"]))
    assert any("We saw growth." in cell["source"] for cell in old["content"]["cells"])
    await page.ask("POST", f"posthog/history/{page.path}", {"version": first["version"]})

    assert connected_box.fetch(short_id)["content"] == first["content"]
    # What was given up is kept: the restore can be undone.
    newest = (await page.ask("GET", f"posthog/history/{page.path}"))["versions"]
    given_up = await page.ask("GET", f"posthog/history/{page.path}", version=str(newest[1]["version"]))
    assert any("The end, says Grace." in cell["source"] for cell in given_up["content"]["cells"])


async def test_checkpoints_are_the_versions_that_are_kept(connected_box: Box, open_page: OpenPage) -> None:
    short_id = new_notebook(connected_box, "markdown")
    page = await open_page(short_id)
    before = connected_box.fetch(short_id)
    page.edit("We saw growth.", "We saw 12 % growth.")
    await page.save()

    listed = await page.ask("GET", f"posthog/contents/{page.path}/checkpoints")
    assert [entry["id"] for entry in listed] == [str(page.base_version), str(before["version"])]  # type: ignore[index]
    await page.ask("POST", f"posthog/contents/{page.path}/checkpoints/{before['version']}", {})

    assert connected_box.fetch(short_id)["content"] == before["content"]


@both_shapes
async def test_a_copy_is_a_notebook_of_its_own(connected_box: Box, open_page: OpenPage, shape: str) -> None:
    short_id = new_notebook(connected_box, shape, title="Funnel")
    page = await open_page(short_id)

    made = await page.ask("POST", "posthog/contents/env/1", {"copy_from": page.path})

    assert made["name"].startswith("Funnel (copy) [")
    copied = made["path"].rpartition("[")[2].removesuffix("].ipynb")
    assert "We saw growth." in stored_text(connected_box, copied)
    assert copied != short_id


async def test_a_draft_says_what_a_save_would_change(connected_box: Box, open_page: OpenPage) -> None:
    short_id = new_notebook(connected_box, "markdown")
    page = await open_page(short_id)
    asked = len(connected_box.requests())
    draft = {"path": page.path, "base_version": page.base_version, "page_id": page.page_id}

    unchanged = await page.ask("POST", "posthog/drafts", draft | {"content": page.content})
    page.edit("We saw growth.", "We saw mine.")
    changed = await page.ask("POST", "posthog/drafts", draft | {"content": page.content})
    page.content["cells"][0]["source"] = "half a character: \ud83d"
    refused = await page.ask("POST", "posthog/drafts", draft | {"content": page.content})

    assert unchanged["changes"] == []
    assert [(change["cell_number"], change["kind"]) for change in changed["changes"]] == [(4, "edited")]
    assert refused["refusal"]["reason"] == "cell_not_writable"
    assert refused["refusal"]["message"].startswith("Cell 1 cannot be stored in PostHog")
    assert len(connected_box.requests()) == asked, "nothing of it asks PostHog"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "action is one of"),
        ({"action": "burn"}, "action is one of"),
        ([], "action is one of"),
        ({"action": "merge", "answers": {"x": 3}}, "an answer is mine, theirs"),
        ({"action": "merge", "answers": []}, "answers is an object"),
    ],
)
async def test_a_resolution_that_is_none_is_refused_in_words(
    connected_box: Box, open_page: OpenPage, body: Any, problem: str
) -> None:
    page = await open_page(new_notebook(connected_box, "markdown"))

    with pytest.raises(Refused) as refused:
        await page.ask("POST", f"posthog/conflicts/{'0' * 32}", body)

    assert (refused.value.status, refused.value.reason) == (400, "request_not_valid")
    assert problem in refused.value.facts["problem"]


async def test_a_draft_that_is_gone_is_said(connected_box: Box, open_page: OpenPage) -> None:
    page = await open_page(new_notebook(connected_box, "markdown"))

    for method, body in (("GET", None), ("POST", {"action": "theirs"}), ("POST", {"action": "merge"})):
        with pytest.raises(Refused) as refused:
            await page.ask(method, f"posthog/conflicts/{'0' * 32}", body)
        assert (refused.value.status, refused.value.reason) == (404, "draft_gone")
