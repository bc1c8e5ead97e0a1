"""The contract of the documentation page, kept by the profile ``legacy``: requests are read from the page itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.box.documentation import DocumentedRequest, documented_requests
from tests.box_fixture import Box

REQUESTS = documented_requests()
# What the page leaves out: the bodies and parameters that these actions need (posthog-api.md 8, 11).
BODIES: dict[str, Any] = {
    "kernel/config": {"cpu_cores": 2},
    "kernel/execute": {"code": "print('hi')"},
    "kernel/execute/stream": {"code": "print('hi')"},
}
QUERIES = {"kernel/dataframe": {"variable_name": "frame"}, "recording_comments": {"recording_id": "r"}}


def names(value: Any, place: str = "") -> Iterator[str]:
    """Yield every field of an answer; of a list the fields of its first row."""
    if isinstance(value, list):
        yield from names(value[0] if value else None, place)
    elif isinstance(value, dict) and "property1" not in value:
        for name, item in value.items():
            yield f"{place}.{name}"
            yield from names(item, f"{place}.{name}")


def ask(box: Box, request: DocumentedRequest, headers: dict[str, str]) -> httpx.Response:
    """Send one documented request to a notebook that has a frame in its kernel."""
    short_id = box.new_notebook({"type": "doc", "content": []}, title="Documented")
    path = request.path.replace(":project_id", "1").replace(":short_id", short_id)
    action = request.path.partition(":short_id/")[2] or request.path.rpartition("/")[2]
    if action == "kernel/dataframe":
        made = {"code": "import pandas\nframe = pandas.DataFrame({'a': [1]})"}
        box.http.post(f"/api/projects/1/notebooks/{short_id}/kernel/execute/", json=made).raise_for_status()
    body = BODIES.get(action, {"title": "string"} if request.parameters else None)
    return httpx.request(
        request.method,
        f"{box.url}{path}/",
        json=body,
        params=QUERIES.get(action),
        headers=headers,
        trust_env=False,
        timeout=60,
    )


def test_the_page_documents_sixteen_requests() -> None:
    assert len(REQUESTS) == 16


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.title)
def test_a_documented_request_has_its_status_and_fields(
    boxes: Callable[[str], Box], request_: DocumentedRequest
) -> None:
    box = boxes("legacy")

    answer = ask(box, request_, {"Authorization": f"Bearer {box.keys['unscoped']}"})

    assert answer.status_code == request_.status, answer.text
    if request_.answer is not None:
        missing = set(names(request_.answer)) - set(names(answer.json()))
        assert not missing
    elif request_.status == 405:
        assert answer.content == b""


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.title)
def test_documented_scopes_are_enough(boxes: Callable[[str], Box], request_: DocumentedRequest) -> None:
    """A request with documented scopes works with a key; without them it says that no key may."""
    box = boxes("legacy")

    answer = ask(box, request_, {"Authorization": f"Bearer {box.keys['full']}"})

    if request_.scopes:
        assert answer.status_code == request_.status, answer.text
    else:
        assert answer.status_code == 403
        assert answer.json()["detail"] == "This action does not support personal API key access"


@pytest.mark.parametrize("name", next(request.query for request in REQUESTS if request.query))
def test_a_documented_parameter_of_the_list_is_taken(boxes: Callable[[str], Box], name: str) -> None:
    values = {"contains": "recording:true", "created_by": "nobody", "date_from": "-7d", "date_to": "2020-01-01"}

    answer = boxes("legacy").http.get("/api/projects/1/notebooks/", params={name: values.get(name, "1")})

    assert answer.status_code == 200
    assert set(answer.json()) == {"count", "next", "previous", "results"}


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_the_form_of_the_examples_is_taken(boxes: Callable[[str], Box], method: str) -> None:
    """The page's curl lines send ``title="string"`` as a form."""
    box = boxes("legacy")
    path = "/api/projects/1/notebooks/" + (f"{box.new_notebook()}/" if method == "PATCH" else "")

    answer = box.http.request(method, path, data={"title": "string"})

    assert answer.status_code == {"POST": 201, "PATCH": 200}[method]
    assert answer.json()["title"] == "string"
