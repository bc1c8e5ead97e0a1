"""The local kernel: HogQL over the query endpoint, DuckDB and Python here, and the key nowhere in sight."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from tests.box_fixture import Box
from tests.kernel.local_kernelspec import put_kernelspec
from tests.kernel.test_kernel import TIMEOUT_S, RunningKernel, text_of

FRAME = "application/vnd.posthog.dataframe+json"
COUNTS = "SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC"


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> str:
    return put_kernelspec(tmp_path_factory.mktemp("share"))


def start_local(environment: dict[str, str], share: str) -> Iterator[RunningKernel]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", share)
        manager = KernelManager(kernel_name="posthog-local")
        manager.start_kernel(env={**os.environ, **environment})
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=TIMEOUT_S)
    try:
        yield RunningKernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)


@pytest.fixture(scope="module")
def key_box(boxes: Callable[[str], Box]) -> Box:
    return boxes("flag-off")


@pytest.fixture(scope="module")
def kernel(key_box: Box, share: str) -> Iterator[RunningKernel]:
    short_id = key_box.new_notebook()
    variables = [{"name": "wanted", "type": "string", "value": "$pageview"}]
    key_box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"variables": variables}).raise_for_status()
    yield from start_local(key_box.environment() | {"POSTHOG_NOTEBOOK": short_id}, share)


def frame(kernel: RunningKernel, source: str) -> dict[str, Any]:
    reply, outputs = kernel.run(source)
    assert reply["status"] == "ok", reply
    data: dict[str, Any] = outputs[-1]["data"][FRAME]
    return data


def test_a_query_is_a_pandas_frame_for_the_next_cell(kernel: RunningKernel) -> None:
    shown = frame(kernel, f"%%hogql counts\n{COUNTS} LIMIT 3")

    _, printed = kernel.run("print(type(counts).__name__, len(counts), list(counts.columns))")

    assert (shown["name"], shown["row_count"]) == ("counts", 3)
    assert text_of(printed) == "DataFrame 3 ['event', 'n']\n"


def test_moments_are_moments(kernel: RunningKernel) -> None:
    kernel.run("%%hogql times\nSELECT timestamp FROM events LIMIT 3")

    _, printed = kernel.run("print(times['timestamp'].dtype.kind)")

    assert text_of(printed) == "M\n"


def test_later_queries_and_duckdb_read_it(kernel: RunningKernel) -> None:
    frame(kernel, f"%%hogql counts\n{COUNTS} LIMIT 3")

    total = frame(kernel, "%%hogql\nSELECT sum(n) AS total FROM counts")
    duck = frame(kernel, "%%duckdb top\nSELECT max(n) AS n FROM counts")
    mixed = frame(kernel, "%%hogql -\nSELECT n FROM top")
    _, printed = kernel.run("print(int(sql_df['total'][0]) == int(counts['n'].sum()), len(top))")

    assert (total["name"], duck["name"], mixed["name"]) == ("sql_df", "top", None)
    assert mixed["rows"] == duck["rows"]
    assert text_of(printed) == "True 1\n"


@pytest.mark.parametrize("change", ["counts = counts.head(1)", "counts['share'] = 1.0"])
def test_a_frame_that_python_changed_is_read_here(kernel: RunningKernel, change: str) -> None:
    frame(kernel, f"%%hogql counts\n{COUNTS} LIMIT 3")
    kernel.run(change)
    before = len([one for one in kernel_requests(kernel) if one.endswith("/query/")])

    found = frame(kernel, "%%hogql -\nSELECT count(*) AS n FROM counts")

    assert found["rows"] == [[1 if "head" in change else 3]]
    assert len([one for one in kernel_requests(kernel) if one.endswith("/query/")]) == before


def kernel_requests(kernel: RunningKernel) -> list[str]:
    box: Box = kernel.box  # type: ignore[attr-defined]  # set below
    return [request["path"] for request in box.requests()]


@pytest.fixture(autouse=True)
def _box_of(kernel: RunningKernel, key_box: Box) -> None:
    kernel.box = key_box  # type: ignore[attr-defined]


def test_globals_go_before_the_notebooks_variables(kernel: RunningKernel) -> None:
    query = "%%hogql -\nSELECT {wanted} AS wanted, '{wanted}' AS text"

    from_notebook = frame(kernel, query)
    kernel.run("wanted = 'mine'")
    from_python = frame(kernel, query)
    duck = frame(kernel, "%%duckdb -\nSELECT {wanted} AS wanted")
    kernel.run("del wanted")

    assert from_notebook["rows"] == [["$pageview", "{wanted}"]]
    assert from_python["rows"] == [["mine", "{wanted}"]]
    assert duck["rows"] == [["mine"]]


def test_posthog_answers_here_too(kernel: RunningKernel, key_box: Box) -> None:
    frame(kernel, f"%%hogql counts\n{COUNTS} LIMIT 3")

    _, status = kernel.run("%posthog")
    _, frames = kernel.run("%posthog frames")
    reply, _ = kernel.run("%posthog nonsense")

    assert key_box.url in text_of(status)
    assert "counts" in frames[-1]["data"]["text/plain"]
    assert reply["ename"] == "MagicNotUnderstoodError"
    assert "knows status, notebook, frames, pull" in reply["evalue"]


@pytest.mark.parametrize(
    ("source", "name", "words"),
    [
        ("%%hogql --what\nSELECT 1", "MagicNotUnderstoodError", "not --what"),
        ("%%hogql -\nSELECT nonsense_name FROM events", "QueryRefusedError", "nonsense_name"),
        ("%posthog pull nothing", "FrameNotReadError", "no frame named nothing"),
        ("%posthog pull counts /tmp/x.parquet", "FrameFileError", "only files in the working folder"),
    ],
)
def test_what_goes_wrong_is_one_sentence(kernel: RunningKernel, source: str, name: str, words: str) -> None:
    reply, outputs = kernel.run(source)

    assert reply["ename"] == name
    assert len(outputs) == 1
    assert len(outputs[0]["traceback"]) == 1
    assert words in outputs[0]["traceback"][0]


def test_a_query_that_is_interrupted_is_cancelled_and_the_next_one_runs(kernel: RunningKernel, key_box: Box) -> None:
    slow = "SELECT count() FROM events a CROSS JOIN events b CROSS JOIN events c"
    request_id = kernel.client.execute(f"%%hogql -\n{slow}")
    deadline_s = time.monotonic() + TIMEOUT_S
    while not any(request["method"] == "GET" and "/query/" in request["path"] for request in key_box.requests()[-3:]):
        assert time.monotonic() < deadline_s
    kernel.manager.interrupt_kernel()

    reply = kernel.client.get_shell_msg(timeout=10)

    assert reply["parent_header"]["msg_id"] == request_id
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    while not any(request["method"] == "DELETE" for request in key_box.requests()[-5:]):
        assert time.monotonic() < deadline_s, "the query was not cancelled"
    assert frame(kernel, "%%hogql -\nSELECT 1 AS one")["rows"] == [[1]]


def test_the_key_is_in_no_name_no_history_and_no_text_of_the_shell(kernel: RunningKernel, key_box: Box) -> None:
    frame(kernel, "%%hogql -\nSELECT 1 AS one")

    _, printed = kernel.run(
        "import gc\n"
        "ip = get_ipython()\n"
        "seen = [repr(value) for value in ip.user_ns.values()] + [repr(vars(ip).get('magics_manager'))]\n"
        "seen += [repr(magic) for kind in ip.magics_manager.magics.values() for magic in kind.values()]\n"
        "seen += [text for _, _, text in ip.history_manager.get_range()]\n"
        "print(len(seen) > 50, '\\n'.join(seen).count('phx' + '_'))"
    )

    assert text_of(printed) == "True 0\n"


def test_without_a_connection_python_runs_and_queries_say_what_to_do(share: str) -> None:
    for running in start_local({}, share):
        _, printed = running.run("print(1 + 1)")
        reply, _ = running.run("%%hogql -\nSELECT 1")
        duck = frame(running, "%%duckdb -\nSELECT 2 AS two")

    assert text_of(printed) == "2\n"
    assert reply["ename"] == "NotConnectedError"
    assert "jupyter posthog login" in reply["evalue"]
    assert duck["rows"] == [[2]]


@pytest.mark.parametrize("missing", ["pandas", "duckdb"])
def test_a_missing_package_is_one_sentence_before_anything_is_sent(
    key_box: Box, share: str, tmp_path: Path, missing: str
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(f"import sys\nsys.modules[{missing!r}] = None\n")
    path = os.pathsep.join([str(hidden), os.environ.get("PYTHONPATH", "")])
    source = "%%hogql counts\nSELECT 1" if missing == "pandas" else "%%duckdb -\nSELECT 1"
    before = len(key_box.requests())
    for running in start_local(key_box.environment() | {"PYTHONPATH": path}, share):
        reply, _ = running.run(source)

    assert reply["ename"] == "PackageMissingError"
    assert f"pip install {missing}" in reply["evalue"]
    assert len(key_box.requests()) == before


def test_the_magics_load_in_any_ipython_kernel(key_box: Box) -> None:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env={**os.environ, **key_box.environment()})
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=TIMEOUT_S)
    running = RunningKernel(manager, client)
    try:
        running.run("%load_ext jupyter_posthog")
        found = frame(running, "%%hogql -\nSELECT 1 AS one")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    assert found["rows"] == [[1]]
