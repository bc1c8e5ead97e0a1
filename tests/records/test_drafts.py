from __future__ import annotations

import stat
from pathlib import Path

import pytest

from jupyter_posthog.errors import DraftNotKeptError
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

    draft_id = store.keep(draft("one"))

    assert stat.S_IMODE((tmp_path / f"{draft_id}.json").stat().st_mode) == 0o600


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


def test_a_full_disk_leaves_the_older_draft_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DraftStore(tmp_path / "drafts")
    store.keep(draft("one"))

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", no_space)
    with pytest.raises(DraftNotKeptError, match="No space left"):
        store.keep(draft("two"))

    assert [found.notebook["text"] for found in store.drafts()] == ["one"]
    assert [file.name for file in (tmp_path / "drafts").iterdir()] == [f"{draft('one').draft_id}.json"]


@pytest.mark.parametrize("draft_id", ["../../etc/passwd", "", "a/b", "."])
def test_an_id_that_is_a_path_drops_nothing(tmp_path: Path, draft_id: str) -> None:
    assert DraftStore(tmp_path).drop(draft_id) is False


def test_ledgers_are_kept_per_version_and_the_oldest_dropped(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path)

    for version in range(KEPT_VERSIONS + 5):
        store.keep(KEY, version, {"version": version})

    assert store.find(KEY, 0) is None
    assert store.find(KEY, KEPT_VERSIONS + 4) == {"version": KEPT_VERSIONS + 4}
