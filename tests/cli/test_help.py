"""The help of every command: complete, and its examples run as they stand."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_posthog.box.__main__ import _EXAMPLES as BOX_EXAMPLES
from jupyter_posthog.cli.main import _parser
from tests.cli.terminal import terminal_of
from tests.scratch import Scratch, is_server

COMMANDS = ("demo", "box", "login", "logout", "doctor", "list", "pull", "push", "check", "convert", "run")
#: A command that asks a question answers it with its exit code too.
MAY_SAY_NO = ("check",)


def parsers() -> dict[str, argparse.ArgumentParser]:
    (commands,) = [action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(commands.choices)


def epilog(name: str) -> str:
    return BOX_EXAMPLES if name == "box" else parsers()[name].epilog or ""


def examples() -> Iterator[tuple[str, str]]:
    """Yield each example; what is said about it stands two spaces apart."""
    for name in COMMANDS:
        for line in re.findall(r"^  (jupyter posthog .*)$", epilog(name), re.MULTILINE):
            yield name, re.split(r"\s{2,}", line)[0]


def test_every_command_of_the_design_is_there() -> None:
    assert set(parsers()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples(name: str) -> None:
    assert [command for command, _ in examples() if command == name]


@pytest.mark.parametrize("name", ["list", "pull", "push", "check", "run"])
def test_what_speaks_to_posthog_takes_a_connection_and_a_project(name: str) -> None:
    options = parsers()[name]._option_string_actions

    assert {"--connection", "--project", "--json"} <= set(options)


@pytest.mark.parametrize("name", ["login", "logout", "doctor", "convert"])
def test_what_a_program_reads_comes_as_json(name: str) -> None:
    assert "--json" in parsers()[name]._option_string_actions


@pytest.mark.parametrize(("name", "line"), list(examples()), ids=lambda value: value)
def test_examples_run_as_they_stand(scratch: Scratch, name: str, line: str, tmp_path: Path) -> None:
    if is_server(line):
        scratch.serve(line)
        return
    changes, without = {}, "\0"
    if "--session" in line:
        session = scratch.box.session
        changes = {"POSTHOG_SESSION_COOKIE": session["cookie"], "POSTHOG_CSRF_TOKEN": session["csrf"]}
        without = "POSTHOG_"
    if name == "logout":
        without = "POSTHOG_"
        config = {"JUPYTER_CONFIG_DIR": str(tmp_path)}
        assert scratch.run("jupyter posthog login --region eu --stdin < key.txt", without=without, **config).code == 0
        changes = config

    ran = scratch.run(line, without=without, **changes)

    assert ran.code in ((0, 1) if name in MAY_SAY_NO else (0,)), ran.err
    assert "Traceback" not in ran.err
    assert scratch.box.keys["full"] not in ran.out + ran.err


@pytest.mark.parametrize(
    "arguments", ["nonsense", "list --nonsense", "pull", "run", "convert a", "doctor a --connection b"]
)
def test_wrong_use_is_one_line_that_names_the_help(capsys: pytest.CaptureFixture[str], arguments: str) -> None:
    ended = terminal_of(capsys)(*arguments.split())

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert "--help` shows how it is used." in ended.err
