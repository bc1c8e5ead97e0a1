"""`push` of a file whose notebook somebody else changed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from jupyter_posthog.cli.main import run
from tests.box_fixture import Box
from tests.handlers.saving import edit_elsewhere, new_notebook, stored_text

Push = Callable[..., tuple[int, str, str]]


@pytest.fixture
def connected(box: Box, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Box:
    for name, value in box.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return box


@pytest.fixture
def push(connected: Box, capsys: pytest.CaptureFixture[str]) -> Push:
    def run_push(*options: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(["push", "weekly.ipynb", *options])
        out, err = capsys.readouterr()
        return code, out, err

    return run_push


def pull_and_edit(box: Box, shape: str, *, theirs: tuple[str, str]) -> str:
    short_id = new_notebook(box, shape, title="Weekly")
    assert run(["pull", short_id, "weekly.ipynb"]) == 0
    notebook = nbformat.read("weekly.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if "We saw growth." in cell.source]
    cell.source = cell.source.replace("We saw growth.", "We saw mine.")
    nbformat.write(notebook, "weekly.ipynb")
    edit_elsewhere(box, short_id, shape, *theirs)
    return short_id


DISJOINT, OVERLAPPING = ("The end.", "The end, says Grace."), ("We saw growth.", "We saw theirs.")
both_shapes = pytest.mark.parametrize("shape", ["markdown", "rich"])


@both_shapes
def test_other_blocks_merge_and_are_told(connected: Box, push: Push, shape: str) -> None:
    short_id = pull_and_edit(connected, shape, theirs=DISJOINT)

    code, out, _ = push()

    assert code == 0
    assert "Merged with 1 block that Grace Hopper changed meanwhile." in out
    text = stored_text(connected, short_id)
    assert "We saw mine." in text
    assert "The end, says Grace." in text
    assert "The end, says Grace." in Path("weekly.ipynb").read_text()
    assert push() == (0, "Nothing to save.\n", "")


@both_shapes
def test_the_same_block_is_shown_and_nothing_saved(connected: Box, push: Push, shape: str) -> None:
    short_id = pull_and_edit(connected, shape, theirs=OVERLAPPING)

    code, _, err = push()

    assert code == 1
    assert "Grace Hopper changed this notebook after you pulled it. Nothing was saved; your edits are kept here." in err
    assert "-We saw theirs." in err
    assert "+We saw mine." in err
    assert "--merge" in err
    assert "We saw theirs." in stored_text(connected, short_id)
    code, out, _ = push("--json")
    assert (code, json.loads(out)["conflict"]["blocks"][0]["theirs"]) == (1, "We saw theirs.")


@both_shapes
def test_merge_keeps_mine_in_these_blocks(connected: Box, push: Push, shape: str) -> None:
    short_id = pull_and_edit(connected, shape, theirs=OVERLAPPING)
    edit_elsewhere(connected, short_id, shape, *DISJOINT)

    assert push("--merge")[0] == 0

    text = stored_text(connected, short_id)
    assert "We saw mine." in text
    assert "The end, says Grace." in text


@both_shapes
def test_copy_makes_a_notebook_of_its_own(connected: Box, push: Push, shape: str) -> None:
    short_id = pull_and_edit(connected, shape, theirs=OVERLAPPING)

    code, out, _ = push("--copy", "--json")

    assert code == 0
    assert "We saw mine." in stored_text(connected, json.loads(out)["copy"])
    assert "We saw theirs." in stored_text(connected, short_id)


@both_shapes
def test_theirs_replaces_the_file_and_keeps_mine_beside_it(connected: Box, push: Push, shape: str) -> None:
    pull_and_edit(connected, shape, theirs=OVERLAPPING)

    assert push("--theirs")[0] == 0

    assert "We saw theirs." in Path("weekly.ipynb").read_text()
    assert "We saw mine." in Path("weekly.mine.ipynb").read_text()


def test_a_notebook_of_another_shape_is_never_merged(connected: Box, push: Push) -> None:
    short_id = pull_and_edit(connected, "rich", theirs=DISJOINT)
    connected.put_content(short_id, connected.fetch(connected.new_markdown("# Other"))["content"])

    code, _, err = push("--merge")

    assert code == 1
    assert "another format" in err
    assert "# Other" in stored_text(connected, short_id)
