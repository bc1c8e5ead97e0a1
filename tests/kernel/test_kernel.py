"""The wrapper kernel as any Jupyter client meets it: real process, real messages, the box behind it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tests.box_fixture import Box

TIMEOUT_S = 60


class RunningKernel:
    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client

    def run(self, code: str, cell_id: str | None = None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Run one cell; return the reply's content and the outputs."""
        outputs: list[dict[str, Any]] = []

        def collect(message: dict[str, Any]) -> None:
            kind = message["header"]["msg_type"]
            if kind == "clear_output":
                outputs.clear()
            elif kind in {"stream", "display_data", "execute_result", "error"}:
                outputs.append({"output_type": kind, **message["content"]})

        reply = self.client.execute_interactive(code, timeout=TIMEOUT_S, output_hook=collect)
        return reply["content"], outputs


def text_of(outputs: list[dict[str, Any]]) -> str:
    return "".join(output.get("text", "") or str(output.get("data", {}).get("text/plain", "")) for output in outputs)


def start_kernel(environment: dict[str, str]) -> Iterator[RunningKernel]:
    manager = KernelManager(kernel_name="posthog")
    manager.start_kernel(env={**os.environ, **environment})
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=TIMEOUT_S)
    try:
        yield RunningKernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)


@pytest.fixture(params=["cloud", "legacy"])
def kernel(request: pytest.FixtureRequest, boxes) -> Iterator[RunningKernel]:
    box: Box = boxes(request.param)
    yield from start_kernel(box.environment() | {"POSTHOG_NOTEBOOK": box.new_notebook()})


def test_text_and_value_come_back(kernel: RunningKernel) -> None:
    reply, outputs = kernel.run("print('hi')\nimport pandas as pd\npd.DataFrame({'n': [1, 2]})")

    assert reply["status"] == "ok"
    assert outputs[0] == {"output_type": "stream", "name": "stdout", "text": "hi\n"}
    assert "text/html" in outputs[-1]["data"]


def test_variables_live_from_cell_to_cell(kernel: RunningKernel) -> None:
    kernel.run("secret_number = 41")

    _, outputs = kernel.run("print(secret_number + 1)")

    assert text_of(outputs) == "42\n"


def test_a_query_is_a_frame_for_the_next_cell(kernel: RunningKernel) -> None:
    _, shown = kernel.run(
        "%%hogql counts\nSELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC LIMIT 3"
    )
    _, outputs = kernel.run("print(len(counts), list(counts.columns))")

    assert "application/vnd.posthog.dataframe+json" in shown[-1]["data"]
    assert text_of(outputs) == "3 ['event', 'n']\n"


def test_an_error_has_its_name_and_the_kernel_goes_on(kernel: RunningKernel) -> None:
    reply, outputs = kernel.run("1/0")

    assert reply["status"] == "error"
    assert reply["ename"] == "ZeroDivisionError"
    assert outputs[-1]["output_type"] == "error"
    assert kernel.run("print('alive')")[0]["status"] == "ok"


def test_a_plot_is_an_image(kernel: RunningKernel) -> None:
    _, outputs = kernel.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")

    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_interrupt_gives_control_back_and_the_next_cell_runs(kernel: RunningKernel) -> None:
    kernel.run("x = 1")
    request_id = kernel.client.execute("import time\ntime.sleep(60)")
    while kernel.client.get_iopub_msg(timeout=TIMEOUT_S)["header"]["msg_type"] != "execute_input":
        pass
    kernel.manager.interrupt_kernel()

    reply = kernel.client.get_shell_msg(timeout=10)

    assert reply["parent_header"]["msg_id"] == request_id
    assert reply["content"]["ename"] == "KeyboardInterrupt"


def test_shutting_down_leaves_the_remote_kernel_running(boxes) -> None:
    box: Box = boxes("cloud")
    short_id = box.new_notebook()
    environment = box.environment() | {"POSTHOG_NOTEBOOK": short_id}
    for first in start_kernel(environment):
        first.run("kept = 'still here'")

    for second in start_kernel(environment):
        _, outputs = second.run("print(kept)")

    assert text_of(outputs) == "still here\n"


def test_without_a_notebook_the_kernel_says_that_it_uses_the_scratchpad(boxes) -> None:
    box: Box = boxes("cloud")
    for kernel in start_kernel(box.environment()):
        _, first = kernel.run("print('a')")
        _, second = kernel.run("print('b')")

    assert "scratchpad" in text_of(first)
    assert text_of(second) == "b\n"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"POSTHOG_PERSONAL_API_KEY": "phx_" + "wrong" * 4}, "does not know this key"),
        ({"POSTHOG_HOST": "http://127.0.0.1:9"}, "does not answer"),
        ({"POSTHOG_NOTEBOOK": "noSuchOne"}, "no such notebook"),
        ({"POSTHOG_PERSONAL_API_KEY": "phc_abcdefgh"}, "not a personal API key"),
    ],
)
def test_what_is_wrong_is_one_sentence_in_the_cell(boxes, environment: dict[str, str], words: str) -> None:
    box: Box = boxes("cloud")
    given = box.environment() | {"POSTHOG_NOTEBOOK": box.new_notebook()} | environment
    for kernel in start_kernel(given):
        reply, outputs = kernel.run("print(1)")

    assert reply["status"] == "error"
    assert words in reply["evalue"]
    assert len(outputs) == 1
    assert len(outputs[0]["traceback"]) == 1


@pytest.mark.parametrize(
    ("profile", "path", "detail"),
    [
        ("cloud", "/sql_v2/run/$", "Failed to start run."),
        ("legacy", "/kernel/execute/stream/$", "Failed to execute notebook code."),
    ],
)
def test_a_kernel_that_cannot_start_is_one_sentence_and_the_next_cell_runs(
    boxes, profile: str, path: str, detail: str
) -> None:
    box: Box = boxes(profile)
    for kernel in start_kernel(box.environment() | {"POSTHOG_NOTEBOOK": box.new_notebook()}):
        kernel.run("print('up')")
        box.fail_next(method="POST", path=path, status=503, body={"detail": detail})
        reply, outputs = kernel.run("print('not run')")
        again, _ = kernel.run("print('back')")

    assert reply["ename"] == "KernelUnavailableError"
    assert "could not start or reach its kernel" in reply["evalue"]
    assert detail in outputs[-1]["traceback"][0]
    assert again["status"] == "ok"
