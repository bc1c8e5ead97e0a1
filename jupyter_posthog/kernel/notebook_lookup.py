"""Finds out which notebook a kernel belongs to (design.md §3, Kernels)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from jupyter_posthog.errors import PosthogError
from jupyter_posthog.storage.paths import NotebookAddress, parse_path

DRIVE_PREFIX = "posthog:"
LOOKUP_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingServer:
    """The Jupyter server that started this kernel, from its own file in Jupyter's runtime directory."""

    url: str
    token: str
    root: Path


def find_server(environment: Mapping[str, str], runtime_dir: Path) -> StartingServer | None:
    """Return the server that started this process, or None under nbclient and the like."""
    file = runtime_dir / f"jpserver-{environment.get('JPY_PARENT_PID', '')}.json"
    try:
        info = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not info.get("url"):
        return None
    return StartingServer(url=info["url"], token=info.get("token", ""), root=Path(info.get("root_dir") or ""))


async def find_drive_path(server: StartingServer, kernel_id: str) -> str | None:
    """Return the drive path of the notebook whose session has this kernel, without the drive's prefix.

    None where the kernel belongs to a local file, to a console, or the server cannot be asked.
    """
    headers = {"Authorization": f"token {server.token}"} if server.token else {}
    request = HTTPRequest(f"{server.url}api/sessions", headers=headers, request_timeout=LOOKUP_TIMEOUT_S)
    try:
        answer = await AsyncHTTPClient().fetch(request)
    except (HTTPClientError, OSError):
        return None
    for session in json.loads(answer.body):
        if (session.get("kernel") or {}).get("id") == kernel_id:
            return _drive_path(str(session.get("path", "")), server.root)
    return None


def _drive_path(path: str, root: Path) -> str | None:
    """Return what a session's path names on the drive; None for a local file.

    Before JupyterLab 4.5 a page tells the path without the drive's prefix, as it would tell a local file's.
    """
    if path.startswith(DRIVE_PREFIX):
        return path.removeprefix(DRIVE_PREFIX)
    try:
        address = parse_path(path)
    except PosthogError:
        return None
    return path if isinstance(address, NotebookAddress) and not (root / path).exists() else None


def kernel_id_of(connection_file: str) -> str:
    """Return the id under which a Jupyter server knows the kernel with this connection file."""
    return Path(connection_file).stem.removeprefix("kernel-")
