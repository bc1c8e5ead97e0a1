"""One edit on its way to PostHog, and everything that can go wrong between (docs/saving.md)."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from jupyter_posthog.api.transport import Transport
from jupyter_posthog.records import files
from tests.box_fixture import Box
from tests.handlers.save_fault_table import PAGE, SHAPES, Outcome, read_row, write_rows
from tests.handlers.saving import BLOCKS, DOCUMENTS, Page, Refused, edit_elsewhere, new_notebook, stored_text

MINE, THEIRS = "We saw 12 % growth.", "The end, says Grace."
SAVES = {"markdown": r"/collab/markdown_save/?$", "rich": r"/notebooks/\w+/?$"}


@dataclass
class Attempt:
    """One save of one edit under one fault."""

    box: Box
    page: Page
    short_id: str
    shape: str
    monkeypatch: pytest.MonkeyPatch

    def fail(self, **fault: Any) -> int:
        method = "POST" if self.shape == "markdown" else "PATCH"
        answer = self.box.http.post(
            "/_box/faults", json={"method": method, "path": SAVES[self.shape], **fault}
        ).raise_for_status()
        number: int = answer.json()["id"]
        return number

    async def save(self) -> str:
        try:
            model = await self.page.save()
        except Refused as refused:
            return f"{refused.status} {refused.reason}"
        return "saved" if not model.get("content") else "saved, merged" if THEIRS in self.page.text() else "saved"


Fault = Callable[[Attempt], Awaitable[str]]


async def cut_before(attempt: Attempt) -> str:
    attempt.fail(status=200, body="{}", cut_after=0)
    return await attempt.save()


async def cut_after(attempt: Attempt) -> str:
    attempt.fail(cut_after=0)
    return await attempt.save()


async def throttled(attempt: Attempt) -> str:
    attempt.fail(throttled_s=1)
    return await attempt.save()


async def failed(attempt: Attempt) -> str:
    attempt.fail(status=500, body={"type": "server_error", "code": "error", "detail": "A server error occurred."})
    return await attempt.save()


async def unavailable(attempt: Attempt) -> str:
    attempt.fail(status=503, body={"detail": "Service unavailable."})
    return await attempt.save()


async def web_page(attempt: Attempt) -> str:
    attempt.fail(html=True)
    return await attempt.save()


async def timed_out(attempt: Attempt) -> str:
    attempt.monkeypatch.setitem(Transport.send.__kwdefaults__, "answer_timeout_s", 0.3)
    number = attempt.fail(hold=True)
    told = await attempt.save()
    attempt.monkeypatch.undo()
    attempt.box.http.post(f"/_box/faults/{number}/release").raise_for_status()
    deadline_s = time.monotonic() + 10
    while MINE not in stored_text(attempt.box, attempt.short_id):
        assert time.monotonic() < deadline_s, "the request that was held was not carried out"
    return told


async def conflict_disjoint(attempt: Attempt) -> str:
    edit_elsewhere(attempt.box, attempt.short_id, attempt.shape, "The end.", THEIRS)
    return await attempt.save()


async def conflict_overlapping(attempt: Attempt) -> str:
    edit_elsewhere(attempt.box, attempt.short_id, attempt.shape, "We saw growth.", "We saw 11.8 % growth.")
    return await attempt.save()


async def stale_tab(attempt: Attempt) -> str:
    told = await attempt.save()
    attempt.box.edit_elsewhere(attempt.short_id, DOCUMENTS[attempt.shape](*BLOCKS))
    return told


async def disk_full(attempt: Attempt) -> str:
    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    attempt.monkeypatch.setattr(files.os, "fsync", no_space)
    return await attempt.save()


async def disk_full_and_away(attempt: Attempt) -> str:
    attempt.fail(status=500, body={"detail": "A server error occurred."})
    return await disk_full(attempt)


async def read_only(attempt: Attempt) -> str:
    attempt.fail(
        status=403,
        times=2,
        body={
            "type": "authentication_error",
            "code": "permission_denied",
            "detail": "You do not have editor access to this resource.",
            "attr": None,
        },
    )
    return await attempt.save()


FAULTS: dict[str, Fault] = {
    "the connection is cut before PostHog stored it": cut_before,
    "the connection is cut after PostHog stored it": cut_after,
    "PostHog answers too late, and stores it later": timed_out,
    "429, the team's limit is used up": throttled,
    "500": failed,
    "503": unavailable,
    "a proxy answers with a web page": web_page,
    "403, the right to edit was taken": read_only,
    "somebody changed another block": conflict_disjoint,
    "somebody changed the same block": conflict_overlapping,
    "a stale tab takes it back": stale_tab,
    "the disk is full": disk_full,
    "the disk is full and PostHog fails": disk_full_and_away,
}


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Iterator[dict[tuple[str, str], Outcome]]:
    """Gather the rows; write the page where that was asked for."""
    found: dict[tuple[str, str], Outcome] = {}
    yield found
    if request.config.getoption("--update-mirrors") and len(found) == len(FAULTS) * len(SHAPES):
        PAGE.write_text(write_rows(found, FAULTS), encoding="utf-8")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fault", FAULTS)
async def test_the_edit_is_in_posthog_or_here(
    connected_box: Box,
    jp_fetch: Any,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    outcomes: dict[tuple[str, str], Outcome],
    fault: str,
    shape: str,
) -> None:
    short_id = new_notebook(connected_box, shape)
    page = Page(jp_fetch, f"env/1/{short_id}.ipynb")
    await page.open()
    page.edit("We saw growth.", MINE)

    with monkeypatch.context() as patched:
        told = await FAULTS[fault](Attempt(connected_box, page, short_id, shape, patched))
        then = await whereabouts(connected_box, page, short_id)
    connected_box.http.delete("/_box/faults")
    end = await recover(connected_box, page, short_id)

    outcome = Outcome(answer=told, then=then, end=end)
    outcomes[fault, shape] = outcome
    if not request.config.getoption("--update-mirrors"):
        assert str(outcome) == read_row(fault, shape)


async def whereabouts(box: Box, page: Page, short_id: str) -> str:
    """Return where the edit is; it must be somewhere."""
    places = [
        name
        for name, text in (
            ("in PostHog", stored_text(box, short_id)),
            ("kept here", await page.kept_text()),
            ("in the versions kept here", await versions_text(page)),
        )
        if MINE in text
    ]
    assert places, "the edit is lost"
    return places[0]


async def versions_text(page: Page) -> str:
    history = await page.ask("GET", f"posthog/history/{page.path}")
    texts = []
    for entry in history["versions"]:
        old = await page.ask("GET", f"posthog/history/{page.path}", version=str(entry["version"]))
        texts += [cell["source"] for cell in old["content"]["cells"]]
    return "\n".join(texts)


async def recover(box: Box, page: Page, short_id: str) -> str:
    """Save once more as a page does, answering a conflict with mine; say what PostHog holds."""
    theirs_before = THEIRS in stored_text(box, short_id)
    try:
        await saved_at_last(page)
    except Refused as refused:
        draft_id = refused.facts["draft_id"]
        blocks = (await page.ask("GET", f"posthog/conflicts/{draft_id}"))["blocks"]
        await page.resolve(draft_id, {"action": "merge", "answers": {block["id"]: "mine" for block in blocks}})
    text = stored_text(box, short_id)
    assert THEIRS in text or not theirs_before, "the colleague's edit is lost"
    assert await page.drafts() == [] or MINE not in text
    if MINE not in text:
        assert MINE in await versions_text(page)
        return "the version with it can be put back"
    return "both edits" if theirs_before else "the edit, once" if text.count(MINE) == 1 else "the edit, twice"


async def saved_at_last(page: Page) -> None:
    deadline_s = time.monotonic() + 20
    while time.monotonic() < deadline_s:
        try:
            await page.save()
        except Refused as refused:
            if refused.reason != "rate_limited":
                raise
            continue
        return
    raise AssertionError("the limit did not end")
