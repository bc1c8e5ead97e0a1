"""Files that the docs tell people to write are understood as the docs say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from jupyter_posthog.settings import load_kernel_options, load_settings

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def blocks(kind: str) -> list[Any]:
    return [
        pytest.param(text, id=f"{page.relative_to(ROOT)}-{number}")
        for page in PAGES
        for number, text in enumerate(
            re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL), start=1
        )
    ]


@pytest.mark.parametrize("text", blocks("toml"))
def test_a_file_of_settings_is_understood(tmp_path: Path, text: str) -> None:
    file = tmp_path / "posthog" / "connections.toml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")

    settings = load_settings({"POSTHOG_PERSONAL_API_KEY": "phx_x"}, [tmp_path], [tmp_path])
    load_kernel_options({}, [tmp_path])

    assert settings.file_errors == ()
    assert ("[policy]" in text) == (settings.policy.allowed_hosts is not None)
    if "[connections.work]" in text:
        assert "work" in settings.connections
    if "add_connections = false" in text:
        assert {feature.value for feature in settings.policy.is_off} == {"add_connections"}


def test_the_authorizer_lets_everybody_read_and_nobody_write() -> None:
    (text,) = [block.values[0] for block in blocks("python") if "Authorizer" in block.values[0]]

    class Config:
        ServerApp = type("ServerApp", (), {})

    exec(compile(text, "jupyter_server_config.py", "exec"), {"c": Config})
    authorizer = Config.ServerApp.authorizer_class()

    assert authorizer.is_authorized(None, None, "read", "posthog")
    assert not authorizer.is_authorized(None, None, "write", "posthog")
    assert not authorizer.is_authorized(None, None, "execute", "posthog")
    assert authorizer.is_authorized(None, None, "write", "contents")


@pytest.mark.parametrize("text", blocks("python"))
def test_python_is_python(text: str) -> None:
    compile(text, "snippet", "exec")
