"""What importing costs: nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("httpx", "stamina", "msgspec", "keyring", "pandas", "chdb", "ipykernel")


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(answer.stdout.split())


def test_importing_the_package_loads_nothing_of_ours_or_others() -> None:
    loaded = modules_after("import jupyter_posthog")

    assert not {name for name in loaded if name.startswith("jupyter_posthog.")}
    assert not loaded & {"traitlets", "tornado", "nbformat", *HEAVY}


@pytest.mark.parametrize("heavy", HEAVY)
def test_loading_the_server_extension_leaves_the_heavy_ones_for_later(heavy: str) -> None:
    before = modules_after("from jupyter_server.serverapp import ServerApp")
    after = modules_after(
        "from jupyter_server.serverapp import ServerApp\n"
        "import jupyter_posthog\n"
        "jupyter_posthog._jupyter_server_extension_points()[0]['app']()"
    )

    assert heavy not in after - before


def test_a_kernel_starts_without_what_only_files_need() -> None:
    """nbformat takes seconds to load where jsonschema checks formats; a kernel has no file to read."""
    assert not modules_after("import jupyter_posthog.kernel.launch") & {
        "nbformat",
        "jsonschema",
        "keyring",
        "jupyter_server",
    }
