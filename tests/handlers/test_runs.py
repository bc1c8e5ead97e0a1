"""A run outlives its kernel: what it gave is in the notebook when that is opened, and in PostHog when it is saved."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.test_contents import Contents
from tests.kernel.running import RunningKernel, connected, running_kernel, text_of

SLOW = "import time\nfor number in range(4):\n    time.sleep(1)\nprint('done', number)"


async def beside(action: Callable[..., Any], *arguments: Any) -> Any:
    """Do something in a thread without this one's context, which holds Jupyter's event loop."""
    return await asyncio.get_running_loop().run_in_executor(None, action, *arguments)


def tag(code: str, node_id: str = "p1", more: str = "") -> str:
    return f'<PythonV2 nodeId="{node_id}" code={json.dumps(code)} returnVariable="df"{more} />'


def die_while_running(box: Box, short_id: str, code: str) -> None:
    """Start a cell, and kill the kernel once PostHog has taken it."""
    with running_kernel(connected(box, short_id)) as kernel:
        kernel.started(code).wait_for_text("running")
        kernel.manager.shutdown_kernel(now=True)


@pytest.fixture
def contents(connected_box: Box, jp_fetch: Any) -> Contents:
    return Contents(jp_fetch)


def run_there(box: Box, short_id: str, code: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with running_kernel(connected(box, short_id)) as kernel:
        return kernel.run(code)


def runs_started(box: Box, short_id: str) -> int:
    path = f"/api/projects/1/notebooks/{short_id}/sql_v2/run/"
    return sum(request["path"] == path for request in box.requests())


def wait_for_posthog(box: Box, short_id: str) -> None:
    """Wait until the only cell of a notebook has run, asking as PostHog's page does."""
    deadline_s, between = time.monotonic() + 60, threading.Event()
    while time.monotonic() < deadline_s:
        cells = box.http.get(f"/api/projects/1/notebooks/{short_id}/sql_v2/state/").json()["cells"]
        if {cell["status"] for cell in cells if cell["cell_type"] == "python"} == {"done"}:
            return
        between.wait(0.2)
    raise AssertionError(cells)


async def test_a_run_whose_kernel_was_killed_is_shown_at_the_next_opening(
    contents: Contents, connected_box: Box
) -> None:
    box, short_id = connected_box, connected_box.new_markdown(f"# Slow\n\n{tag(SLOW)}")
    await beside(die_while_running, box, short_id, SLOW)
    before = runs_started(box, short_id)
    await beside(wait_for_posthog, box, short_id)

    model = await contents.get(f"env/1/{short_id}.ipynb")

    assert text_of(model["content"]["cells"][-1]["outputs"]) == "done 3\n"
    assert runs_started(box, short_id) == before == 1


async def test_saving_stores_the_result_that_the_kernel_noted_and_saving_again_is_nothing(
    contents: Contents, connected_box: Box
) -> None:
    box, short_id = connected_box, connected_box.new_markdown(f"# Sum\n\n{tag('print(40 + 2)')}")
    model = await contents.get(f"env/1/{short_id}.ipynb")
    await beside(run_there, box, short_id, "print(40 + 2)")

    saved = await contents.save(model)
    markdown = box.markdown(short_id)
    again = await contents.get(f"env/1/{short_id}.ipynb")
    writes = box.writes()
    await contents.save(again)

    assert '"stdout":"42\\n"' in markdown
    assert 'runStatus="done"' in markdown
    assert saved["base_version"] == model["base_version"] + 1
    assert text_of(again["content"]["cells"][-1]["outputs"]) == "42\n"
    assert box.writes() == writes


async def test_a_failure_comes_back_at_opening_and_changes_nothing_in_posthog(
    contents: Contents, connected_box: Box
) -> None:
    box, short_id = connected_box, connected_box.new_markdown(f"# No\n\n{tag('1/0')}")
    await beside(run_there, box, short_id, "1/0")
    before = box.markdown(short_id)

    first = await contents.get(f"env/1/{short_id}.ipynb")
    await contents.save(first)
    second = await contents.get(f"env/1/{short_id}.ipynb")

    for model in (first, second):
        assert model["content"]["cells"][-1]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert "ZeroDivisionError" not in box.markdown(short_id)
    assert before.startswith("# No")


async def test_outputs_of_another_source_are_not_shown(contents: Contents, connected_box: Box) -> None:
    box, short_id = connected_box, connected_box.new_markdown(f"# No\n\n{tag('1/0')}")
    await beside(run_there, box, short_id, "1/0")
    text = box.markdown(short_id)
    node = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "m", "markdown": text.replace("1/0", "1/1")}}
    box.edit_elsewhere(short_id, {"type": "doc", "content": [node]})

    model = await contents.get(f"env/1/{short_id}.ipynb")

    assert model["content"]["cells"][-1]["outputs"] == []


async def test_outputs_of_a_local_kernel_come_back_until_they_are_cleared(
    contents: Contents, connected_box: Box
) -> None:
    short_id = connected_box.new_markdown(f"# Local\n\n{tag('1 + 1')}")
    model = await contents.get(f"env/1/{short_id}.ipynb")
    model["content"]["metadata"]["kernelspec"] = {"name": "posthog-local", "display_name": "Local"}
    shown = {"output_type": "display_data", "data": {"text/html": "<b>two</b>"}, "metadata": {}}
    model["content"]["cells"][-1] |= {"outputs": [shown], "execution_count": 3}
    before = connected_box.markdown(short_id)

    await contents.save(model)
    again = await contents.get(f"env/1/{short_id}.ipynb")
    cleared = again["content"]["cells"][-1] | {"outputs": []}
    again["content"]["cells"][-1] = cleared
    await contents.save(again)
    empty = await contents.get(f"env/1/{short_id}.ipynb")

    assert again["content"]["cells"][-1]["source"] == "1 + 1"
    assert empty["content"]["cells"][-1]["outputs"] == []
    assert connected_box.markdown(short_id) == before


async def test_outputs_of_a_local_kernel_are_shown_at_opening(contents: Contents, connected_box: Box) -> None:
    short_id = connected_box.new_markdown(f"# Local\n\n{tag('1 + 1')}")
    model = await contents.get(f"env/1/{short_id}.ipynb")
    model["content"]["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python"}
    shown = {"output_type": "display_data", "data": {"text/html": "<b>two</b>"}, "metadata": {}}
    model["content"]["cells"][-1] |= {"outputs": [shown], "execution_count": 3}
    await contents.save(model)

    again = await contents.get(f"env/1/{short_id}.ipynb")

    assert again["content"]["cells"][-1]["outputs"] == [shown]


async def test_a_run_that_posthog_knows_and_the_document_does_not_is_asked_for_once(
    contents: Contents, connected_box: Box
) -> None:
    box, short_id = connected_box, connected_box.new_markdown("# Elsewhere")
    body = {"node_id": "p9", "node_type": "python", "code": "print('elsewhere')", "output_name": ""}
    run_id = box.http.post(f"/api/projects/1/notebooks/{short_id}/sql_v2/run/", json=body).json()["run_id"]
    path = f"/api/projects/1/notebooks/{short_id}/sql_v2/runs/{run_id}/"
    while box.http.get(path).json()["status"] == "running":
        pass
    cell = tag("print('elsewhere')", "p9", f' runId="{run_id}"')
    node = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "m", "markdown": f"# Elsewhere\n\n{cell}"}}
    box.edit_elsewhere(short_id, {"type": "doc", "content": [node]})
    before = sum(request["path"] == path for request in box.requests())

    models = [await contents.get(f"env/1/{short_id}.ipynb") for _ in range(2)]
    writes = box.writes()
    await contents.save(models[1])

    assert [text_of(model["content"]["cells"][-1]["outputs"]) for model in models] == ["elsewhere\n", "elsewhere\n"]
    assert sum(request["path"] == path for request in box.requests()) == before + 1
    assert box.writes() == writes


async def test_the_page_lists_runs_and_attaches_to_them(jp_fetch: Any, connected_box: Box) -> None:
    box, short_id = connected_box, connected_box.new_markdown(f"# Slow\n\n{tag(SLOW)}")
    await beside(die_while_running, box, short_id, SLOW)
    address = ("posthog", "runs", "env", "1", f"{short_id}.ipynb")

    listed = json.loads((await jp_fetch(*address)).body)["runs"]
    await beside(wait_for_posthog, box, short_id)
    attached = json.loads((await jp_fetch(*address, "attach", method="POST", body="{}")).body)["runs"]

    assert [run["status"] for run in listed] == ["running"]
    assert [run["status"] for run in attached] == ["done"]
    assert text_of(attached[0]["outputs"]) == "done 3\n"


def attach(kernel: RunningKernel) -> str:
    reply, outputs = kernel.run("%posthog attach")
    assert reply["status"] == "ok"
    return text_of(outputs)


def test_attach_in_a_new_kernel_shows_the_output_and_runs_nothing_again(box: Box) -> None:
    short_id = box.new_markdown(f"# Slow\n\n{tag(SLOW)}")
    die_while_running(box, short_id, SLOW)

    with running_kernel(connected(box, short_id)) as kernel:
        text = attach(kernel)

    assert text.endswith("done 3\n")
    assert runs_started(box, short_id) == 1
