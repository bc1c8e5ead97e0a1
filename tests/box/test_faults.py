"""Each fault of the box as a plain HTTP client meets it."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.box.runs import wait_for_run
from tests.box_fixture import Box

ME = "/api/users/@me/"


@pytest.fixture(autouse=True)
def _no_fault_is_left(boxes: Callable[[str], Box]) -> Iterator[None]:
    yield
    for profile in ("cloud", "legacy"):
        boxes(profile).http.delete("/_box/faults")


def arrange(box: Box, **fault: Any) -> int:
    answer = box.http.post("/_box/faults", json=fault)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def raw(box: Box, path: str, method: str = "GET", body: bytes = b"") -> bytes:
    """Ask without any HTTP library and return every byte until the connection ends."""
    address = urlsplit(box.url)
    headers = {**box.session_headers(), "Host": address.netloc, "Connection": "close", "Content-Length": len(body)}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def content_length(answer: bytes) -> int:
    found = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
    assert found
    return int(found[1])


def stream(box: Box, code: str) -> httpx.Response:
    path = f"/api/projects/1/notebooks/{box.new_notebook()}/kernel/execute/stream/"
    return box.http.post(path, json={"code": code})


def test_a_delay_lets_wait(box: Box) -> None:
    arrange(box, path="users/@me", delay_s=0.4)

    began = time.monotonic()
    slow, quick = box.http.get(ME), box.http.get(ME)

    assert time.monotonic() - began >= 0.4
    assert (slow.status_code, quick.status_code) == (200, 200)


def test_a_held_request_waits_until_it_is_released(box: Box) -> None:
    number = arrange(box, path="users/@me", hold=True)
    answers: list[int] = []
    asking = threading.Thread(
        target=lambda: answers.append(
            httpx.get(f"{box.url}{ME}", headers=box.session_headers(), trust_env=False).status_code
        )
    )
    asking.start()
    box.http.post(f"/_box/faults/{number}/met").raise_for_status()
    assert not answers

    box.http.post(f"/_box/faults/{number}/release").raise_for_status()
    asking.join(30)

    assert answers == [200]  # fmt: skip


def test_a_status_with_a_body_meets_so_many_requests_of_its_method_and_path(box: Box) -> None:
    arrange(box, method="GET", path="users/@me", times=2, status=500, body={"detail": "no"})

    others = [box.http.get("/api/projects/"), box.http.post(ME)]
    answers = [box.http.get(ME) for _ in range(3)]

    assert [answer.status_code for answer in others] == [200, 405]
    assert [answer.status_code for answer in answers] == [500, 500, 200]
    assert answers[0].json() == {"detail": "no"}


def test_the_connection_breaks_after_so_many_bytes(box: Box) -> None:
    whole = body_of(raw(box, ME))
    arrange(box, path="users/@me", cut_after=10)

    answer = raw(box, ME)

    assert body_of(answer) == whole[:10]
    assert content_length(answer) == len(whole)


def test_json_is_truncated_as_if_that_were_all(box: Box) -> None:
    arrange(box, path="users/@me", truncate_to=20)

    answer = box.http.get(ME)

    assert (answer.status_code, len(answer.content)) == (200, 20)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_proxy_answers_with_its_own_page(box: Box) -> None:
    arrange(box, path="users/@me", html=True)

    answer = box.http.get(ME)

    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize(("seconds", "words"), [(42, "42 seconds"), (1, "1 second")])
def test_too_many_requests_say_how_long_to_wait_in_their_text_only(box: Box, seconds: int, words: str) -> None:
    arrange(box, path="users/@me", throttled_s=seconds)

    answer = box.http.get(ME)

    assert answer.status_code == 429
    assert answer.json()["detail"] == f"Request was throttled. Expected available in {words}."
    assert "retry-after" not in answer.headers


def test_a_stream_drips_and_is_cut_inside_a_character(boxes: Callable[[str], Box]) -> None:
    box = boxes("legacy")
    arrange(box, path="execute/stream", slow_bytes=1, gap_s=0)
    path = f"{box.url}/api/projects/1/notebooks/{box.new_notebook()}/kernel/execute/stream/"
    asked = {"json": {"code": "print('🦔é', flush=True)"}, "headers": box.session_headers(), "timeout": 60}

    with httpx.stream("POST", path, trust_env=False, **asked) as answer:
        pieces = list(answer.iter_raw())

    whole = b"".join(pieces)
    assert len(pieces) > len(whole) // 4
    assert any(piece[:1] >= b"\x80" for piece in pieces if len(piece) < 4)
    assert json.loads(whole.decode().split("data: ")[1].partition("\n")[0]) == {"text": "🦔é\n"}


def test_a_stream_is_cut_at_any_byte(boxes: Callable[[str], Box]) -> None:
    box = boxes("legacy")
    head = b'event: stdout\ndata: {"text": "'
    arrange(box, path="execute/stream", cut_after=len(head) + 2)
    path = f"/api/projects/1/notebooks/{box.new_notebook()}/kernel/execute/stream/"

    answer = raw(box, path, "POST", json.dumps({"code": "print('🦔')"}).encode())

    assert body_of(answer).split(b"\r\n", 1)[1] == head + "🦔".encode()[:2] + b"\r\n"
    with pytest.raises(UnicodeDecodeError):
        body_of(answer).decode()


def test_an_event_comes_twice(boxes: Callable[[str], Box]) -> None:
    box = boxes("legacy")
    arrange(box, path="execute/stream", duplicate_event=True)

    text = stream(box, "print('once')").text

    assert text.count("event: stdout\n") == 2
    assert text.count("event: result\n") == 2


def test_a_run_never_ends_until_it_is_interrupted(box: Box) -> None:
    arrange(box, path="sql_v2/run", effect="run_never_ends")
    base = f"/api/projects/1/notebooks/{box.new_notebook()}/sql_v2/"

    run_id = box.http.post(f"{base}run/", json={"node_id": "n", "code": "SELECT 1"}).json()["run_id"]
    statuses = {box.http.get(f"{base}runs/{run_id}/").json()["status"] for _ in range(5)}
    busy = box.http.post(f"{base}run/", json={"node_id": "n", "code": "SELECT 1"})
    box.http.post(f"{base}runs/{run_id}/interrupt/")

    assert statuses == {"running"}
    assert busy.status_code == 409
    assert box.http.get(f"{base}runs/{run_id}/").json()["status"] == "interrupted"


def test_a_python_run_that_never_ends_can_be_interrupted_too(box: Box) -> None:
    arrange(box, path="sql_v2/run", effect="run_never_ends")
    base = f"/api/projects/1/notebooks/{box.new_notebook()}/sql_v2/"
    body = {"node_id": "n", "node_type": "python", "code": "1"}

    run_id = box.http.post(f"{base}run/", json=body).json()["run_id"]
    asked = box.http.post(f"{base}runs/{run_id}/interrupt/")

    assert asked.status_code == 202
    assert wait_for_run(box, f"{base}runs/{run_id}/")["status"] == "interrupted"


def test_a_kernel_dies_in_the_middle_of_a_run(box: Box) -> None:
    arrange(box, path="sql_v2/run", effect="kernel_dies")
    short_id = box.new_notebook()
    base = f"/api/projects/1/notebooks/{short_id}/"
    body = {"node_id": "n", "node_type": "python", "code": "import time\ntime.sleep(60)"}

    run_id = box.http.post(f"{base}sql_v2/run/", json=body).json()["run_id"]
    ended = wait_for_run(box, f"{base}sql_v2/runs/{run_id}/")
    status = box.http.get(f"{base}kernel/status/").json()
    again = box.http.post(f"{base}sql_v2/run/", json={**body, "code": "print(2)"})

    assert (ended["status"], ended["result"]) == ("failed", None)
    assert "died" in ended["error"]
    assert (status["status"], status["last_error"]) == ("error", "The kernel ended unexpectedly.")
    assert again.json()["starts_sandbox"] is True
    assert wait_for_run(box, f"{base}sql_v2/runs/{again.json()['run_id']}/")["status"] == "done"


def test_a_kernel_dies_while_it_executes_and_streams(boxes: Callable[[str], Box]) -> None:
    box = boxes("legacy")
    path = f"/api/projects/1/notebooks/{box.new_notebook()}/kernel/execute/"
    arrange(box, path="kernel/execute/$", effect="kernel_dies")
    arrange(box, path="execute/stream", effect="kernel_dies")

    answer = box.http.post(path, json={"code": "while True: pass"})
    streamed = stream(box, "while True: pass").text

    assert (answer.status_code, answer.json()) == (503, {"detail": "Failed to execute notebook code."})
    assert streamed.endswith('event: error\ndata: {"error": "Failed to execute notebook code."}\n\n')


def test_a_kernel_does_not_start(box: Box) -> None:
    arrange(box, path="kernel/start", effect="kernel_does_not_start")
    base = f"/api/projects/1/notebooks/{box.new_notebook()}/kernel/"

    failed = box.http.post(f"{base}start/")
    status = box.http.get(f"{base}status/").json()

    assert (failed.status_code, failed.json()) == (503, {"detail": "Failed to start notebook kernel."})
    assert (status["status"], status["last_error"]) == ("error", "Sandbox could not be created.")
    assert box.http.post(f"{base}start/").status_code == 200


def test_the_disk_is_full_and_nothing_is_half_written(box: Box) -> None:
    short_id = box.new_markdown("# Before")
    path = f"/api/projects/1/notebooks/{short_id}/"
    activity = box.http.get(f"{path}activity/").json()["total_count"]
    arrange(box, method="PATCH", path=short_id, effect="disk_full")

    failed = box.http.patch(path, json={"title": "After"})
    after = box.fetch(short_id)

    assert (failed.status_code, failed.json()["type"]) == (500, "server_error")
    assert (after["title"], after["version"]) == ("A test", 0)
    assert box.http.get(f"{path}activity/").json()["total_count"] == activity
    assert box.http.patch(path, json={"title": "After"}).status_code == 200


def test_a_kernels_lifetime_is_over(box: Box) -> None:
    base = f"/api/projects/1/notebooks/{box.new_notebook()}/kernel/"
    box.http.post(f"{base}start/").raise_for_status()
    arrange(box, path="kernel/status", effect="lifetime_over")

    assert box.http.get(f"{base}status/").json()["status"] == "timed_out"


def test_what_was_asked_is_listed_without_secrets(box: Box) -> None:
    box.http.get("/api/projects/1/notebooks/", params={"search": "hedgehog"})
    httpx.get(f"{box.url}{ME}", headers={"Authorization": f"Bearer {box.keys['full']}"}, trust_env=False)

    asked = box.requests()

    assert {"method": "GET", "path": ME, "status": 200, "credential": "full"} in asked
    assert {"method": "GET", "path": "/api/projects/1/notebooks/", "status": 200, "credential": "session"} in asked
    assert box.keys["full"] not in json.dumps(asked)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"statuss": 500}, "Unknown: statuss"),
        ({"effect": "earthquake"}, "earthquake"),
        ({"path": "("}, "unterminated"),
        ({"cut_after": -1}, "not negative"),
        ({"times": "many"}, "many"),
    ],
)
def test_a_fault_that_is_none_is_refused_in_words(box: Box, fault: dict[str, Any], words: str) -> None:
    answer = box.http.post("/_box/faults", json=fault)

    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_the_box_tells_which_faults_it_knows(box: Box) -> None:
    fields = box.http.get("/_box/faults").json()["fields"]

    assert {"delay_s", "hold", "cut_after", "truncate_to", "throttled_s", "slow_bytes", "effect"} <= set(fields)
