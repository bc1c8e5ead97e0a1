"""The command line and nbclient, without Lab: `pull`, `jupyter execute`, `push`, `check`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from tests.box_fixture import Box
from tests.kernel.test_kernel import start_kernel, text_of

QUERY = "SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC LIMIT 3"
NOTEBOOK = (
    "# Weekly funnel\n\n"
    f'<SQLV2 nodeId="q1" title="Orders" code="{QUERY}" returnVariable="orders" />\n\n'
    '<PythonV2 nodeId="p1" code="print(len(orders), list(orders.columns))" returnVariable="df" />\n\n'
    '<Recording id="0191c3e0" />'
)


class Terminal:
    """A person's terminal in one folder, connected to a box."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def run(self, *command: str, **changes: str) -> subprocess.CompletedProcess[str]:
        program, *arguments = command
        environment = {**os.environ, **self.environment, **changes}
        return subprocess.run(
            [str(Path(sys.executable).parent / program), *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture(params=["cloud", "legacy"])
def any_box(request: pytest.FixtureRequest, boxes: Callable[[str], Box]) -> Box:
    return boxes(request.param)


@pytest.fixture
def terminal(any_box: Box, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, any_box.environment())


def test_a_pulled_notebook_runs_without_lab(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(NOTEBOOK)
    pulled = terminal.run("jupyter", "posthog", "pull", short_id, "out.ipynb")
    assert pulled.returncode == 0, pulled.stderr

    executed = terminal.run("jupyter", "execute", "--inplace", "out.ipynb", POSTHOG_NOTEBOOK=short_id)

    assert executed.returncode == 0, executed.stderr
    notebook = nbformat.read(terminal.folder / "out.ipynb", as_version=4)
    nbformat.validate(notebook)
    query, python = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert "application/vnd.posthog.dataframe+json" in query.outputs[-1].data
    assert python.outputs[-1].text == "3 ['event', 'n']\n"


def test_executing_a_notebook_leaves_a_kernel_that_is_in_use_running_with_its_frames(
    any_box: Box, terminal: Terminal
) -> None:
    short_id = any_box.new_markdown(NOTEBOOK)
    terminal.run("jupyter", "posthog", "pull", short_id, "out.ipynb")
    status = f"/api/projects/1/notebooks/{short_id}/kernel/status/"
    environment = any_box.environment() | {"POSTHOG_NOTEBOOK": short_id}
    for kernel in start_kernel(environment):
        kernel.run("import pandas as pd\nkept = pd.DataFrame({'n': [1, 2, 3]})")
        before = any_box.http.get(status).json()

        executed = terminal.run("jupyter", "execute", "--inplace", "out.ipynb", POSTHOG_NOTEBOOK=short_id)
        ran = terminal.run("jupyter", "posthog", "run", short_id)
        _, printed = kernel.run("print(len(kept))")

    after = any_box.http.get(status).json()
    assert (executed.returncode, ran.returncode) == (0, 0), executed.stderr + ran.stderr
    assert text_of(printed) == "3\n"
    assert (after["status"], after["runtime_id"]) == ("running", before["runtime_id"])
    if any_box.profile == "cloud":
        assert "kept" in {frame["name"] for frame in after["frames"]}


def test_a_wrong_key_is_one_sentence_and_a_failing_exit_code(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(NOTEBOOK)
    terminal.run("jupyter", "posthog", "pull", short_id, "out.ipynb")
    wrong = "phx_" + "wrong" * 4
    other = {"POSTHOG_SESSION_COOKIE": "", "POSTHOG_CSRF_TOKEN": "", "POSTHOG_PERSONAL_API_KEY": wrong}

    executed = terminal.run("jupyter", "execute", "out.ipynb", POSTHOG_NOTEBOOK=short_id, **other)
    pulled = terminal.run("jupyter", "posthog", "pull", short_id, "again.ipynb", **other)

    assert executed.returncode != 0
    assert "PostHog does not know this key" in executed.stderr
    assert pulled.returncode == 1
    assert pulled.stderr.count("\n") == 1
    assert wrong not in executed.stderr + executed.stdout + pulled.stderr
    assert not (terminal.folder / "again.ipynb").exists()


def test_check_proves_that_an_untouched_notebook_survives(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(NOTEBOOK)
    terminal.run("jupyter", "posthog", "pull", short_id, "out.ipynb")

    for subject in (short_id, "out.ipynb"):
        checked = terminal.run("jupyter", "posthog", "check", subject)

        assert checked.returncode == 0, checked.stderr
        assert "byte for byte" in checked.stdout


def test_push_stores_the_edit_and_then_nothing(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(NOTEBOOK)
    before = any_box.markdown(short_id)
    terminal.run("jupyter", "posthog", "pull", short_id, "out.ipynb")
    file = terminal.folder / "out.ipynb"
    file.write_text(file.read_text().replace("# Weekly funnel", "# Monthly funnel"))

    assert terminal.run("jupyter", "posthog", "check", "out.ipynb").returncode == 1
    pushed = terminal.run("jupyter", "posthog", "push", "out.ipynb")
    assert pushed.returncode == 0, pushed.stderr

    assert any_box.markdown(short_id) == before.replace("Weekly", "Monthly")
    writes = any_box.writes()
    assert "Nothing to save" in terminal.run("jupyter", "posthog", "push", "out.ipynb").stdout
    assert any_box.writes() == writes


def test_push_after_somebody_elses_save_changes_nothing(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(NOTEBOOK)
    terminal.run("jupyter", "posthog", "pull", short_id, "out.ipynb", JUPYTER_DATA_DIR=str(terminal.folder / "other"))
    theirs = any_box.fetch(short_id)["content"]
    theirs["content"][0]["attrs"]["markdown"] = "# Grace was here"
    any_box.edit_elsewhere(short_id, theirs)
    file = terminal.folder / "out.ipynb"
    file.write_text(file.read_text().replace("# Weekly funnel", "# Mine"))

    pushed = terminal.run("jupyter", "posthog", "push", "out.ipynb")

    assert pushed.returncode == 1
    assert "kept" in pushed.stderr
    assert any_box.markdown(short_id) == "# Grace was here"


def test_a_file_that_was_never_pulled_is_refused(terminal: Terminal) -> None:
    nbformat.write(nbformat.v4.new_notebook(), terminal.folder / "own.ipynb")

    pushed = terminal.run("jupyter", "posthog", "push", "own.ipynb")

    assert pushed.returncode == 1
    assert "was not pulled from PostHog" in pushed.stderr


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["pull"]])
def test_wrong_use_is_exit_code_2(terminal: Terminal, arguments: list[str]) -> None:
    assert terminal.run("jupyter", "posthog", *arguments).returncode == 2


def test_list_shows_titles(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_markdown(NOTEBOOK, title="Found by list")

    listed = terminal.run("jupyter", "posthog", "list", "--search", "Found")

    assert short_id in listed.stdout
    assert "Found by list" in listed.stdout


def test_jupyter_console_runs_cells(any_box: Box, terminal: Terminal) -> None:
    short_id = any_box.new_notebook()
    lines = "n = 6 * 7\nprint(n)\nexit()\n"
    program = [str(Path(sys.executable).parent / "jupyter-console"), "--kernel", "posthog", "--simple-prompt"]

    ran = subprocess.run(
        program,
        input=lines,
        env={**os.environ, **terminal.environment, "POSTHOG_NOTEBOOK": short_id},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert "\n42\n" in ran.stdout.replace("In [2]: ", "\n").replace("\r", ""), ran.stdout + ran.stderr
