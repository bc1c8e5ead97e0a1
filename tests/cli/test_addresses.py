"""A notebook's address in PostHog can stand wherever its short_id can."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from jupyter_posthog.cli.main import run
from tests.box_fixture import Box


@pytest.fixture
def connected(box: Box, monkeypatch: pytest.MonkeyPatch) -> Box:
    for name, value in box.environment().items():
        monkeypatch.setenv(name, value)
    return box


def test_pull_takes_an_address_from_the_browser(
    connected: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short_id = connected.new_markdown("# One")

    code = run(["pull", f"{connected.url}/project/1/notebooks/{short_id}#node=x", str(tmp_path / "a.ipynb"), "--json"])

    assert code == 0
    assert json.loads(capsys.readouterr().out)["short_id"] == short_id


def test_check_takes_an_address_too(connected: Box, capsys: pytest.CaptureFixture[str]) -> None:
    short_id = connected.new_markdown("# One")

    assert run(["check", f"{connected.url}/project/1/notebooks/{short_id}#a.md"]) == 0
    assert f"env/1/{short_id}" in capsys.readouterr().out


def test_an_address_of_another_posthog_meets_no_key(
    connected: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(connected.requests())

    assert run(["pull", "https://eu.posthog.com/project/1/notebooks/abc", str(tmp_path / "a.ipynb")]) == 1
    assert "belongs to https://eu.posthog.com, which is not the connected PostHog" in capsys.readouterr().err
    assert len(connected.requests()) == before


def test_an_address_finds_its_connection_among_several(
    connected: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(connected.keys["full"] + "\n"))
    assert run(["login", "--host", connected.url, "--stdin", "--name", "stored"]) == 0
    monkeypatch.setenv("POSTHOG_HOST", "https://eu.posthog.com")
    short_id = connected.new_markdown("# One")
    capsys.readouterr()

    assert run(["check", f"{connected.url}/project/1/notebooks/{short_id}"]) == 0
    assert f"stored/1/{short_id}" in capsys.readouterr().out


def test_what_is_no_notebook_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(["pull", "https://eu.posthog.com/insights/abc", "a.ipynb"])

    assert caught.value.code == 2
    assert "neither a notebook's short id nor its address" in capsys.readouterr().err
