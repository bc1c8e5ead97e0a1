"""Titles as file names: whatever PostHog holds can be listed, opened and kept; whatever is typed is taken or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.saving import Page, Refused

TEXT = "# Weekly funnel"


def page_of(jp_fetch: Any, short_id: str) -> Page:
    return Page(jp_fetch, f"env/1/{short_id}.ipynb")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Plan", "Plan"),
        ("", "Untitled"),
        (None, "Untitled"),
        ("Funnel / week", "Funnel ∕ week"),
        ("two\nlines\tand a tab", "two␊lines␉and a tab"),
        ("..", ".."),
        (".hidden", ".hidden"),
        ("100 % of \\ : * ? < > | “all”", "100 % of \\ : * ? < > | “all”"),
        ("Plan [abc]", "Plan [abc]"),
        ("Plan.ipynb", "Plan.ipynb"),
        ("x" * 256, "x" * 256),
        ("🦔 שלום \u202etxt", "🦔 שלום \u202etxt"),
    ],
)
async def test_every_title_of_posthog_is_a_path_that_opens(
    connected_box: Box, jp_fetch: Any, title: str | None, shown: str
) -> None:
    short_id = connected_box.new_markdown(TEXT)
    connected_box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"title": title}).raise_for_status()
    page = page_of(jp_fetch, short_id)

    await page.open()

    assert page.path == f"env/1/{shown} [{short_id}].ipynb"
    again = Page(jp_fetch, page.path)
    await again.open()
    assert again.path == page.path
    listed = await page.ask("GET", "posthog/contents/env/1")
    assert page.path in [row["path"] for row in listed["content"]]


async def test_renaming_to_the_shown_name_changes_nothing(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT, title="a / b\nc")
    page = page_of(jp_fetch, short_id)
    await page.open()

    await page.ask("PATCH", f"posthog/contents/{page.path}", {"path": page.path})

    assert connected_box.fetch(short_id)["title"] == "a / b\nc"


async def test_equal_titles_are_notebooks_of_their_own(connected_box: Box, jp_fetch: Any) -> None:
    page = page_of(jp_fetch, connected_box.new_markdown(TEXT, title="Plan of Q4"))
    await page.open()
    body = {"type": "notebook", "content": page.content}

    made = [await page.ask("PUT", "posthog/contents/env/1/Plan of Q4.ipynb", body) for _ in range(2)]

    assert len({page.path, *(model["path"] for model in made)}) == 3
    assert {model["name"].partition(" [")[0] for model in made} == {"Plan of Q4"}


@pytest.mark.parametrize("title", ["Plan", "Data [2024]"])
async def test_a_name_that_could_be_a_notebooks_own_is_a_new_title_with_a_space_behind_it(
    connected_box: Box, jp_fetch: Any, title: str
) -> None:
    body = {"type": "notebook", "content": {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}}

    answer = await jp_fetch("posthog/contents/env/1", f"{title} .ipynb", method="PUT", body=json.dumps(body))

    short_id = json.loads(answer.body)["path"].rpartition("[")[2].removesuffix("].ipynb")
    assert connected_box.fetch(short_id)["title"] == title


async def test_a_copy_of_the_longest_title_is_made(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT, title="x" * 256)

    copied = await page_of(jp_fetch, short_id).ask(
        "POST", "posthog/contents/env/1", {"copy_from": f"env/1/{short_id}.ipynb"}
    )

    title = copied["name"].rpartition(" [")[0]
    assert (len(title), title[-8:]) == (256, "x (copy)")


@pytest.mark.parametrize(
    ("name", "problem"),
    [("x" * 257, "257 characters"), ("a\nb", "control character"), ("a\ud800b", "half a character")],
)
async def test_a_name_that_posthog_would_not_take_is_refused_in_words(
    connected_box: Box, jp_fetch: Any, name: str, problem: str
) -> None:
    short_id = connected_box.new_markdown(TEXT, title="Plan")
    page = page_of(jp_fetch, short_id)

    with pytest.raises(Refused) as caught:
        await page.ask("PATCH", f"posthog/contents/{page.path}", {"path": f"env/1/{name}.ipynb"})

    assert (caught.value.status, caught.value.reason) == (400, "title_not_usable")
    assert problem in caught.value.facts["problem"]
    assert connected_box.fetch(short_id)["title"] == "Plan"
