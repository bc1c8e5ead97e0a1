"""Every document of the corpus has its mirror, so that a change in conversion shows as a diff a person can read.

``pytest tests/document/test_mirrors.py --update-mirrors`` writes them anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.document.corpus import FILES, name_of
from tests.document.mirrors import FOLDER, LARGEST_MIRROR_BYTES, difference, mirror_of, mirror_text


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_document_is_converted_as_its_mirror_says(file: Path, pytestconfig: pytest.Config) -> None:
    mirror, text = mirror_of(file), mirror_text(file)
    if pytestconfig.getoption("--update-mirrors"):
        mirror.parent.mkdir(parents=True, exist_ok=True)
        mirror.write_text(text, encoding="utf-8", newline="\n")

    if not mirror.exists():
        pytest.fail(f"{name_of(file)} has no mirror; --update-mirrors writes it", pytrace=False)
    if changes := difference(mirror, text):
        pytest.fail(f"{name_of(file)} is converted in another way:\n{changes}", pytrace=False)
    assert mirror.stat().st_size <= LARGEST_MIRROR_BYTES


def test_no_mirror_outlives_its_document(pytestconfig: pytest.Config) -> None:
    stale = sorted(set(FOLDER.glob("*/*")) - {mirror_of(file) for file in FILES})
    if pytestconfig.getoption("--update-mirrors"):
        for mirror in stale:
            mirror.unlink()
        return

    assert stale == []


def test_a_difference_is_shown_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.document.mirrors.DATA", tmp_path)
    mirror = tmp_path / "a.ipynb"
    mirror.write_text("one\ntwo\n", encoding="utf-8")

    assert difference(mirror, "one\nzwei\n").splitlines()[2:] == ["@@ -1,2 +1,2 @@", " one", "-two", "+zwei"]
    assert difference(mirror, "one\ntwo\n") == ""
