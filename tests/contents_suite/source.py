"""jupyter_server's own tests, from the sdist that `make .make/contents-suite` unpacks: never copied into this repository."""

from __future__ import annotations

import ast
import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = "jupyter_server_suite"


def suite_folder() -> Path:
    """Return the folder `tests` of the sdist; JUPYTER_SERVER_SUITE may name another one than ours."""
    folder = Path(os.environ.get("JUPYTER_SERVER_SUITE", ROOT / ".make" / "contents-suite")) / "tests"
    if not (folder / "services" / "contents" / "test_api.py").is_file():
        raise FileNotFoundError(f"jupyter_server's own tests are not in {folder}. Run `make .make/contents-suite`.")
    return folder


def names_of_suite(folder: Path) -> list[tuple[str, str]]:
    """Return the folders and names that the suite fills a server with: `dirs` in its conftest."""
    tree = ast.parse((folder / "conftest.py").read_text(encoding="utf-8"))
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "dirs":
            names: list[tuple[str, str]] = ast.literal_eval(statement.value)
            return names
    raise LookupError("The suite has no `dirs` any more: the adapter has to learn what it uses now.")


def load_suite(folder: Path) -> ModuleType:
    """Import the suite's module for the REST protocol under a name of its own: both our tests are called `tests`."""
    package: Any = ModuleType(PACKAGE)
    package.__path__ = [str(folder)]
    own = sys.modules.get("tests.conftest")
    stand_in: Any = ModuleType("tests.conftest")
    stand_in.dirs = names_of_suite(folder)
    pytest.register_assert_rewrite(PACKAGE)
    sys.modules[PACKAGE] = package
    sys.modules["tests.conftest"] = stand_in
    try:
        return import_module(f"{PACKAGE}.services.contents.test_api")
    finally:
        if own is None:
            del sys.modules["tests.conftest"]
        else:
            sys.modules["tests.conftest"] = own
