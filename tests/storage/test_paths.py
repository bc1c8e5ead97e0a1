from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_posthog.errors import InvalidPathError
from jupyter_posthog.storage.paths import (
    FolderAddress,
    NewNotebookAddress,
    NotebookAddress,
    file_name,
    notebook_path,
    parse_path,
    title_of,
)

ADDRESS = NotebookAddress(connection="box", project_id=1, short_id="aB3dE5gH")


@given(title=st.text(max_size=60))
def test_every_title_leads_back_to_its_notebook(title: str) -> None:
    assert parse_path(notebook_path(ADDRESS, title)) == ADDRESS


# What stands for a slash or a control character is turned back, also where somebody typed it.
STAND_INS = "∕" + "".join(chr(code) for code in range(0x2400, 0x2422))


@given(
    title=st.text(st.characters(exclude_characters=STAND_INS), max_size=60).filter(lambda text: text == text.strip())
)
def test_a_title_comes_back_from_its_file_name(title: str) -> None:
    expected = "" if title == "Untitled" else title

    assert title_of(file_name(title, "aB3dE5gH"), "aB3dE5gH") == expected


def test_a_bare_short_id_is_a_path() -> None:
    assert parse_path("box/1/aB3dE5gH.ipynb") == ADDRESS


def test_folders() -> None:
    assert parse_path("/") == FolderAddress()
    assert parse_path("box") == FolderAddress(connection="box")
    assert parse_path("box/12") == FolderAddress(connection="box", project_id=12)


def test_a_name_without_a_short_id_is_a_new_notebook() -> None:
    assert parse_path("box/1/My plan.ipynb") == NewNotebookAddress(connection="box", project_id=1, title="My plan")


def test_a_slash_in_a_title_is_no_folder() -> None:
    assert notebook_path(ADDRESS, "A/B") == "box/1/A∕B [aB3dE5gH].ipynb"


@given(title=st.text(max_size=60))
def test_no_file_name_holds_a_slash_or_a_character_of_control(title: str) -> None:
    name = file_name(title, "aB3dE5gH")

    assert not any(character == "/" or character < " " or character == "\x7f" for character in name)


def test_half_a_character_in_a_title_is_shown_whole() -> None:
    """JSON allows a lone surrogate; no address and no header does."""
    assert file_name("a\ud800b", "aB3dE5gH") == "a\ufffdb [aB3dE5gH].ipynb"


def test_a_new_title_that_looks_like_an_id_stays_a_title() -> None:
    assert title_of("Plan [draft].ipynb", "aB3dE5gH") == "Plan [draft]"


@pytest.mark.parametrize(
    "path", ["box/../1/a.ipynb", "box/one/a.ipynb", "box/1/a.txt", "box/1/x/a.ipynb", "box/..", "box/١/a.ipynb"]
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(InvalidPathError):
        parse_path(path)
