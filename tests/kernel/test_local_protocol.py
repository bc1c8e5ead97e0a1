"""Jupyter's own test of kernels, in full, for the local kernel; no PostHog is needed for it."""

from __future__ import annotations

from collections.abc import Iterator

import jupyter_kernel_test
import pytest

from tests.kernel.local_kernelspec import put_kernelspec


@pytest.fixture(scope="module", autouse=True)
def _kernelspec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", put_kernelspec(tmp_path_factory.mktemp("share")))
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        yield


class LocalKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "posthog-local"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('oops', file=sys.stderr)"
    code_execute_result = [  # noqa: RUF012  # jupyter_kernel_test's own attribute
        {"code": "1+2+3", "result": "6"},
        {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"},
    ]
    code_generate_error = "1/0"
    code_page_something = "print?"
    code_clear_output = "from IPython.display import clear_output; clear_output()"
    code_display_data = [  # noqa: RUF012
        {"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"},
    ]
    completion_samples = [  # noqa: RUF012
        {"text": "zi", "matches": {"zip"}},
        {"text": "%%hog", "matches": {"%%hogql"}},
        {"text": "%post", "matches": {"%posthog"}},
    ]
    complete_code_samples = ["1", "print('hello')", "%%hogql -\nSELECT 1\n\n"]  # noqa: RUF012
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x*2"]  # noqa: RUF012
    invalid_code_samples = ["import = 7q"]  # noqa: RUF012
    code_inspect_sample = "zip"
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "search")  # as ipykernel's own test: it gives no range of this session
