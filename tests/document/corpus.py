"""The documents of the corpus, for tests that take each of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import DATA

FILES = sorted((DATA / "documents").glob("*/*.json"))


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def document_of(file: Path) -> Any:
    record = json.loads(file.read_text(encoding="utf-8"))
    return record.get("body", record)["content"]
