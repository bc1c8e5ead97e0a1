"""What a built wheel carries, and what the project declares."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


@pytest.mark.parametrize(
    "ending",
    [
        "share/jupyter/labextensions/jupyter-posthog/package.json",
        "share/jupyter/labextensions/jupyter-posthog/install.json",
        "share/jupyter/kernels/posthog/kernel.json",
        "share/jupyter/kernels/posthog-local/kernel.json",
        "share/jupyter/nbconvert/templates/posthog/conf.json",
        "share/jupyter/nbconvert/templates/posthog/index.html.j2",
        "etc/jupyter/jupyter_server_config.d/jupyter_posthog.json",
        "jupyter_posthog/box/__main__.py",
        "jupyter_posthog/event_schemas/notebook_changed.yaml",
    ],
)
def test_the_wheel_carries_everything_a_user_needs(wheel_names: list[str], ending: str) -> None:
    assert any(name.endswith(ending) for name in wheel_names)


def test_the_wheel_carries_no_tests_and_no_sources_of_the_page(wheel_names: list[str]) -> None:
    assert not [name for name in wheel_names if name.startswith(("tests/", "src/")) or "node_modules" in name]


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("labextension", "jupyter-posthog"),
        ("server", "jupyter_posthog"),
        ("kernelspec", "posthog"),
    ],
)
def test_jupyter_finds_what_is_installed(command: str, word: str) -> None:
    arguments = ["extension", "list"] if command == "server" else ["list"]
    program = str(Path(sys.executable).parent / "jupyter")

    found = subprocess.run([program, command, *arguments], capture_output=True, text=True, check=True)

    assert word in found.stdout + found.stderr


def test_the_kernel_starts_without_the_folder_of_the_notebook_on_its_path() -> None:
    spec = json.loads((ROOT / "kernelspec" / "kernel.json").read_text())

    assert spec["argv"][1] == "-P"
    assert spec["interrupt_mode"] == "message"
