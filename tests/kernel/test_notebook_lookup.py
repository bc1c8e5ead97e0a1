"""Which notebook a kernel belongs to, by what the server that started it knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_posthog.kernel.notebook_lookup import find_drive_path, find_server

KERNEL = "0191c3e0-0000-7000-8000-00000000aaaa"


@pytest.fixture
def session_at(jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the server answer that a page has the kernel in a session with this path."""

    def at(path: str) -> None:
        async def sessions() -> list[dict[str, Any]]:
            return [{"id": "s", "path": path, "name": "", "type": "notebook", "kernel": {"id": KERNEL}}]

        monkeypatch.setattr(jp_serverapp.session_manager, "list_sessions", sessions)

    return at


@pytest.fixture
def runtime(jp_serverapp: Any, http_server: Any, http_server_port: Any, jp_base_url: str, tmp_path: Path) -> Path:
    """A runtime folder in which the server has told of itself, as it does when it starts by itself."""
    url = f"http://127.0.0.1:{http_server_port[-1]}{jp_base_url}"
    (tmp_path / "jpserver-1.json").write_text(json.dumps(jp_serverapp.server_info() | {"url": url}))
    return tmp_path


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("posthog:env/1/Weekly [aB3dE5gH].ipynb", "env/1/Weekly [aB3dE5gH].ipynb"),
        # As JupyterLab 4.4 tells it.
        ("env/1/Weekly [aB3dE5gH].ipynb", "env/1/Weekly [aB3dE5gH].ipynb"),
        ("Weekly.ipynb", None),
        ("env/notes/Weekly.ipynb", None),
        ("console-1-abc", None),
    ],
)
async def test_a_session_names_a_notebook_of_the_drive(
    session_at: Callable[[str], None], runtime: Path, path: str, found: str | None
) -> None:
    session_at(path)
    server = find_server({"JPY_PARENT_PID": "1"}, runtime)

    assert server is not None
    assert await find_drive_path(server, KERNEL) == found


async def test_a_local_file_is_not_taken_for_one_of_the_drive(
    session_at: Callable[[str], None], runtime: Path, jp_root_dir: Path
) -> None:
    path = "env/1/Weekly [aB3dE5gH].ipynb"
    (jp_root_dir / "env" / "1").mkdir(parents=True)
    (jp_root_dir / path).write_text("{}")
    session_at(path)
    server = find_server({"JPY_PARENT_PID": "1"}, runtime)

    assert server is not None
    assert await find_drive_path(server, KERNEL) is None
