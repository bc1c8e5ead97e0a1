"""The contract of the contents protocol: every verb on every kind of path, with sound and unsound bodies.

A row is a request and what it must answer: a status, and of a refusal its reason. Whatever else happens, an answer is one
sentence, a model keeps to Jupyter's rules, and a refusal changes nothing in PostHog.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from jupyter_server.services.contents.handlers import validate_model
from tornado.httpclient import HTTPClientError, HTTPResponse

from tests.box_fixture import Box

CELL = {"cell_type": "markdown", "id": "one", "metadata": {}, "source": "# Weekly"}
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL]}
MODEL = {"type": "notebook", "format": "json", "content": NOTEBOOK}
NO_ID = {name: value for name, value in CELL.items() if name != "id"}
# Deeper than Python's own stack reaches; PostHog's documents end at 500 levels.
TOO_DEEP = json.dumps(MODEL).replace('"metadata": {}', '"metadata": ' + '{"a": ' * 900 + "{}" + "}" * 900, 1).encode()
AS_FILE = {"type": "file", "format": "base64", "content": base64.b64encode(json.dumps(NOTEBOOK).encode()).decode()}

ROOT, CONNECTION, PROJECT = "", "env", "env/1"
BY_ID, BY_TITLE, BY_OLD_TITLE = "env/1/{id}.ipynb", "env/1/Funnel [{id}].ipynb", "env/1/Old [{id}].ipynb"
TRASHED, NEVER_WAS = "env/1/Gone [{trashed}].ipynb", "env/1/Gone [neverWas1].ipynb"
NEW, LONG, NUL = "env/1/A plan.ipynb", f"env/1/{'x' * 300}.ipynb", "env/1/a\x00b.ipynb"
LONGEST, TAB, UP = f"env/1/{'x' * 256}.ipynb", "env/1/a\tb.ipynb", "env/1/../2/a.ipynb"
NO_CONNECTION, NO_PROJECT, NOT_A_PROJECT = "nope", "env/99", "env/one"
TEXT, DEEP, BARE_TEXT = "env/1/a.txt", "env/1/x/y.ipynb", "README.md"

# path, query → status, reason
READING: list[tuple[str, dict[str, str], int, str]] = [
    (ROOT, {}, 200, ""),
    (ROOT, {"type": "directory"}, 200, ""),
    (ROOT, {"type": "notebook"}, 400, "wrong_kind"),
    (CONNECTION, {}, 200, ""),
    (CONNECTION, {"content": "0"}, 200, ""),
    (PROJECT, {}, 200, ""),
    (PROJECT, {"content": "0", "type": "directory"}, 200, ""),
    (PROJECT, {"type": "file"}, 400, "wrong_kind"),
    (BY_ID, {}, 200, ""),
    (BY_ID, {"content": "0"}, 200, ""),
    (BY_ID, {"hash": "1"}, 200, ""),
    (BY_ID, {"content": "0", "hash": "1"}, 200, ""),
    (BY_ID, {"type": "notebook"}, 200, ""),
    (BY_ID, {"type": "directory"}, 400, "wrong_kind"),
    (BY_ID, {"type": "file"}, 400, "wrong_kind"),
    (BY_ID, {"type": "nonsense"}, 400, "wrong_kind"),
    (BY_ID, {"format": "text"}, 400, "wrong_kind"),
    (BY_ID, {"format": "base64"}, 400, "wrong_kind"),
    (BY_ID, {"format": "nonsense"}, 400, ""),
    (BY_ID, {"content": "2"}, 400, ""),
    (BY_ID, {"hash": "2"}, 400, ""),
    (BY_TITLE, {}, 200, ""),
    (BY_OLD_TITLE, {}, 200, ""),
    (TRASHED, {}, 404, "notebook_gone"),
    (TRASHED, {"content": "0"}, 404, "notebook_gone"),
    (NEVER_WAS, {}, 404, "notebook_gone"),
    (NEW, {}, 404, "invalid_path"),
    (NUL, {}, 404, "invalid_path"),
    (LONG, {}, 404, "invalid_path"),
    (NO_CONNECTION, {}, 404, "unknown_connection"),
    (NO_CONNECTION, {"content": "0"}, 404, "unknown_connection"),
    (NO_PROJECT, {}, 403, "access_denied"),
    (NOT_A_PROJECT, {}, 404, "invalid_path"),
    (TEXT, {}, 404, "invalid_path"),
    (DEEP, {}, 404, "invalid_path"),
    (UP, {}, 404, "invalid_path"),
]

# verb, path, body (bytes are sent as they are) → status, reason
WRITING: list[tuple[str, str, Any, int, str]] = [
    ("POST", PROJECT, {"type": "notebook"}, 201, ""),
    ("POST", PROJECT, {}, 201, ""),
    ("POST", PROJECT, b"", 201, ""),
    ("POST", PROJECT, {"ext": ".ipynb"}, 201, ""),
    ("POST", PROJECT, {"ext": ".ipynb", "type": "file"}, 201, ""),
    ("POST", CONNECTION, {"type": "notebook"}, 201, ""),
    ("POST", ROOT, {"type": "notebook"}, 404, "invalid_path"),
    ("POST", NO_CONNECTION, {"type": "notebook"}, 404, "unknown_connection"),
    ("POST", NO_PROJECT, {"type": "notebook"}, 403, "access_denied"),
    ("POST", PROJECT, {"type": "directory"}, 400, "only_notebooks"),
    ("POST", PROJECT, {"type": "file"}, 400, "only_notebooks"),
    ("POST", PROJECT, {"ext": ".txt"}, 400, "only_notebooks"),
    ("POST", PROJECT, {"type": 5}, 400, "request_not_valid"),
    ("POST", PROJECT, ["notebook"], 400, "request_not_valid"),
    ("POST", PROJECT, b"{", 400, ""),
    ("POST", BY_ID, {"type": "notebook"}, 400, ""),
    ("POST", PROJECT, {"copy_from": BY_ID}, 201, ""),
    ("POST", CONNECTION, {"copy_from": BY_TITLE}, 201, ""),
    ("POST", PROJECT, {"copy_from": TRASHED}, 404, "notebook_gone"),
    ("POST", PROJECT, {"copy_from": NEW}, 404, "invalid_path"),
    ("POST", PROJECT, {"copy_from": PROJECT}, 404, "invalid_path"),
    ("POST", PROJECT, {"copy_from": 5}, 400, "request_not_valid"),
    ("POST", ROOT, {"copy_from": BY_ID}, 404, "invalid_path"),
    ("POST", NEW, {"copy_from": BY_ID}, 201, ""),
    ("POST", LONG, {"copy_from": BY_ID}, 400, "title_not_usable"),
    ("PUT", NEW, MODEL, 201, ""),
    ("PUT", NEW, AS_FILE, 201, ""),
    ("PUT", NEW, {"type": "notebook"}, 201, ""),
    ("PUT", NEW, b"", 201, ""),
    ("PUT", "env/1/Plan.ipynb", MODEL, 200, ""),
    ("PUT", LONGEST, MODEL, 201, ""),
    ("PUT", "env/1/.hidden.ipynb", MODEL, 201, ""),
    ("PUT", "env/1/a∕b.ipynb", MODEL, 201, ""),
    ("PUT", "env/1/🦔 “quoted” %41.ipynb", MODEL, 201, ""),
    ("PUT", "env/1/...ipynb", MODEL, 201, ""),
    ("PUT", NEW, {"copy_from": BY_ID}, 400, ""),
    ("PUT", NEW, {"type": "directory"}, 400, "only_notebooks"),
    ("PUT", "env/1/folder", {"type": "directory"}, 400, "only_notebooks"),
    ("PUT", TEXT, {"type": "file", "format": "text", "content": "a"}, 400, "only_notebooks"),
    ("PUT", BARE_TEXT, {"type": "file", "format": "text", "content": "a"}, 400, "only_notebooks"),
    ("PUT", TEXT, MODEL, 404, "invalid_path"),
    ("PUT", DEEP, MODEL, 404, "invalid_path"),
    ("PUT", UP, MODEL, 404, "invalid_path"),
    ("PUT", PROJECT, MODEL, 404, "invalid_path"),
    ("PUT", LONG, MODEL, 400, "title_not_usable"),
    ("PUT", NUL, MODEL, 400, "title_not_usable"),
    ("PUT", TAB, MODEL, 400, "title_not_usable"),
    ("PUT", NEW, MODEL | {"content": {}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": {"cells": [{"a": 1}]}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": {"nbformat": 3, "worksheets": []}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"cells": [CELL | {"cell_type": "wrong"}]}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"cells": [5]}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"nbformat": "4"}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"metadata": 5}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"nbformat_minor": 2, "cells": [NO_ID]}}, 201, ""),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"cells": [NO_ID]}}, 201, ""),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"cells": [CELL, CELL]}}, 201, ""),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"cells": [CELL | {"id": 5}]}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"cells": [CELL | {"source": 5}]}}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": NOTEBOOK | {"cells": [CELL | {"metadata": None}]}}, 400, "wrong_notebook"),
    ("PUT", NEW, TOO_DEEP, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": 5}, 400, "wrong_notebook"),
    ("PUT", NEW, MODEL | {"content": "not JSON"}, 400, "wrong_notebook"),
    ("PUT", NEW, AS_FILE | {"content": base64.b64encode(b"a,b\n1,2\n").decode()}, 400, "wrong_notebook"),
    ("PUT", NEW, AS_FILE | {"content": base64.b64encode(b"\xff\xfe").decode()}, 400, "wrong_notebook"),
    ("PUT", NEW, AS_FILE | {"content": "%%%"}, 400, "wrong_notebook"),
    ("PUT", NEW, AS_FILE | {"chunk": 1}, 201, ""),
    ("PUT", NEW, AS_FILE | {"chunk": -1}, 201, ""),
    ("PUT", NEW, AS_FILE | {"chunk": 2}, 400, "request_not_valid"),
    ("PUT", NEW, AS_FILE | {"chunk": "1"}, 400, "request_not_valid"),
    ("PUT", NEW, MODEL | {"chunk": 1}, 400, "wrong_notebook"),
    ("PUT", NEW, AS_FILE | {"chunk": 1, "content": "abc"}, 400, "wrong_notebook"),
    ("PUT", NEW, ["notebook"], 400, "request_not_valid"),
    ("PUT", NEW, MODEL | {"path": 5}, 400, "request_not_valid"),
    ("PUT", NEW, b"{", 400, ""),
    ("PUT", BY_ID, MODEL, 200, ""),
    ("PUT", BY_OLD_TITLE, MODEL, 200, ""),
    ("PUT", BY_ID, {"type": "notebook"}, 400, "wrong_notebook"),
    ("PUT", BY_ID, MODEL | {"base_version": "0"}, 400, "request_not_valid"),
    ("PUT", BY_ID, MODEL | {"base_version": True}, 400, "request_not_valid"),
    ("PUT", BY_ID, MODEL | {"content": {"cells": 5}}, 400, "wrong_notebook"),
    ("PUT", TRASHED, MODEL, 404, "notebook_gone"),
    ("PUT", TRASHED, MODEL | {"base_version": 0}, 404, "notebook_gone"),
    ("PUT", NEVER_WAS, MODEL, 404, "notebook_gone"),
    ("PUT", "nope/1/A plan.ipynb", MODEL, 404, "unknown_connection"),
    ("PATCH", BY_ID, {"path": NEW}, 200, ""),
    ("PATCH", BY_TITLE, {"path": "A plan.ipynb"}, 200, ""),
    ("PATCH", BY_ID, {"path": BY_TITLE}, 200, ""),
    ("PATCH", BY_ID, {}, 200, ""),
    ("PATCH", BY_ID, {"path": LONGEST}, 200, ""),
    ("PATCH", BY_ID, {"path": LONG}, 400, "title_not_usable"),
    ("PATCH", BY_ID, {"path": NUL}, 400, "title_not_usable"),
    ("PATCH", BY_ID, {"path": "env/1/a\ud800.ipynb"}, 400, "title_not_usable"),
    ("PATCH", BY_ID, {"path": "env/2/A plan.ipynb"}, 404, "invalid_path"),
    ("PATCH", BY_ID, {"path": UP}, 404, "invalid_path"),
    ("PATCH", BY_ID, {"path": 5}, 400, "request_not_valid"),
    ("PATCH", BY_ID, b"", 400, ""),
    ("PATCH", BY_ID, ["a"], 400, "request_not_valid"),
    ("PATCH", NEVER_WAS, {"path": NEW}, 404, "notebook_gone"),
    ("PATCH", TRASHED, {"path": NEW}, 404, "notebook_gone"),
    ("PATCH", PROJECT, {"path": "env/2"}, 404, "invalid_path"),
    ("PATCH", NEW, {"path": BY_ID}, 404, "invalid_path"),
    ("PATCH", TRASHED, {"deleted": False}, 200, ""),
    ("PATCH", BY_ID, {"deleted": False}, 200, ""),
    ("PATCH", BY_ID, {"deleted": True}, 400, "request_not_valid"),
    ("PATCH", BY_ID, {"deleted": "no"}, 400, "request_not_valid"),
    ("PATCH", NEVER_WAS, {"deleted": False}, 404, "notebook_gone"),
    ("DELETE", BY_ID, None, 204, ""),
    ("DELETE", BY_OLD_TITLE, None, 204, ""),
    ("DELETE", TRASHED, None, 204, ""),
    ("DELETE", NEVER_WAS, None, 404, "notebook_gone"),
    ("DELETE", NEW, None, 404, "invalid_path"),
    ("DELETE", PROJECT, None, 404, "invalid_path"),
    ("DELETE", ROOT, None, 400, ""),
    ("POST", f"{BY_ID}/trust", b"", 201, ""),
    ("POST", f"{TRASHED}/trust", b"", 404, "notebook_gone"),
    ("POST", f"{PROJECT}/trust", b"", 404, "invalid_path"),
    ("GET", f"{BY_ID}/checkpoints", None, 200, ""),
    ("GET", f"{PROJECT}/checkpoints", None, 404, ""),
    ("POST", f"{BY_ID}/checkpoints", b"", 201, ""),
    ("POST", f"{BY_ID}/checkpoints/999", b"", 404, "version_gone"),
    ("POST", f"{BY_ID}/checkpoints/posthog", b"", 404, ""),
    ("DELETE", f"{BY_ID}/checkpoints/0", None, 204, ""),
]


def filled(value: Any, names: dict[str, str]) -> Any:
    """Put the notebooks of this test into a path or a body."""
    if isinstance(value, dict):
        return {key: filled(part, names) for key, part in value.items()}
    if isinstance(value, str):
        for name, short_id in names.items():
            value = value.replace(f"{{{name}}}", short_id)
    return value


@pytest.fixture
def names(connected_box: Box) -> dict[str, str]:
    trashed = connected_box.new_markdown("# Gone", title="Gone")
    connected_box.http.patch(f"/api/projects/1/notebooks/{trashed}/", json={"deleted": True}).raise_for_status()
    return {"id": connected_box.new_markdown("# Weekly funnel", title="Funnel"), "trashed": trashed}


@pytest.fixture
def ask(jp_fetch: Any, names: dict[str, str]) -> Callable[..., Any]:
    async def ask(verb: str, path: str, body: Any = None, **query: str) -> HTTPResponse:
        body = filled(body, names)
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body)
        parts = [part for part in filled(path, names).split("/") if part]
        try:
            answer = await jp_fetch(
                "posthog", "contents", *parts, method=verb, body=sent, params=query, allow_nonstandard_methods=True
            )
        except HTTPClientError as error:
            assert error.response is not None
            answer = error.response
        return answer  # type: ignore[no-any-return]  # jp_fetch has no types

    return ask


def check_refusal(answer: HTTPResponse, status: int, reason: str) -> None:
    """A refusal is one sentence, with a reason where it is ours; never a traceback."""
    told = json.loads(answer.body)
    assert (answer.code, told.get("reason") or "") == (status, reason), told
    assert told["message"].strip(), told
    assert "Traceback" not in answer.body.decode()
    if reason:
        assert "{" not in told["message"]


@pytest.mark.parametrize(("path", "query", "status", "reason"), READING)
async def test_reading(
    ask: Callable[..., Any], names: dict[str, str], path: str, query: dict[str, str], status: int, reason: str
) -> None:
    answer = await ask("GET", path, **query)

    if status != 200:
        check_refusal(answer, status, reason)
        return
    assert answer.code == 200, answer.body
    model, has_content = json.loads(answer.body), query.get("content") != "0"
    is_notebook = "{id}" in path
    validate_model(model, expect_content=has_content, expect_hash=query.get("hash") == "1")
    assert model["type"] == ("notebook" if is_notebook else "directory")
    assert model["path"] == filled(BY_TITLE if is_notebook else path, names)
    if query.get("hash") != "1":
        assert (model["hash"], model["hash_algorithm"]) == (None, None)
    for entry in model["content"] or [] if not is_notebook else []:
        validate_model(entry)
        assert entry["path"].startswith(path)


@pytest.mark.parametrize(("verb", "path", "body", "status", "reason"), WRITING)
async def test_writing(
    ask: Callable[..., Any],
    names: dict[str, str],
    connected_box: Box,
    verb: str,
    path: str,
    body: Any,
    status: int,
    reason: str,
) -> None:
    before = connected_box.fetch(names["id"]), connected_box.count()

    answer = await ask(verb, path, body)

    if status >= 400:
        check_refusal(answer, status, reason)
        assert (connected_box.fetch(names["id"]), connected_box.count()) == before
        return
    assert answer.code == status, answer.body
    if path.endswith("/checkpoints") and verb == "POST":
        checkpoint = json.loads(answer.body)
        assert set(checkpoint) == {"id", "last_modified"}
        assert answer.headers["Location"].endswith(f"{names['id']}.ipynb/checkpoints/{checkpoint['id']}")
        assert "/posthog/contents/" in answer.headers["Location"]
    if verb in {"PUT", "PATCH"} or (verb == "POST" and status == 201 and answer.body.startswith(b'{"name"')):
        model = json.loads(answer.body)
        stored = model.pop("content")
        validate_model(model | {"content": None, "format": None})
        assert stored is None or nbformat.validate(nbformat.from_dict(stored)) is None
        location = answer.headers["Location"]
        assert location.isascii()
        assert "/posthog/contents/env/1/" in location
        if isinstance(body, dict) and body.get("chunk") == 1:
            return  # nothing is stored before the last piece
        again = await ask("GET", model["path"])
        assert (again.code, json.loads(again.body)["path"]) == (200, model["path"])
