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
    loaded = modules_after(
        "from jupyter_server.serverapp import ServerApp\n"
        "import sys; before = set(sys.modules)\n"
        "import jupyter_posthog\n"
        "app = jupyter_posthog._jupyter_server_extension_points()[0]['app']()\n"
        "from jupyter_posthog.handlers.routing import HANDLERS\n"
        "for name in before: sys.modules.pop(name, None) if name == 'never' else None\n"
        "sys.modules = {name: module for name, module in sys.modules.items() if name not in before}"
    )

    assert heavy not in loaded
