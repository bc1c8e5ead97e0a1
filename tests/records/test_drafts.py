from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_posthog.records import files
from jupyter_posthog.records.drafts import Draft, DraftStore
from jupyter_posthog.records.files import NotebookKey
from jupyter_posthog.records.ledgers import KEPT_VERSIONS, LedgerStore

KEY = NotebookKey(origin="http://127.0.0.1:1", project_id=1, short_id="aB3dE5gH")


def draft(text: str, base_version: int | None = 3) -> Draft:
    return Draft(key=KEY, base_version=base_version, saved_at="2026-11-24T10:00:00+00:00", notebook={"text": text})


def test_a_draft_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    store = DraftStore(tmp_path / "drafts")

    store.keep(draft("one \ud800"))

    assert list(store.drafts()) == [draft("one \ud800")]


def test_only_its_owner_can_read_a_draft(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)

    store.keep(draft("one"))

    assert stat.S_IMODE((tmp_path / f"{draft('one').draft_id}.json").stat().st_mode) == 0o600


def test_a_newer_draft_of_the_same_base_takes_the_place_of_the_older(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)

    store.keep(draft("one"))
    store.keep(draft("two"))
    store.keep(draft("other base", base_version=4))

    assert sorted(str(found.notebook["text"]) for found in store.drafts()) == ["other base", "two"]


def test_a_saved_draft_is_dropped_but_not_the_edits_made_meanwhile(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    saved = draft("one")
    store.keep(saved)
    store.keep(draft("one and more"))

    store.drop_saved(saved)

    assert [found.notebook["text"] for found in store.drafts()] == ["one and more"]


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Fill the disk, or make room again."""
    really = files.os.fsync

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    return lambda is_full: monkeypatch.setattr(files.os, "fsync", no_space if is_full else really)


def test_what_a_full_disk_refuses_is_held_in_memory_and_said(tmp_path: Path, full_disk: Callable[[bool], None]) -> None:
    store = DraftStore(tmp_path / "drafts")
    assert store.keep(draft("one")) == ""

    full_disk(True)
    assert store.keep(draft("two")) == "No space left on device"

    assert [found.notebook["text"] for found in store.drafts()] == ["two"]
    assert [file.name for file in (tmp_path / "drafts").iterdir()] == [f"{draft('one').draft_id}.json"]
    full_disk(False)
    assert store.keep(draft("three")) == ""
    assert [found.notebook["text"] for found in DraftStore(tmp_path / "drafts").drafts()] == ["three"]


def test_a_ledger_that_a_full_disk_refuses_is_known_all_the_same(
    tmp_path: Path, full_disk: Callable[[bool], None]
) -> None:
    store = LedgerStore(tmp_path)
    full_disk(True)

    store.keep(KEY, 3, {"version": 3})

    assert store.find(KEY, 3) == {"version": 3}


def test_two_pages_of_one_notebook_keep_their_drafts_beside_each_other(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    one, two = replace(draft("one"), page_id="page-1"), replace(draft("two"), page_id="page-2")

    store.keep(one)
    store.keep(two)
    store.keep(replace(one, base_version=4, notebook={"text": "one, on a newer base"}))

    assert sorted(str(found.notebook["text"]) for found in store.drafts()) == ["one, on a newer base", "two"]


def test_a_draft_that_is_put_aside_stays_findable_and_makes_room(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    mine = replace(draft("mine"), page_id="page-1")
    store.keep(mine)

    assert store.put_aside(mine.draft_id)
    store.keep(replace(mine, notebook={"text": "later"}))

    found = {str(each.notebook["text"]): each.is_put_aside for each in store.drafts()}
    assert found == {"mine": True, "later": False}
    assert not store.put_aside("0" * 32)


def test_old_drafts_and_too_many_bytes_are_dropped_but_never_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DraftStore(tmp_path)
    for number, text in enumerate(("ancient", "old", "young")):
        kept = draft(text, base_version=number)
        store.keep(kept)
        age_s = {"ancient": 91, "old": 2, "young": 1}[text] * 86_400
        moment = time.time() - age_s
        os.utime(tmp_path / f"{kept.draft_id}.json", (moment, moment))
    size = (tmp_path / f"{draft('young', 2).draft_id}.json").stat().st_size
    monkeypatch.setattr("jupyter_posthog.records.drafts.MOST_BYTES", size + 10)

    store.keep(draft("now", base_version=9))

    assert sorted(str(found.notebook["text"]) for found in store.drafts()) == ["now", "young"]


@pytest.mark.parametrize("draft_id", ["../../etc/passwd", "", "a/b", "."])
def test_an_id_that_is_a_path_drops_nothing(tmp_path: Path, draft_id: str) -> None:
    assert DraftStore(tmp_path).drop(draft_id) is False


def test_ledgers_are_kept_per_version_and_the_oldest_dropped(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path)

    for version in range(KEPT_VERSIONS + 5):
        store.keep(KEY, version, {"version": version})

    assert store.find(KEY, 0) is None
    assert store.find(KEY, KEPT_VERSIONS + 4) == {"version": KEPT_VERSIONS + 4}
