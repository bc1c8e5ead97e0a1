"""The documentation page of PostHog's notebooks API, read into its sixteen requests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.conftest import DATA

PAGE = DATA / "posthog-docs-notebooks.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedRequest:
    """One request as the page documents it."""

    title: str
    method: str
    path: str
    parameters: tuple[str, ...]
    query: tuple[str, ...]
    scopes: tuple[str, ...]
    status: int
    answer: Any


def documented_requests() -> list[DocumentedRequest]:
    """Return every request of the page, in its order."""
    text = PAGE.read_text(encoding="utf-8")
    listed = re.findall(r"^(GET|POST|PATCH|DELETE)$", text.partition("List all notebooks")[0], re.MULTILINE)
    sections = re.split(r"\n(?=[^\n]+\n\n(?:The API for interacting|Hard delete))", text)[1:]
    found = [_request(section) for section in sections]
    assert [request.method for request in found] == listed
    return found


def _request(section: str) -> DocumentedRequest:
    title = section.strip().splitlines()[0]
    method, path = re.findall(r"Example request\n\n(\w+) (\S+)", section)[0]
    status = re.findall(r"Status (\d+)", section)[0]
    body = section.partition("RESPONSE\n")[2]
    return DocumentedRequest(
        title=title,
        method=method,
        path=path,
        parameters=_bullets(section, "Request parameters"),
        query=_bullets(section, "Query parameters"),
        scopes=tuple(re.findall(r"^\w+:\w+$", section, re.MULTILINE)),
        status=int(status),
        answer=json.JSONDecoder().raw_decode(body)[0] if body else None,
    )


def _bullets(section: str, heading: str) -> tuple[str, ...]:
    after = section.partition(f"{heading}\n\n")[2]
    block = re.match(r"(?:  • \w+\n(?:    \w+\n)?)*", after)
    return tuple(re.findall(r"• (\w+)", block[0])) if block else ()
