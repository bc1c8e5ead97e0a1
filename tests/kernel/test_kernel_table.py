"""Each row of docs/kernels.md, with a real kernel: what a credential gets on each kind of server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.box_fixture import Box
from tests.kernel.kernel_table import CREDENTIALS, PAGE, PROFILES, Row, read_row, with_table
from tests.kernel.running import RunningKernel, connected, running_kernel, text_of

_WAYS = {
    "print as they go": "kernel, streamed",
    "run as PostHog runs": "runs",
    "appears when they end": "kernel, at the end",
    "Only HogQL": "queries only",
}


@pytest.fixture(scope="module")
def rows(request: pytest.FixtureRequest) -> Iterator[dict[tuple[str, str], Row]]:
    """Gather what was seen; write the page where that was asked for."""
    rows: dict[tuple[str, str], Row] = {}
    yield rows
    if request.config.getoption("--update-mirrors") and len(rows) == len(PROFILES) * len(CREDENTIALS):
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")


def outcome(kernel: RunningKernel, code: str, expected: str) -> str:
    reply, outputs = kernel.run(code)
    if reply["status"] == "ok":
        assert expected in text_of(outputs)
        return "yes"
    return f"no: {reply['evalue']}"


def stop_of(kernel: RunningKernel) -> str:
    cell = kernel.started("import time\ntime.sleep(8)")
    cell.wait_for(lambda message: message["header"]["msg_type"] == "execute_input")
    cell.wait_for_text("running")
    kernel.interrupt()
    reply, _ = cell.finish(timeout_s=5)
    return "goes on in PostHog" if "still be running" in reply["evalue"] else "stops it"


def completion_of(kernel: RunningKernel) -> str:
    code = "completed_name = 1"
    has_python = kernel.run(code)[0]["status"] == "ok"
    kernel.client.complete("completed_na")
    reply = kernel.client.get_shell_msg(timeout=30)
    while reply["header"]["msg_type"] != "complete_reply":
        reply = kernel.client.get_shell_msg(timeout=30)
    is_remote = "completed_name" in reply["content"]["matches"]
    return "PostHog's kernel" if has_python and is_remote else "known here"


def restart_of(kernel: RunningKernel) -> str:
    reply, outputs = kernel.run("%posthog restart")
    assert reply["status"] == "ok"
    return "yes" if "was restarted" in text_of(outputs) else "no, variables stay"


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("profile", PROFILES)
def test_the_page_says_what_each_credential_gets(
    boxes: Callable[[str], Box],
    rows: dict[tuple[str, str], Row],
    request: pytest.FixtureRequest,
    profile: str,
    credential: str,
) -> None:
    box = boxes(profile)
    with running_kernel(connected(box, box.new_notebook(), credential)) as kernel:
        status = text_of(kernel.run("%posthog status")[1])
        python = outcome(kernel, "print('seen')", "seen")
        row = Row(
            way=next(name for words, name in _WAYS.items() if words in status),
            python=python,
            hogql=outcome(kernel, "%%hogql -\nSELECT 41 + 1 AS answer", "42"),
            completion=completion_of(kernel),
            stop=stop_of(kernel) if python == "yes" else "–",
            restart=restart_of(kernel),
        )

    rows[profile, credential] = row
    if not request.config.getoption("--update-mirrors"):
        assert row == read_row(PAGE.read_text(encoding="utf-8"), profile, credential)
