"""What the contents protocol answers where PostHog fails: a sentence and its reason, and nothing half done."""

from __future__ import annotations

from typing import Any

import pytest

from tests.box_fixture import Box
from tests.handlers.saving import Page, Refused

NOTEBOOK: dict[str, Any] = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}

#: Verb, path and body of a request, and the request to PostHog that fails.
REQUESTS: dict[str, tuple[str, str, Any, str]] = {
    "list": ("GET", "env/1", None, "GET"),
    "open": ("GET", "env/1/{id}.ipynb", None, "GET"),
    "new": ("POST", "env/1", {"type": "notebook"}, "POST"),
    "upload": ("PUT", "env/1/A plan.ipynb", {"type": "notebook", "content": NOTEBOOK}, "POST"),
    "copy": ("POST", "env/1", {"copy_from": "env/1/{id}.ipynb"}, "POST"),
    "rename": ("PATCH", "env/1/{id}.ipynb", {"path": "env/1/Other.ipynb"}, "PATCH"),
    "delete": ("DELETE", "env/1/{id}.ipynb", None, "PATCH"),
    "restore": ("PATCH", "env/1/{id}.ipynb", {"deleted": False}, "PATCH"),
}

DENIED = {
    "type": "authentication_error",
    "code": "permission_denied",
    "detail": "You do not have access.",
    "attr": None,
}

#: What PostHog does, and what is answered.
FAULTS: dict[str, tuple[dict[str, Any], int, str]] = {
    "500": ({"status": 500, "body": {"detail": "A server error occurred."}}, 502, "server_failed"),
    "403": ({"status": 403, "body": DENIED}, 403, "access_denied"),
    "401": ({"status": 401, "body": {"detail": "Invalid."}}, 403, "key_refused"),
    "a web page": ({"html": True, "status": 200}, 502, "not_posthog"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("request_name", REQUESTS)
async def test_a_failure_of_posthog_is_told(connected_box: Box, jp_fetch: Any, request_name: str, fault: str) -> None:
    short_id = connected_box.new_markdown("# Weekly", title="Plan")
    before = connected_box.fetch(short_id), connected_box.count()
    page = Page(jp_fetch, "")
    verb, path, body, failing = REQUESTS[request_name]
    body = None if body is None else {key: _filled(value, short_id) for key, value in body.items()}
    given, status, reason = FAULTS[fault]
    # More often than anything is tried again.
    connected_box.fail_next(method=failing, path="/notebooks/", times=9, **given)
    try:
        with pytest.raises(Refused) as caught:
            await page.ask(verb, f"posthog/contents/{_filled(path, short_id)}", body)
    finally:
        connected_box.http.delete("/_box/faults").raise_for_status()

    assert (caught.value.status, caught.value.reason) == (status, reason)
    assert (connected_box.fetch(short_id), connected_box.count()) == before


def _filled(value: Any, short_id: str) -> Any:
    return value.replace("{id}", short_id) if isinstance(value, str) else value
