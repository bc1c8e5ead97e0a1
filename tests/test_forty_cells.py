"""One notebook of forty cells in every client without a browser: the same outputs."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import papermill
import pytest

from tests.box_fixture import Box
from tests.conftest import DATA
from tests.kernel.test_kernel import start_kernel

FRAME = "application/vnd.posthog.dataframe+json"
FILE = DATA / "notebooks" / "forty_cells.ipynb"
#: Ids of runs and notebooks differ from client to client.
OF_A_RUN = {"run_id", "notebook"}


def forty_cells() -> nbformat.NotebookNode:
    return nbformat.read(FILE, as_version=4)


def in_environment(box: Box, monkeypatch: pytest.MonkeyPatch) -> str:
    """Connect this process to the box, with an empty notebook of its own."""
    short_id = box.new_notebook()
    for name, value in (box.environment() | {"POSTHOG_NOTEBOOK": short_id}).items():
        monkeypatch.setenv(name, value)
    return short_id


def by_nbclient(box: Box, monkeypatch: pytest.MonkeyPatch, folder: Path) -> nbformat.NotebookNode:
    in_environment(box, monkeypatch)
    notebook = forty_cells()
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="posthog").execute()
    return notebook


def by_console(box: Box, monkeypatch: pytest.MonkeyPatch, folder: Path) -> nbformat.NotebookNode:
    """As `jupyter console` does: one request after the other, no cell ids."""
    short_id = in_environment(box, monkeypatch)
    notebook = forty_cells()
    for kernel in start_kernel(box.environment() | {"POSTHOG_NOTEBOOK": short_id}):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [nbformat.from_dict(output) for output in kernel.run(cell.source)[1]]
    return notebook


def by_command(box: Box, monkeypatch: pytest.MonkeyPatch, folder: Path) -> nbformat.NotebookNode:
    short_id = in_environment(box, monkeypatch)
    notebook = forty_cells()
    notebook.metadata["posthog"] = {"host": box.url, "project_id": 1, "short_id": short_id}
    nbformat.write(notebook, folder / "forty.ipynb")
    program = str(Path(sys.executable).parent / "jupyter")
    command = [program, "posthog", "run", "forty.ipynb", "--output", "done.ipynb", "--json"]
    ran = subprocess.run(command, cwd=folder, env={**os.environ}, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert json.loads(ran.stdout)["count"] == 35
    return nbformat.read(folder / "done.ipynb", as_version=4)


def by_papermill(box: Box, monkeypatch: pytest.MonkeyPatch, folder: Path) -> nbformat.NotebookNode:
    in_environment(box, monkeypatch)
    # It runs every cell, and then raises for the errors that the cells' tags expect.
    with pytest.raises(papermill.exceptions.PapermillExecutionError):
        papermill.execute_notebook(FILE, folder / "done.ipynb", kernel_name="posthog", progress_bar=False)
    return nbformat.read(folder / "done.ipynb", as_version=4)


CLIENTS = {"console": by_console, "jupyter posthog run": by_command, "papermill": by_papermill}


def shown(cell: nbformat.NotebookNode) -> list[Any]:
    """What a person sees of a cell's outputs."""
    found: list[Any] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            if found and found[-1][0] == output.name:
                found[-1][1] += output.text
            else:
                found.append([output.name, output.text])
        elif output.output_type == "error":
            found.append(["error", output.ename, output.evalue])
        else:
            found.append([output.output_type, _data(output.data)])
    return found


def _data(bundle: Any) -> dict[str, Any]:
    data = copy.deepcopy(dict(bundle))
    if FRAME in data:
        data[FRAME] = {name: value for name, value in data[FRAME].items() if name not in OF_A_RUN}
    return {name: "…" if name.startswith("image/") else value for name, value in data.items()}


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, list[Any]]]:
    """What nbclient showed, by profile."""
    return {}


@pytest.fixture(params=["cloud", "legacy"])
def box(request: pytest.FixtureRequest, boxes: Callable[[str], Box]) -> Box:
    return boxes(request.param)


def outputs_of(notebook: nbformat.NotebookNode) -> dict[str, list[Any]]:
    return {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}


def reference(
    expected: dict[str, dict[str, list[Any]]], box: Box, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> dict[str, list[Any]]:
    if box.profile not in expected:
        expected[box.profile] = outputs_of(by_nbclient(box, monkeypatch, folder))
    return expected[box.profile]


def test_what_nbclient_shows_is_what_the_cells_say(
    expected: dict[str, dict[str, list[Any]]], box: Box, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = reference(expected, box, monkeypatch, tmp_path)

    assert found["cell-03"] == [["stdout", "eu 3\n"]]
    assert found["cell-04"][-1][1][FRAME]["row_count"] == 5
    assert found["cell-07"][-1][1][FRAME]["rows"] == [["eu", 3]]
    assert found["cell-10"][-1][1][FRAME]["row_count"] == 2
    assert [output[1] for output in found["cell-15"] if output[0] == "stdout"][-1].endswith("three\n")
    assert found["cell-26"][-1][:2] == ["error", "ZeroDivisionError"]
    assert found["cell-31"][-1][:2] == ["error", "MagicNotUnderstoodError"]
    assert "image/png" in found["cell-34"][-1][1]
    assert found["cell-38"] == [["stdout", "True\n"]]
    assert found["cell-40"] == [["stdout", "True ünïcode ✓\n"]]


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_shows_the_same(
    expected: dict[str, dict[str, list[Any]]],
    box: Box,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    client: str,
) -> None:
    wanted = reference(expected, box, monkeypatch, tmp_path)

    found = outputs_of(CLIENTS[client](box, monkeypatch, tmp_path))

    differing = {cell_id: (found[cell_id], wanted[cell_id]) for cell_id in wanted if found[cell_id] != wanted[cell_id]}
    assert differing == {}
