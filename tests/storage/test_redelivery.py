"""Saves that PostHog could not take: sent again later and later, never dropped."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from nbformat.v4 import new_notebook

from jupyter_posthog.errors import (
    AccessDeniedError,
    HostAwayError,
    PosthogError,
    RateLimitedError,
    SaveConflictError,
    ServerFailedError,
)
from jupyter_posthog.records.drafts import Draft
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.storage.paths import NotebookAddress
from jupyter_posthog.storage.redelivery import LONGEST_WAIT_S, Redelivery
from jupyter_posthog.storage.save_requests import SaveRequest
from jupyter_posthog.storage.saving import SavedNotebook

ADDRESS = NotebookAddress(connection="env", project_id=1, short_id="aB3dE5gH")
KEY = NotebookKey(origin="http://127.0.0.1:1", project_id=1, short_id="aB3dE5gH")
AWAY = HostAwayError(host="http://127.0.0.1:1", cause="no connection")
SAVED = SavedNotebook(facts=None, base_version=4, stored=None)


@dataclass
class Saver:
    """Answers as it is told, and counts."""

    answers: list[PosthogError | None]
    calls: int = 0
    all_given: asyncio.Event = field(default_factory=asyncio.Event)

    async def save(self, _: SaveRequest) -> SavedNotebook:
        self.calls += 1
        answer = self.answers.pop(0)
        if not self.answers:
            self.all_given.set()
        if answer is not None:
            raise answer
        return SAVED


@dataclass
class Drafts:
    """One draft, until it is dropped."""

    draft: Draft | None = field(
        default_factory=lambda: Draft(key=KEY, base_version=3, saved_at="", notebook=new_notebook(), page_id="p")
    )

    def draft_id(self, *_: Any, **__: Any) -> str:
        return "d1"

    def find(self, _: str) -> Draft | None:
        return self.draft


class Delivery:
    """A redelivery whose waiting costs no time."""

    def __init__(self, *answers: PosthogError | None, drafts: Drafts | None = None, is_patient: bool = False) -> None:
        self._is_patient = is_patient
        self.saver, self.drafts, self.waits = Saver([*answers]), drafts or Drafts(), list[float]()
        self.redelivery = Redelivery(self.saver, self.drafts, sleep=self._sleep)  # type: ignore[arg-type]

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(3_600 if self._is_patient else 0)

    async def save(self) -> SavedNotebook:
        return await self.redelivery.save(
            SaveRequest(address=ADDRESS, notebook=new_notebook(), base_version=3, page_id="p")
        )

    async def until_all_given(self) -> None:
        await asyncio.wait_for(self.saver.all_given.wait(), 5)
        await asyncio.gather(*self.redelivery._tasks.values())


async def test_what_could_not_be_sent_is_sent_again_until_posthog_takes_it() -> None:
    delivery = Delivery(AWAY, AWAY, ServerFailedError(status=503), None)

    with pytest.raises(HostAwayError):
        await delivery.save()
    assert delivery.redelivery.waiting == {"d1"}
    await delivery.until_all_given()

    assert (delivery.saver.calls, delivery.waits) == (4, [5.0, 10.0, 20.0])


async def test_the_waits_grow_to_five_minutes_and_a_limit_is_waited_out() -> None:
    delivery = Delivery(*[AWAY] * 9, RateLimitedError(status=429, wait_s=900.0), None)

    with pytest.raises(HostAwayError):
        await delivery.save()
    await delivery.until_all_given()

    assert delivery.waits[-3:] == [LONGEST_WAIT_S, LONGEST_WAIT_S, 900.0]


@pytest.mark.parametrize("refusal", [SaveConflictError(status=409), AccessDeniedError(status=403)])
async def test_what_waits_for_a_person_is_not_sent_again(refusal: PosthogError) -> None:
    delivery = Delivery(AWAY, refusal)

    with pytest.raises(HostAwayError):
        await delivery.save()
    await delivery.until_all_given()

    assert delivery.saver.calls == 2
    assert delivery.drafts.draft is not None


async def test_a_refusal_that_will_not_pass_is_not_sent_again() -> None:
    delivery = Delivery(SaveConflictError(status=409))

    with pytest.raises(SaveConflictError):
        await delivery.save()

    assert delivery.redelivery.waiting == frozenset()


async def test_newer_edits_take_the_place_of_those_that_wait() -> None:
    delivery = Delivery(AWAY, None, is_patient=True)

    with pytest.raises(HostAwayError):
        await delivery.save()
    assert await delivery.save() == SAVED

    assert delivery.redelivery.waiting == frozenset()
    assert delivery.saver.calls == 2


async def test_a_draft_that_was_saved_or_dropped_meanwhile_is_not_sent() -> None:
    delivery = Delivery(AWAY, drafts=Drafts(draft=None))

    with pytest.raises(HostAwayError):
        await delivery.save()
    await delivery.until_all_given()

    assert delivery.saver.calls == 1


async def test_closing_stops_the_waiting_and_keeps_the_draft() -> None:
    delivery = Delivery(AWAY, is_patient=True)

    with pytest.raises(HostAwayError):
        await delivery.save()
    await delivery.redelivery.aclose()

    assert delivery.redelivery.waiting == frozenset()
    assert delivery.drafts.draft is not None
