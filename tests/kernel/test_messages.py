"""What a client may ask of the kernel beside running cells, and what stays in a notebook."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from tests.box_fixture import Box
from tests.kernel.running import KERNEL_SPEC, Counted, RunningKernel, connected, running_kernel, text_of

PLACES = {"runs": ("cloud", "full"), "stream": ("legacy", "session")}


@pytest.fixture(params=PLACES)
def kernel(request: pytest.FixtureRequest, boxes: Callable[[str], Box]) -> Iterator[RunningKernel]:
    profile, credential = PLACES[request.param]
    box = boxes(profile)
    with running_kernel(connected(box, box.new_notebook(), credential)) as running:
        yield running


def shell_reply(kernel: RunningKernel, kind: str) -> dict[str, Any]:
    reply = kernel.client.get_shell_msg(timeout=30)
    while reply["header"]["msg_type"] != kind:
        reply = kernel.client.get_shell_msg(timeout=30)
    return reply["content"]


def test_the_kernel_promises_only_what_it_does(kernel: RunningKernel) -> None:
    kernel.client.kernel_info()

    info = shell_reply(kernel, "kernel_info_reply")

    assert "debugger" not in info["supported_features"]
    assert all(link["url"].startswith("https://posthog.com/") for link in info["help_links"])
    assert "%posthog" in info["banner"]


def test_questions_are_answered_while_a_cell_runs(kernel: RunningKernel) -> None:
    kernel.run("x = 1")
    cell = kernel.started("import time\ntime.sleep(4)\nprint('cell')")
    cell.wait_for_text("running")
    asked = kernel.client.complete("%%ho")

    reply = kernel.client.get_shell_msg(timeout=3)
    ended, outputs = cell.finish()

    assert reply["parent_header"]["msg_id"] == asked
    assert reply["content"]["matches"] == ["%%hogql"]
    assert ended["status"] == "ok"
    assert text_of(outputs) == "cell\n"


def test_places_of_completions_count_characters_not_utf_16_units(kernel: RunningKernel) -> None:
    kernel.run("import pandas")
    code = "s = '😀'; pandas.DataFr"

    reply = completed(kernel, code)

    assert [code[: reply["cursor_start"]] + match for match in reply["matches"]]
    assert any("DataFrame" in match for match in reply["matches"])
    assert reply["cursor_end"] == len(code)


def completed(kernel: RunningKernel, code: str) -> dict[str, Any]:
    """Ask for completions as a person does who types on: what PostHog says too late is not waited for."""
    deadline_s = time.monotonic() + 30
    while True:
        kernel.client.complete(code)
        reply = shell_reply(kernel, "complete_reply")
        if reply["matches"] or time.monotonic() > deadline_s:
            return reply


def test_frames_and_keywords_complete_in_sql(kernel: RunningKernel) -> None:
    kernel.run("%%hogql counts\nSELECT event FROM events LIMIT 1")
    kernel.client.complete("%%duckdb\nSELECT * FROM coun")

    matches = shell_reply(kernel, "complete_reply")["matches"]

    assert "counts" in matches


def test_a_silent_cell_shows_nothing_and_does_not_count(kernel: RunningKernel) -> None:
    before, _ = kernel.run("1")
    cell = kernel.started("print('unseen')", silent=True, store_history=False)
    reply, outputs = cell.finish()
    after, _ = kernel.run("1")

    assert reply["status"] == "ok"
    assert outputs == []
    assert after["execution_count"] == before["execution_count"] + 1


def test_a_cell_that_is_not_stored_does_not_count(kernel: RunningKernel) -> None:
    before, _ = kernel.run("1")
    kernel.started("print('seen')", store_history=False).finish()
    after, _ = kernel.run("1")

    assert after["execution_count"] == before["execution_count"] + 1


def test_expressions_have_a_value_or_say_why_not(kernel: RunningKernel) -> None:
    reply, _ = kernel.started("x = 20", user_expressions={"twice": "x * 2", "wrong": "nothing_here"}).finish()

    found = reply["user_expressions"]
    assert found["wrong"]["status"] == "error"
    assert found["twice"] == {"status": "ok", "data": {"text/plain": "40"}, "metadata": {}} or found["twice"]["evalue"]


def test_a_failure_stops_queued_cells_unless_the_client_wants_them(kernel: RunningKernel) -> None:
    failing = kernel.started("1/0")
    aborted = kernel.started("print('aborted')")
    statuses = [failing.finish()[0]["status"]]
    statuses.append(shell_reply(kernel, "execute_reply")["status"])
    wanted = kernel.started("1/0", stop_on_error=False)
    going_on = kernel.started("print('goes on')")
    statuses.append(wanted.finish()[0]["status"])
    statuses.append(going_on.finish()[0]["status"])

    assert statuses == ["error", "aborted", "error", "ok"]
    assert aborted.outputs == []


def test_a_comm_is_closed_politely(kernel: RunningKernel) -> None:
    message = kernel.client.session.msg(
        "comm_open", {"comm_id": "c1", "target_name": "jupyter.widget", "data": {}, "metadata": {}}
    )
    kernel.client.shell_channel.send(message)

    answer = kernel.client.get_iopub_msg(timeout=30)
    while answer["header"]["msg_type"] != "comm_close":
        answer = kernel.client.get_iopub_msg(timeout=30)

    assert answer["content"]["comm_id"] == "c1"
    assert kernel.run("print('alive')")[0]["status"] == "ok"


def test_the_line_about_progress_leaves_nothing_in_a_saved_notebook(
    boxes: Callable[[str], Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    box = boxes("cloud")
    for name, value in connected(box, box.new_notebook()).items():
        monkeypatch.setenv(name, value)
    sources = ["import time\ntime.sleep(2)", "import time\ntime.sleep(2)\nprint('shown')", "%posthog kernel"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])

    NotebookClient(notebook, timeout=60, km=manager_of_this_tree()).execute()

    assert notebook.cells[0].outputs == []
    assert [output.text for output in notebook.cells[1].outputs] == ["shown\n"]
    assert "min left" in notebook.cells[2].outputs[0].text


def test_two_windows_share_one_remote_kernel_and_its_slot(boxes: Callable[[str], Box]) -> None:
    box = boxes("cloud")
    environment = connected(box, box.new_notebook())
    with running_kernel(environment) as first, running_kernel(environment) as second:
        first.run("shared = 'both'")
        second.run("x = 1")
        slow = first.started("import time\ntime.sleep(4)")
        slow.wait_for_text("running")
        waiting = second.started("print(shared)")
        waiting.wait_for_text("another cell of this notebook is running in PostHog")
        slow.finish()

        _, outputs = waiting.finish()

    assert text_of(outputs) == "both\n"


def test_a_restart_says_what_it_can(boxes: Callable[[str], Box]) -> None:
    """A key cannot restart PostHog's kernel, so its variables are there after the wrapper's own restart."""
    box = boxes("cloud")
    with running_kernel(connected(box, box.new_notebook())) as kernel:
        kernel.run("kept = 'still there'")
        kernel.manager.restart_kernel(now=False)
        kernel.client.wait_for_ready(timeout=60)
        told = text_of(kernel.run("%posthog restart")[1])
        _, outputs = kernel.run("print(kept)")

    assert "its variables are still there" in told
    assert text_of(outputs).endswith("still there\n")


@pytest.mark.parametrize("place", PLACES)
def test_shutting_down_in_the_middle_of_a_cell_is_quick_and_leaves_the_cell_to_posthog(
    boxes: Callable[[str], Box], tmp_path: Path, place: str
) -> None:
    profile, credential = PLACES[place]
    box = boxes(profile)
    environment = connected(box, box.new_notebook(), credential)
    counted = Counted(tmp_path / "marks", "import time\ntime.sleep(4)\nkept = 'to the end'")
    with running_kernel(environment) as kernel:
        kernel.run("x = 1")
        kernel.started(counted.code).wait_for_text("running")
        begun_s = time.monotonic()
        kernel.manager.shutdown_kernel(now=False)
        took_s = time.monotonic() - begun_s

    with running_kernel(environment) as kernel:
        _, outputs = kernel.run("print(kept)")

    assert took_s < 4.5
    assert text_of(outputs) == "to the end\n"
    assert counted.times == 1


def test_restarting_in_the_middle_of_a_cell_stops_it_in_posthog(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    with running_kernel(connected(box, box.new_notebook())) as kernel:
        kernel.run("x = 1")
        kernel.started("import time\ntime.sleep(60)").wait_for_text("running")
        kernel.manager.restart_kernel(now=False)
        kernel.client.wait_for_ready(timeout=60)
        reply, outputs = kernel.run("print('free again')")

    assert reply["status"] == "ok"
    assert text_of(outputs).endswith("free again\n")


def test_the_setting_stops_posthogs_kernel_with_ours(boxes: Callable[[str], Box]) -> None:
    box = boxes("legacy")
    short_id = box.new_notebook()
    with running_kernel(connected(box, short_id, "session") | {"POSTHOG_ON_SHUTDOWN": "stop"}) as kernel:
        kernel.run("x = 1")

    status = box.http.get(f"/api/projects/1/notebooks/{short_id}/kernel/status/").json()
    assert status["status"] == "stopped"


@pytest.mark.parametrize(
    ("choice", "words"),
    [("runs", "run as PostHog runs"), ("execute", "appears when they end"), ("query", "Only HogQL")],
)
def test_the_way_of_running_can_be_chosen(boxes: Callable[[str], Box], choice: str, words: str) -> None:
    box = boxes("cloud")
    environment = connected(box, box.new_notebook(), "session") | {"POSTHOG_EXECUTOR": choice}
    with running_kernel(environment) as kernel:
        told = text_of(kernel.run("%posthog")[1])
        reply, _ = kernel.run("print('runs')")

    assert words in told
    assert reply["status"] == ("error" if choice == "query" else "ok")


def test_a_wrong_choice_is_one_sentence(boxes: Callable[[str], Box]) -> None:
    box = boxes("cloud")
    with running_kernel(connected(box, box.new_notebook()) | {"POSTHOG_EXECUTOR": "fastest"}) as kernel:
        reply, _ = kernel.run("print(1)")

    assert "executor is one of auto, stream, runs, execute, query" in reply["evalue"]


def manager_of_this_tree() -> AsyncKernelManager:
    """Return a manager that finds our kernel in this tree."""

    class Specs(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            return KernelSpec.from_resource_dir(str(Path(KERNEL_SPEC)))

    return AsyncKernelManager(kernel_name="posthog", kernel_spec_manager=Specs())
