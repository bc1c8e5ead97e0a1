"""Every command of README and docs is run: in a scratch folder beside a box, or by the test that its block names.

A block of ``sh`` or ``console`` that needs another place says so in front of it:
``<!-- run by: tests/file.py::test_name (why) -->``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.scratch import Scratch, is_server

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
_BLOCK = re.compile(
    r"(?:<!-- run by: (?P<tests>[^>]+?) -->\n+)?^```(?P<kind>\w*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_NAMED = re.compile(r"(tests/[\w/]+\.(?:py|ts))(?:::(\w+))?")
_SHELL = {"sh", "console", "bash", "shell"}


@dataclass(frozen=True)
class Block:
    """One block of commands in a page."""

    page: Path
    number: int
    kind: str
    text: str
    tests: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}-{self.number}"

    @property
    def lines(self) -> str:
        """What a person types: of a console, the lines behind the prompt."""
        if self.kind != "console":
            return self.text
        return "\n".join(re.findall(r"^\$ (.*)$", self.text, re.MULTILINE))


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for number, found in enumerate(_BLOCK.finditer(text), start=1):
            if found["kind"] in _SHELL:
                yield Block(page, number, found["kind"], found["text"], found["tests"] or "")


BLOCKS = list(blocks())
RUN_HERE = [block for block in BLOCKS if not block.tests]
RUN_ELSEWHERE = [block for block in BLOCKS if block.tests]


def test_there_are_commands_in_readme_and_docs() -> None:
    assert {"README.md", "quickstart.md", "headless.md", "backups.md"} <= {block.page.name for block in BLOCKS}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_stand_in_blocks_that_are_run(page: Path) -> None:
    """An indented or unnamed block would hide its commands from these tests."""
    text = page.read_text(encoding="utf-8")

    for found in _BLOCK.finditer(text):
        is_command = re.search(r"^(\$ )?(jupyter|make|pip|docker) ", found["text"], re.MULTILINE)
        assert found["kind"] in _SHELL | {"dockerfile", "yaml", "python"} or not is_command, found["text"]
    assert not re.search(r"^ {4}(\$ )?(jupyter|make|pip) ", _BLOCK.sub("", text), re.MULTILINE)


def without_repeats(found: list[Block]) -> list[Block]:
    """README tells in short what the docs tell at length: equal blocks are run once."""
    return list({block.lines: block for block in reversed(found)}.values())[::-1]


@pytest.mark.parametrize("block", without_repeats(RUN_HERE), ids=str)
def test_commands_run_as_they_stand(scratch: Scratch, block: Block) -> None:
    if is_server(block.lines):
        scratch.serve(block.lines)
        return

    ran = scratch.run(block.lines)

    assert ran.code == 0, f"{block.lines}\n{ran.out}\n{ran.err}"
    assert scratch.box.keys["full"] not in ran.out + ran.err


@pytest.mark.parametrize("block", RUN_ELSEWHERE, ids=str)
def test_the_test_that_a_block_names_is_there(block: Block) -> None:
    named = _NAMED.findall(block.tests)

    assert named
    for file, name in named:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not name or re.search(rf"^(?:async )?def {name}\(", text, re.MULTILINE), f"{file}::{name}"
