"""The page of a notebook: readable, editable by a colleague, safe against what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from jupyter_posthog.box.page_rendering import render
from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"


@pytest.fixture
def browser(box: Box) -> Iterator[httpx.Client]:
    """A browser without cookies yet."""
    with httpx.Client(base_url=box.url, trust_env=False) as client:
        yield client


def test_a_visitor_reads_and_saves_as_the_colleague(box: Box, browser: httpx.Client) -> None:
    short_id = box.new_markdown("# Read *me*", title="Shown")
    page = browser.get(f"/project/1/notebooks/{short_id}")
    content = box.fetch(short_id)["content"]
    content["content"][0]["attrs"]["markdown"] = "# By Grace"
    body = {"client_id": "page", "version": 0, "content": content}
    headers = {"X-CSRFToken": browser.cookies["posthog_csrftoken"]}

    saved = browser.post(f"{ALL}{short_id}/collab/markdown_save/", json=body, headers=headers)

    assert "<h1>Read <em>me</em></h1>" in page.text
    assert "You are Grace here" in page.text
    assert f'data-api="{ALL}{short_id}/" data-editable="true"' in page.text
    assert saved.status_code == 200, saved.text
    assert saved.json()["last_modified_by"]["first_name"] == "Grace"
    assert saved.json()["user_access_level"] == "editor"
    assert box.markdown(short_id) == "# By Grace"


def test_a_browser_that_has_a_session_keeps_it(box: Box, browser: httpx.Client) -> None:
    page = browser.get("/project/1/notebooks/wFunnel001", headers={"Cookie": box.session_headers()["Cookie"]})

    assert "You are Ada here" in page.text
    assert "set-cookie" not in page.headers


def test_the_part_that_changes_can_be_asked_for_alone(box: Box, browser: httpx.Client) -> None:
    short_id = box.new_markdown("Only this")

    assert browser.get(f"/project/1/notebooks/{short_id}?part=notebook").text == "<p>Only this</p>"


def test_script_and_style_are_served_and_nothing_else_runs(box: Box, browser: httpx.Client) -> None:
    page = browser.get("/project/1/notebooks/wFunnel001")

    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for name, kind in (("notebook.js", "javascript"), ("notebook.css", "css")):
        file = browser.get(f"/static/box/{name}")
        assert (file.status_code, kind in file.headers["Content-Type"]) == (200, True)
    assert browser.get("/static/box/../server.py").status_code in {403, 404}


def test_old_servers_and_rich_notebooks_are_only_read(
    box: Box, boxes: Callable[[str], Box], browser: httpx.Client
) -> None:
    rich = browser.get("/project/1/notebooks/actDeep002").text
    legacy = boxes("legacy").http.get("/project/1/notebooks/wFunnel001").text

    assert "<strong>activated</strong>" in rich
    assert 'data-editable="false"' in rich
    assert 'data-editable="false"' in legacy


def test_a_notebook_in_the_trash_has_no_page(box: Box, browser: httpx.Client) -> None:
    short_id = box.new_markdown("a")
    box.http.patch(f"{ALL}{short_id}/", json={"deleted": True})

    assert browser.get(f"/project/1/notebooks/{short_id}").status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<X a="<script>" />',
        '<PythonV2 code="<img src=x onerror=alert(1)>" />',
        '<PythonV2 result={{"stdout":"<script>","columns":["<script>"],"first_page":[["<script>"]]}} />',
        '<PythonV2 result={{"media":[{"mime_type":"image/png","data":"\\"><script>"}]}} />',
        "```\n<script>\n```",
        "| <script> |",
        '[a](https://x.y/"onclick="alert(1))',
        "**<script>** *<script>* `<script>`",
    ],
)
def test_nothing_of_a_notebook_becomes_markup(text: str) -> None:
    shown = render(text)

    assert "<script" not in shown
    assert "<img src=x" not in shown
    assert '"onclick' not in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## A `b`", "<h2>A <code>b</code></h2>"),
        ("- a\n- b", "<ul><li>a</li></ul>\n<ul><li>b</li></ul>"),
        ("> q", "<blockquote>q</blockquote>"),
        ("---", "<hr>"),
        ("[a](https://x.y/quote?b=1&c=2)", '<p><a href="https://x.y/quote?b=1&amp;c=2" rel="noopener">a</a></p>'),
        ("a \\* b", "<p>a * b</p>"),
    ],
)
def test_prose_is_shown(text: str, expected: str) -> None:
    assert render(text) == expected


def test_a_stored_result_is_shown() -> None:
    result: Any = '{"stdout":"hi","columns":["n"],"first_page":[[1]],"media":[{"mime_type":"image/png","data":"iVBO"}]}'

    shown = render(f'<SQLV2 title="T" code="SELECT 1" result={{{result}}} />')

    assert "<figcaption>SQL: T</figcaption><pre>SELECT 1</pre><pre>hi</pre>" in shown
    assert "<tr><th>n</th></tr><tr><td>1</td></tr>" in shown
    assert 'src="data:image/png;base64,iVBO"' in shown


def test_every_demo_notebook_has_a_page(box: Box, browser: httpx.Client) -> None:
    rows = box.http.get(ALL, params={"order": "created_at", "limit": 12}).json()["results"]

    for row in rows:
        page = browser.get(f"/project/1/notebooks/{row['short_id']}")
        assert page.status_code == 200
        assert "Traceback" not in page.text
