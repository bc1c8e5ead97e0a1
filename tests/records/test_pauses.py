"""Waiting times that several processes keep to."""

from __future__ import annotations

import json
from pathlib import Path

from jupyter_posthog.records.pauses import PauseFile


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_one_process_names_a_pause_and_another_keeps_to_it(tmp_path: Path) -> None:
    clock = Clock()
    server, kernel = (PauseFile(tmp_path / "pauses.json", clock=clock) for _ in range(2))
    assert kernel.seconds_left("a") == 0

    server.begin("a", 42)

    assert kernel.seconds_left("a") == 42
    assert kernel.seconds_left("b") == 0
    clock.now += 50
    assert kernel.seconds_left("a") == server.seconds_left("a") == 0


def test_a_pause_is_never_made_shorter(tmp_path: Path) -> None:
    clock = Clock()
    first, second = (PauseFile(tmp_path / "pauses.json", clock=clock) for _ in range(2))
    first.begin("a", 42)

    second.begin("a", 5)

    assert first.seconds_left("a") == 42


def test_a_file_that_is_no_file_of_ours_means_no_pause(tmp_path: Path) -> None:
    file = tmp_path / "pauses.json"
    file.write_text(json.dumps({"a": "soon"}))
    pauses = PauseFile(file, clock=Clock())

    assert pauses.seconds_left("a") == 0
    pauses.begin("a", 3)
    assert pauses.seconds_left("a") == 3


def test_without_a_place_for_the_file_the_process_keeps_to_it_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    pauses = PauseFile(tmp_path / "file" / "pauses.json", clock=Clock())

    pauses.begin("a", 42)

    assert pauses.seconds_left("a") == 42


def test_no_host_and_no_project_stands_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "pauses.json"
    PauseFile(file, clock=Clock()).begin("https://eu.posthog.com 7", 42)

    assert "posthog" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
