"""The commands as a person runs them, in one process, with what they print."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from jupyter_posthog.cli.main import run
from tests.box_fixture import Box


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Terminal = Callable[..., Ended]


def connect(box: Box, monkeypatch: pytest.MonkeyPatch, project_id: int | None = 1) -> None:
    """Set the variables of a person who is connected."""
    for name, value in box.environment().items():
        monkeypatch.setenv(name, value)
    if project_id != 1:
        monkeypatch.setenv("POSTHOG_PROJECT_ID", str(project_id or ""))


def terminal_of(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return what runs one command."""

    def run_command(*arguments: str) -> Ended:
        capsys.readouterr()
        try:
            code = run(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run_command
