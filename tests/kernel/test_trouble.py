"""Trouble in the middle of a cell, on both ways of running: control comes back, in words, and the next cell works."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.box_fixture import Box, start_box
from tests.kernel.running import Counted, RunningKernel, connected, running_kernel, text_of

WAYS = {"runs": ("cloud", "full"), "stream": ("legacy", "session"), "execute": ("flag-off", "session")}
STARTS = {"runs": "sql_v2/run/$", "stream": "kernel/execute/stream/$", "execute": "kernel/execute/$"}
CONTROL_BACK_S = 2.0
SLOW = "import time\ntime.sleep(6)\nprint('slept')"
ENDLESS = "import time\ntime.sleep(120)"


class Scene:
    """One kernel on one notebook of one box."""

    def __init__(self, box: Box, short_id: str, kernel: RunningKernel, way: str, folder: Path) -> None:
        self.box, self.short_id, self.kernel, self.way = box, short_id, kernel, way
        self._folder = folder

    @property
    def start_path(self) -> str:
        """Where code is sent to."""
        return f"{self.short_id}/{STARTS[self.way]}"

    def counted(self, code: str) -> Counted:
        return Counted(self._folder / "marks", code)

    def interrupt(self, cell: Any) -> tuple[dict[str, Any], str]:
        """Press the key and check how long control takes to come back."""
        begun_s = time.monotonic()
        self.kernel.interrupt()
        reply, outputs = cell.finish(timeout_s=10)
        assert time.monotonic() - begun_s <= CONTROL_BACK_S
        assert reply["ename"] == "KeyboardInterrupt"
        return reply, text_of(outputs)

    def check_next_cell(self) -> str:
        """Run another cell; return what stands below it."""
        reply, outputs = self.kernel.run("print('next cell')")
        assert reply["status"] == "ok", reply
        assert text_of(outputs).endswith("next cell\n")
        assert "slept" not in text_of(outputs)
        return text_of(outputs)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def scene(way: str, boxes: Callable[[str], Box], tmp_path: Path) -> Iterator[Scene]:
    profile, credential = WAYS[way]
    box = boxes(profile)
    short_id = box.new_notebook()
    with running_kernel(connected(box, short_id, credential)) as kernel:
        yield Scene(box, short_id, kernel, way, tmp_path)
    box.http.delete("/_box/faults").raise_for_status()


def test_interrupting_code_gives_control_back(scene: Scene) -> None:
    scene.kernel.run("x = 1")
    counted = scene.counted(SLOW)
    cell = scene.kernel.started(counted.code)
    cell.wait_for_text("running")

    reply, shown = scene.interrupt(cell)
    after = scene.check_next_cell()

    assert counted.times == 1
    if scene.way != "runs":
        assert "may still be running there" in reply["evalue"]
        assert "it ran to its end" in after
    else:
        assert "slept" not in shown


def test_interrupting_while_a_sandbox_starts_gives_control_back(scene: Scene) -> None:
    if scene.way == "runs":
        scene.box.fail_next(path=scene.start_path, effect="run_never_ends")
        words = "starting sandbox"
    else:
        scene.box.fail_next(method="POST", path=scene.start_path, hold=True, times=1)
        # The probe without code meets the fault first; the cell waits in it all the same.
        words = "asking PostHog"
    cell = scene.kernel.started("print('never')")
    cell.wait_for_text(words)

    scene.interrupt(cell)
    scene.box.http.delete("/_box/faults").raise_for_status()

    scene.check_next_cell()


def test_interrupting_while_waiting_for_the_slot_starts_nothing(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    short_id = box.new_notebook()
    path = f"/api/projects/1/notebooks/{short_id}/sql_v2/"
    with running_kernel(connected(box, short_id)) as kernel:
        scene = Scene(box, short_id, kernel, "runs", tmp_path)
        other = {"node_id": "other", "node_type": "python", "code": "import time; time.sleep(60)"}
        run_id = box.http.post(f"{path}run/", json=other).json()["run_id"]
        counted = scene.counted("print('mine')")
        cell = kernel.started(counted.code)
        cell.wait_for_text("another cell of this notebook is running in PostHog")

        scene.interrupt(cell)
        box.http.post(f"{path}runs/{run_id}/interrupt/").raise_for_status()
        scene.check_next_cell()

        assert counted.times == 0


def test_a_cell_waits_for_the_slot_and_goes_on(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    short_id = box.new_notebook()
    path = f"/api/projects/1/notebooks/{short_id}/sql_v2/"
    with running_kernel(connected(box, short_id)) as kernel:
        other = {"node_id": "other", "node_type": "python", "code": "import time; time.sleep(60)"}
        run_id = box.http.post(f"{path}run/", json=other).json()["run_id"]
        cell = kernel.started("print('at last')")
        cell.wait_for_text("another cell of this notebook is running in PostHog")
        box.http.post(f"{path}runs/{run_id}/interrupt/").raise_for_status()

        reply, outputs = cell.finish()

    assert reply["status"] == "ok"
    assert text_of(outputs) == "at last\n"


def test_a_pause_is_told_can_be_interrupted_and_passes(scene: Scene) -> None:
    scene.kernel.run("x = 1")
    scene.box.fail_next(method="POST", path=scene.start_path, throttled_s=4)
    counted = scene.counted("print('mine')")
    cell = scene.kernel.started(counted.code)
    cell.wait_for_text("request limit is used up, going on in 4 s")

    scene.interrupt(cell)

    assert counted.times == 0
    scene.check_next_cell()


@pytest.mark.parametrize("path", ["notebooks/{short_id}/$", "/kernel/execute/stream/$"], ids=["lookup", "probe"])
def test_interrupting_while_posthog_is_asked_gives_control_back(scene: Scene, path: str) -> None:
    scene.box.fail_next(path=path.format(short_id=scene.short_id), hold=True, times=1)
    cell = scene.kernel.started("print('never')")
    cell.wait_for_text("asking PostHog")

    scene.interrupt(cell)
    scene.box.http.delete("/_box/faults").raise_for_status()

    scene.check_next_cell()


def test_a_kernel_that_dies_in_a_cell_is_told_with_what_was_lost(scene: Scene) -> None:
    for code in ("%%hogql counts\nSELECT event FROM events LIMIT 3", "orders = counts\nprint(len(orders))"):
        assert scene.kernel.run(code)[0]["status"] == "ok"
    counted = scene.counted("import time; print('dies'); time.sleep(60)")  # longer than the kernel lives
    scene.box.fail_next(path=scene.start_path, effect="kernel_dies")

    reply, outputs = scene.kernel.run(counted.code)

    text = text_of(outputs) + reply["evalue"]
    assert reply["status"] == "error"
    assert "The remote kernel ended" in text
    assert "counts" in text
    assert counted.times <= 1
    scene.check_next_cell()


def test_a_lifetime_that_ends_in_a_cell_is_told(scene: Scene) -> None:
    scene.kernel.run("x = 1")
    cell = scene.kernel.started(ENDLESS)
    cell.wait_for_text("running")
    scene.box.fail_next(path="kernel/status", effect="lifetime_over")
    scene.box.http.get(f"/api/projects/1/notebooks/{scene.short_id}/kernel/status/")

    reply, outputs = cell.finish()

    assert reply["status"] == "error"
    assert "its 2 hours were up" in text_of(outputs) + reply["evalue"]
    scene.check_next_cell()


def test_a_network_that_is_cut_runs_nothing_twice(scene: Scene) -> None:
    scene.kernel.run("x = 1")
    counted = scene.counted("import time\nprint('begun', flush=True)\ntime.sleep(2)\nprint('ended')")
    if scene.way == "runs":
        scene.box.fail_next(method="GET", path=f"{scene.short_id}/sql_v2/runs/", cut_after=5, times=2)
    else:
        scene.box.fail_next(method="POST", path=scene.start_path, cut_after=5)

    reply, outputs = scene.kernel.run(counted.code)

    assert counted.times == 1
    if scene.way == "runs":
        assert text_of(outputs) == "begun\nended\n"
    else:
        assert "may still be running there" in reply["evalue"]
    scene.check_next_cell()


def test_a_proxy_that_answers_for_the_server_for_a_while_loses_nothing(
    boxes: Callable[[str], Box], tmp_path: Path
) -> None:
    box = boxes("cloud")
    short_id = box.new_notebook()
    with running_kernel(connected(box, short_id)) as kernel:
        kernel.run("x = 1")
        counted = Scene(box, short_id, kernel, "runs", tmp_path).counted("print('survived')")
        box.fail_next(method="GET", path=f"{short_id}/sql_v2/runs/", html=True, times=5)

        reply, outputs = kernel.run(counted.code)

    assert reply["status"] == "ok"
    assert text_of(outputs) == "survived\n"
    assert counted.times == 1


@pytest.mark.parametrize("way", ["runs", "stream"])
def test_a_server_that_restarts_in_a_cell_gives_control_back(way: str, tmp_path: Path) -> None:
    """Its kernels die with it, so the cell cannot end well; it is told, runs once, and the next one works."""
    profile, credential = WAYS[way]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    first = start_box(profile, tmp_path, "--no-rate-limits", "--port", port)
    box = next(first)
    short_id = box.new_notebook()
    with running_kernel(connected(box, short_id, credential)) as kernel:
        scene = Scene(box, short_id, kernel, way, tmp_path)
        kernel.run("x = 1")
        counted = scene.counted(SLOW)
        cell = kernel.started(counted.code)
        cell.wait_for_text("running")
        next(first, None)
        (tmp_path / "ready.json").unlink()
        second = start_box(profile, tmp_path, "--no-rate-limits", "--port", port)
        scene.box = next(second)
        reply, _ = cell.finish(timeout_s=90)

        assert reply["status"] == "error"
        assert reply["evalue"]
        assert counted.times <= 1
        scene.check_next_cell()
    next(second, None)


def test_a_cell_waits_while_the_project_runs_ten(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    short_id = box.new_notebook()
    box.fail_next(path="sql_v2/run/$", effect="run_never_ends", times=10)
    query = {"node_id": "q", "node_type": "hogql", "code": "SELECT 1"}
    runs = []
    for _ in range(10):
        path = f"/api/projects/1/notebooks/{box.new_notebook()}/sql_v2/"
        runs.append(f"{path}runs/{box.http.post(f'{path}run/', json=query).json()['run_id']}/interrupt/")
    with running_kernel(connected(box, short_id)) as kernel:
        counted = Scene(box, short_id, kernel, "runs", tmp_path).counted("print('at last')")
        cell = kernel.started(counted.code)
        cell.wait_for_text("this project already runs as many cells as PostHog allows")
        before = counted.times
        for run in runs:
            box.http.post(run).raise_for_status()

        reply, outputs = cell.finish()

    assert before == 0
    assert (reply["status"], text_of(outputs), counted.times) == ("ok", "at last\n", 1)


def test_a_kernel_process_that_is_killed_in_a_long_run_loses_nothing(
    boxes: Callable[[str], Box], tmp_path: Path
) -> None:
    box = boxes("cloud")
    short_id = box.new_notebook()
    with running_kernel(connected(box, short_id)) as kernel:
        kernel.run("x = 1")
        counted = Scene(box, short_id, kernel, "runs", tmp_path).counted(
            "import time\ntime.sleep(20)\nprint('outlived')"
        )
        kernel.started(counted.code).wait_for_text("running")
        kernel.kill()
    with running_kernel(connected(box, short_id)) as kernel:
        reply, outputs = kernel.run("%posthog attach")

    assert reply["status"] == "ok", reply
    assert "outlived" in text_of(outputs)
    assert counted.times == 1


def test_a_start_whose_answer_was_lost_is_found_and_not_sent_again(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    code = "print('found')"
    counted = Counted(tmp_path / "marks", f"import time\ntime.sleep(2)\n{code}")
    short_id = box.new_markdown("# Lost")
    with running_kernel(connected(box, short_id)) as kernel:
        kernel.run("x = 1")
        box.fail_next(method="POST", path=f"{short_id}/sql_v2/run/$", cut_after=3)

        reply, _ = kernel.run(counted.code)
        kernel.run("print('next')")

    assert counted.times == 1
    assert reply["status"] == "ok" or "may still be running there" in reply["evalue"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os, time; os.write(1, b'\\xff\\xfe ok'); time.sleep(0.5)", ""),
        ("print('a\\0b')", "a"),
        ("print('\\ud83d half')", ""),
        ("for _ in range(3): print('x' * 1_000_000)", "x"),
    ],
    ids=["invalid utf-8", "nul", "half a character", "megabytes"],
)
def test_what_no_client_can_show_keeps_the_kernel_alive(scene: Scene, code: str, words: str) -> None:
    _, outputs = scene.kernel.run(code)

    text = text_of(outputs)
    assert words in text
    assert len(text) < 1_100_000
    assert "\0" not in text
    text.encode()
    scene.check_next_cell()


def test_an_image_of_megabytes_comes_through_or_is_said_to_be_cut(scene: Scene) -> None:
    code = "import numpy, matplotlib.pyplot as plt\nplt.imsave('noise.png', numpy.random.rand(900, 900, 3))\n"
    show = "from IPython.display import Image, display\ndisplay(Image('noise.png'))\nprint('after')"

    reply, outputs = scene.kernel.run(code + show)

    assert reply["status"] == "ok"
    assert "after" in text_of(outputs)
    images = [len(output["data"]["image/png"]) for output in outputs if "image/png" in output.get("data", {})]
    assert scene.way == "runs" or images[0] > 2_000_000
    scene.check_next_cell()


def test_input_is_refused_in_one_sentence(scene: Scene) -> None:
    reply, _ = scene.kernel.run("input('name? ')")

    assert reply["status"] == "error"
    assert "input() does not work here" in reply["evalue"]
    scene.check_next_cell()


def test_a_full_disk_is_said_once_and_the_cell_goes_on(boxes: Callable[[str], Box], tmp_path: Path) -> None:
    box = boxes("cloud")
    blocked = tmp_path / "data"
    (blocked / "posthog").mkdir(parents=True)
    (blocked / "posthog" / "runs").write_text("no folder")
    with running_kernel(connected(box, box.new_notebook()) | {"JUPYTER_DATA_DIR": str(blocked)}) as kernel:
        first, shown = kernel.run("print('one')")
        _, then = kernel.run("print('two')")

    assert first["status"] == "ok"
    assert "could not be noted" in text_of(shown)
    assert text_of(then) == "two\n"
