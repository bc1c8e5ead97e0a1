"""Pages that are made from the code say the same as the code."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generated", DOCS / "generated.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    made: dict[str, str] = generator().pages()
    return made


@pytest.mark.parametrize("name", ["developers/rest.md", "troubleshooting.md", "images/rooms.svg"])
def test_a_page_is_what_the_code_makes(pages: dict[str, str], request: pytest.FixtureRequest, name: str) -> None:
    file = DOCS / name
    if request.config.getoption("--update-mirrors"):
        file.write_text(pages[name], encoding="utf-8")

    assert file.read_text(encoding="utf-8") == pages[name], "python docs/generated.py writes it anew"


def test_every_route_and_every_reason_is_there(pages: dict[str, str]) -> None:
    from jupyter_posthog.api.routes import ROUTES
    from jupyter_posthog.handlers.routing import HANDLERS
    from jupyter_posthog.messages import MESSAGES

    rows = [line for line in pages["developers/rest.md"].splitlines() if line.startswith("| `")]
    assert len(rows) >= len(ROUTES) + len(HANDLERS)
    assert not [row for row in rows if "(?" in row]
    for reason in MESSAGES:
        assert f"\n### {reason}\n" in pages["troubleshooting.md"]
