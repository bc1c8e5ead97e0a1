"""A notebook as a file to keep, in each of its formats."""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import unquote

import nbformat
import pytest
from tornado.httpclient import HTTPClientError

from tests.box_fixture import Box

PYTHON = '<PythonV2 nodeId="p1" code="print(1)" returnVariable="df" />'
SQL = '<SQLV2 nodeId="s1" code="SELECT 1" returnVariable="one" />'
RECORDING = '<Recording nodeId="r1" id="0191c3e0" />'
TEXT = f"# Weekly funnel\n\nNumbers.\n\n{PYTHON}\n\n{SQL}\n\n{RECORDING}\n"
RICH = {
    "type": "doc",
    "content": [
        {"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "Plan"}]},
        {"type": "paragraph", "content": [{"type": "text", "text": "Rich text"}]},
    ],
}


async def export(jp_fetch: Any, short_id: str, format: str = "") -> tuple[str, str, str]:
    """Return the text, its media type and the name of the file."""
    params = {"format": format} if format else {}
    answer = await jp_fetch("posthog", "files", "env", "1", f"{short_id}.ipynb", params=params)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    plain, _, name = answer.headers["Content-Disposition"].partition("filename*=UTF-8''")
    assert plain.startswith(f'attachment; filename="{short_id}.')
    return answer.body.decode(), answer.headers["Content-Type"], unquote(name)


async def test_an_ipynb_is_a_valid_notebook(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT, title="Weekly funnel")

    text, media_type, name = await export(jp_fetch, short_id)

    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert (media_type, name) == ("application/x-ipynb+json", f"Weekly funnel [{short_id}].ipynb")
    assert [cell["cell_type"] for cell in notebook["cells"]] == ["markdown", "code", "code", "raw"]


async def test_markdown_is_posthogs_own_text(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT, title="Weekly funnel")

    text, media_type, name = await export(jp_fetch, short_id, "markdown")

    assert text == connected_box.markdown(short_id)
    assert (media_type, name) == ("text/markdown; charset=utf-8", f"Weekly funnel [{short_id}].md")


async def test_a_rich_notebook_becomes_markdown(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown("x")
    connected_box.put_content(short_id, RICH)

    text, _, _ = await export(jp_fetch, short_id, "markdown")

    assert text.split() == ["#", "Plan", "Rich", "text"]


async def test_html_shows_every_cell_and_runs_no_script_of_the_notebook(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(f"{TEXT}\n\n<script>alert('mine')</script>\n", title="Weekly & monthly")

    text, media_type, name = await export(jp_fetch, short_id, "html")

    assert (media_type, name) == ("text/html; charset=utf-8", f"Weekly & monthly [{short_id}].html")
    for part in ("Weekly funnel", "SELECT", "0191c3e0", "Weekly &amp; monthly"):
        assert part in text
    assert "<script>alert('mine')" not in text


async def test_python_is_a_program(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT)

    text, media_type, name = await export(jp_fetch, short_id, "python")

    compile(text, "exported", "exec")
    assert "print(1)" in text
    assert "# # Weekly funnel" in text
    assert (media_type, name.endswith(".py")) == ("text/x-python; charset=utf-8", True)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('a"b\\c:d*e?f<g>h|i', "a_b_c_d_e_f_g_h_i"),
        ("../../etc/passwd", "∕..∕etc∕passwd"),
        ("two\nlines", "two_lines"),
        ("invoice \u202efdp", "invoice _fdp"),
        ("ж" * 256, "ж" * 100),
        ("", "Untitled"),
    ],
)
async def test_the_files_name_is_safe_everywhere(connected_box: Box, jp_fetch: Any, title: str, name: str) -> None:
    short_id = connected_box.new_markdown(TEXT, title=title)

    _, _, given = await export(jp_fetch, short_id, "markdown")

    assert given == f"{name} [{short_id}].md"
    assert len(given.encode()) <= 255


async def refused(jp_fetch: Any, path: str, format: str) -> tuple[int, dict[str, Any]]:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("posthog", "files", *path.split("/"), params={"format": format})
    assert caught.value.response is not None
    return caught.value.code, json.loads(caught.value.response.body)


async def test_another_format_is_refused_in_words(connected_box: Box, jp_fetch: Any) -> None:
    short_id = connected_box.new_markdown(TEXT)

    status, told = await refused(jp_fetch, f"env/1/{short_id}.ipynb", "pdf")

    assert (status, told["reason"]) == (400, "export_unknown")
    assert "ipynb, markdown, html, python" in told["message"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [("env/1", "invalid_path"), ("env/1/New.ipynb", "notebook_gone"), ("env/1/a b.ipynb", "invalid_path")],
)
async def test_only_notebooks_are_exported(connected_box: Box, jp_fetch: Any, path: str, reason: str) -> None:
    status, told = await refused(jp_fetch, path, "ipynb")

    assert (status, told["reason"]) == (404, reason)


async def test_without_nbconvert_the_sentence_names_it(
    connected_box: Box, jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nbconvert.exporters.base", None)  # importing it fails, as where it is not
    short_id = connected_box.new_markdown(TEXT)

    status, told = await refused(jp_fetch, f"env/1/{short_id}.ipynb", "html")

    assert (status, told["reason"]) == (400, "package_missing")
    assert "pip install nbconvert" in told["message"]
