"""For each answer of the corpus the same situation in a box (tests/data/{api,kernel,runs})."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import httpx

from tests.box.runs import wait_for_run
from tests.box_fixture import Box

ALL = "/api/projects/1/notebooks/"
QUERY = "/api/projects/1/query/"
RECORDING = "0191c3e0-0000-7000-8000-00000000f009"
SQL = "SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC LIMIT 2"
# Two seconds, and little memory: an interrupt that comes before the query begins must not hurt what follows.
LONG_SQL = "SELECT sum(cityHash64(a.event, b.id)) FROM events a CROSS JOIN persons b"
HALF_A_SECOND_OF_SQL = (
    "SELECT sum(cityHash64(a.event, b.id)) FROM events a CROSS JOIN (SELECT id FROM persons LIMIT 500) b"
)
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.plot([2, 1])\nplt.show()"


@dataclass(frozen=True)
class World:
    """Boxes of every profile, and what situations need in them."""

    boxes: Callable[[str], Box]
    # One more box as PostHog is today: what is interrupted there disturbs nothing here.
    restless: Box

    @property
    def box(self) -> Box:
        return self.boxes("cloud")

    @property
    def legacy(self) -> Box:
        return self.boxes("legacy")

    def one(self, markdown: str = "# Weekly\n\nText 🦔", box: Box | None = None) -> str:
        """Return the address of a new notebook."""
        box = box or self.box
        content = None if box.profile == "legacy" else _wrapped(markdown)
        return f"{ALL}{box.new_notebook(content)}/"

    def with_key(self, name: str, method: str, path: str, body: Any = None, box: Box | None = None) -> httpx.Response:
        box = box or self.box
        headers = {"Authorization": f"Bearer {box.keys[name]}"} if name else {}
        return httpx.request(method, f"{box.url}{path}", json=body, headers=headers, trust_env=False)

    def run(self, code: str, *, node_type: str = "python", one: str = "", **more: Any) -> tuple[str, str]:
        """Run a cell to its end; return the addresses of the notebook and of the run."""
        one = one or _with_kernel(self.box)
        body = {"node_id": "n", "node_type": node_type, "code": code, **more}
        started = self.box.http.post(f"{one}sql_v2/run/", json=body)
        assert started.status_code == 200, started.text
        path = f"{one}sql_v2/runs/{started.json()['run_id']}/"
        wait_for_run(self.box, path)
        return one, path

    def ended(self, code: str, **more: Any) -> httpx.Response:
        return self.box.http.get(self.run(code, **more)[1])

    def execute(self, code: str, **more: Any) -> httpx.Response:
        one = _with_kernel(self.legacy)
        return self.legacy.http.post(f"{one}kernel/execute/", json={"code": code, **more})


@cache
def _with_kernel(box: Box) -> str:
    """Return the address of the one notebook whose kernel situations share: a start takes a second."""
    return f"{ALL}{box.new_notebook()}/"


def _wrapped(markdown: str) -> Any:
    node = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "markdown-notebook-v2", "markdown": markdown}}
    return {"type": "doc", "content": [node]}


def _list(world: World, **query: Any) -> httpx.Response:
    word = f"corpusrow{uuid4().hex}"
    for number in range(7):
        world.box.new_markdown("# a", title=f"{word} {number}")
    return world.box.http.get(ALL, params={"search": word, **query})


def _saved(world: World) -> httpx.Response:
    one = world.one("# a")
    return world.box.http.patch(one, json={"content": _wrapped("# Saved"), "text_content": "# Saved", "version": 0})


def _activity(world: World, query: str = "?limit=100") -> httpx.Response:
    one = world.one("# a")
    for change in ({"title": "Weekly"}, {"title": None}, {"deleted": True}, {"deleted": False}):
        world.box.http.patch(one, json=change)
    world.box.http.patch(one, json={"content": _wrapped("# b"), "version": 9})
    world.box.http.patch(one, json={"content": _wrapped("# b"), "version": 0})
    return world.box.http.get(f"{one}activity/{query}")


def _comments(world: World) -> httpx.Response:
    stamp = {"type": "ph-replay-timestamp", "attrs": {"playbackTime": 83500, "sessionRecordingId": RECORDING}}
    text = {"type": "text", "text": " the button did nothing"}
    short_id = world.box.new_notebook()
    world.box.put_content(short_id, {"type": "doc", "content": [{"type": "paragraph", "content": [stamp, text]}]})
    return world.box.http.get(f"{ALL}recording_comments/", params={"recording_id": RECORDING})


def _query(world: World, text: str = SQL, **more: Any) -> httpx.Response:
    return world.box.http.post(QUERY, json={"query": {"kind": "HogQLQuery", "query": text}, **more})


def _kernel(world: World, action: str) -> httpx.Response:
    one = world.one()
    world.box.http.post(f"{one}kernel/start/").raise_for_status()
    if action == "status":
        made = {"code": "import pandas\nframe = pandas.DataFrame({'a': [1], 'b': ['x']})"}
        world.box.http.post(f"{one}kernel/execute/", json=made).raise_for_status()
        return world.box.http.get(f"{one}kernel/status/")
    if action == "config":
        return world.box.http.post(f"{one}kernel/config/", json={"cpu_cores": 4, "memory_gb": 8})
    if action == "complete":
        return world.box.http.post(f"{one}kernel/complete/", json={"code": "prin", "cursor_pos": 4})
    if action == "inspect":
        return world.box.http.post(f"{one}kernel/inspect/", json={"code": "len", "cursor_pos": 3, "detail_level": 0})
    return world.box.http.post(f"{one}kernel/{action}/")


def _frame(world: World, offset: int) -> httpx.Response:
    one = world.one(box=world.legacy)
    code = "import pandas\ndf = pandas.DataFrame({'event': [f'e{n}' for n in range(25)], 'n': range(25)})"
    world.legacy.http.post(f"{one}kernel/execute/", json={"code": code}).raise_for_status()
    query = {"variable_name": "df", "offset": offset, "limit": 10}
    return world.legacy.http.get(f"{one}kernel/dataframe/", params=query)


def _missed(world: World) -> httpx.Response:
    one = world.one("# T 🦔\n\nold text")
    body = {"client_id": "other-client", "version": 0, "content": _wrapped("# T 🦔\n\nnew text"), "text_content": ""}
    path = f"{one}collab/markdown_save/"
    world.box.http.post(path, json=body).raise_for_status()
    again = {"content": _wrapped("# T 🦔\n\nnew 𝔘 text"), "version": 1}
    world.box.http.post(path, json=body | again).raise_for_status()
    return world.box.http.post(path, json=body | {"client_id": "mine"})


def _busy(world: World) -> httpx.Response:
    box = world.restless
    one = world.one(box=box)
    body = {"node_id": "n", "node_type": "python", "code": "import time\ntime.sleep(60)"}
    started = box.http.post(f"{one}sql_v2/run/", json=body).json()
    answer = box.http.post(f"{one}sql_v2/run/", json=body)
    _interrupted(box, one, started["run_id"])
    return answer


def _interrupted(box: Box, one: str, run_id: str) -> httpx.Response:
    path = f"{one}sql_v2/runs/{run_id}/"
    box.http.post(f"{path}interrupt/")
    wait_for_run(box, path)
    return box.http.get(path)


def _stopped(world: World, code: str, node_type: str, *, wants_answer_to_interrupt: bool = False) -> httpx.Response:
    box = world.restless
    one = world.one(box=box)
    body = {"node_id": "n", "node_type": node_type, "code": code}
    run_id = box.http.post(f"{one}sql_v2/run/", json=body).json()["run_id"]
    if wants_answer_to_interrupt:
        answer = box.http.post(f"{one}sql_v2/runs/{run_id}/interrupt/")
        _interrupted(box, one, run_id)
        return answer
    return _interrupted(box, one, run_id)


def _running(world: World, node_type: str) -> httpx.Response:
    box = world.restless
    one = world.one(box=box)
    code = "import time\ntime.sleep(60)" if node_type == "python" else LONG_SQL
    body = {"node_id": "n", "node_type": node_type, "code": code}
    run_id = box.http.post(f"{one}sql_v2/run/", json=body).json()["run_id"]
    answer = box.http.get(f"{one}sql_v2/runs/{run_id}/")
    _interrupted(box, one, run_id)
    return answer


def _page(world: World, query: str) -> httpx.Response:
    code = "import pandas\nout = pandas.DataFrame({'i': range(120), 's': [f'r{n}' for n in range(120)]})\nout"
    _, path = world.run(code, output_name="out")
    return world.box.http.get(f"{path}page/{query}")


def _stale(world: World) -> httpx.Response:
    one, path = world.run("import pandas\nout = pandas.DataFrame({'i': [1]})\nout", output_name="out")
    world.box.http.post(f"{one}kernel/stop/")
    return world.box.http.get(f"{path}page/?offset=50&limit=50")


CHAIN = (
    '# Flow 🦔\n\nProse.\n\n<SQLV2 nodeId="a" code="SELECT 1 AS x" returnVariable="df1" />\n\n'
    '<PythonV2 nodeId="b" code="df2 = df1.head()" returnVariable="df2" />\n\n'
    '<SQLV2 nodeId="c" code="select * from missing" returnVariable="" />\n\n'
    '<Query nodeId="q" query={{"kind":"SavedInsightNode","shortId":"abc"}} />'
)


def _state(world: World) -> httpx.Response:
    one = world.one(CHAIN)
    world.run("SELECT 1 AS x", node_type="hogql", one=one, node_id="a")
    return world.box.http.get(f"{one}sql_v2/state/")


def _rich_state(world: World) -> httpx.Response:
    short_id = world.box.new_notebook()
    world.box.put_content(short_id, {"type": "doc", "content": [{"type": "paragraph"}]})
    return world.box.http.get(f"{ALL}{short_id}/sql_v2/state/")


def _whole(world: World, answer: str) -> httpx.Response:
    slow = "import time\ntime.sleep(60)" if answer in {"running", "interrupt"} else "x = 1"
    text = f'<SQLV2 nodeId="a" code="SELECT 1 AS x" />\n\n<PythonV2 nodeId="b" code={json.dumps(slow)} />'
    one = world.one(text)
    started = world.box.http.post(f"{one}runs/", json={"variables": [], "include_prepared_insights": False})
    path = f"{one}runs/{started.json()['run_id']}/"
    if answer == "start":
        wait_for_run(world.box, path)
        return started
    if answer == "done":
        wait_for_run(world.box, path)
        return world.box.http.get(path)
    seen = world.box.http.get(path)
    stopped = world.box.http.post(f"{path}interrupt/")
    return stopped if answer == "interrupt" else seen


def _ten(world: World) -> httpx.Response:
    """Fill the project's ten places, ask for an eleventh, and wait until they are free."""
    body = {"node_id": "n", "code": HALF_A_SECOND_OF_SQL}
    ones = [world.one() for _ in range(11)]
    started = [world.box.http.post(f"{one}sql_v2/run/", json=body).json()["run_id"] for one in ones[:10]]
    answer = world.box.http.post(f"{ones[10]}sql_v2/run/", json=body)
    for one, run_id in zip(ones[:10], started, strict=True):
        wait_for_run(world.box, f"{one}sql_v2/runs/{run_id}/")
    return answer


def _stream(world: World, code: str, **more: Any) -> httpx.Response:
    one = _with_kernel(world.legacy)
    return world.legacy.http.post(f"{one}kernel/execute/stream/", json={"code": code, **more})


_SHORT_SQL = {"node_type": "hogql", "output_name": "counts"}
SITUATIONS: dict[str, Callable[[World], httpx.Response]] = {
    "api/01-list-first": lambda world: _list(world, limit=5),
    "api/02-list-middle": lambda world: _list(world, limit=2, offset=2),
    "api/03-list-last": lambda world: _list(world, limit=2, offset=6),
    "api/04-list-empty": lambda world: world.box.http.get(ALL, params={"search": "nothingisnamedso"}),
    "api/08-list-old-server": lambda world: world.legacy.http.get(ALL),
    "api/09-create": lambda world: world.box.http.post(
        ALL, json={"title": "New", "content": {"type": "doc", "content": [{"type": "paragraph"}]}}
    ),
    "api/12-patch-content": _saved,
    "api/13-patch-title": lambda world: world.box.http.patch(world.one(), json={"title": "Only"}),
    "api/15-patch-deleted": lambda world: world.box.http.patch(world.one(), json={"deleted": True}),
    "api/16-markdown-export": lambda world: world.box.http.get(f"{world.one()}markdown/"),
    "api/18-activity-all-kinds": _activity,
    "api/19-activity-first": lambda world: _activity(world, "?limit=2"),
    "api/20-activity-middle": lambda world: _activity(world, "?limit=2&page=2"),
    "api/23-activity-project": lambda world: world.box.http.get(f"{ALL}activity/?limit=100000"),
    "api/25-recording-comments": _comments,
    "api/26-recording-comments-empty": lambda world: world.box.http.get(f"{ALL}recording_comments/?recording_id=x"),
    "api/28-users-me": lambda world: world.box.http.get("/api/users/@me/"),
    "api/30-key-scoped": lambda world: world.with_key("full", "GET", "/api/personal_api_keys/@current/"),
    "api/31-key-unscoped": lambda world: world.with_key("unscoped", "GET", "/api/personal_api_keys/@current/"),
    "api/33-key-read-only": lambda world: world.with_key("read_only", "GET", "/api/personal_api_keys/@current/"),
    "api/35-key-expired": lambda world: world.with_key("expired", "GET", "/api/personal_api_keys/@current/"),
    "api/37-projects": lambda world: world.box.http.get("/api/projects/"),
    "api/39-project-detail": lambda world: world.box.http.get("/api/projects/1/"),
    "api/40-organizations": lambda world: world.box.http.get("/api/organizations/"),
    "api/41-query-done": lambda world: _query(world, refresh="blocking"),
    "api/43-query-async-202": lambda world: _query(world, refresh="async"),
    "api/46-query-400": lambda world: _query(world, "selec 1"),
    "kernel/exec-01-ok-expression": lambda world: world.execute("a = 1\na + 2"),
    "kernel/exec-02-ok-statement": lambda world: world.execute("a = 1"),
    "kernel/exec-03-streams": lambda world: world.execute("import sys\nprint(1)\nprint(2, file=sys.stderr)"),
    "kernel/exec-05-timeout": lambda world: world.execute("import time\ntime.sleep(60)", timeout=0.2),
    "kernel/exec-06-media-png": lambda world: world.execute(f"{PLOT}\n'done'"),
    "kernel/exec-09-variables-null": lambda world: world.execute("a = 1", return_variables=False),
    "kernel/exec-10-huge-stdout": lambda world: world.execute("print('line\\n' * 5000)"),
    "kernel/exec-11-unicode": lambda world: world.execute("print('🦔 é')\n'日本'"),
    "kernel/exec-13-syntax-error": lambda world: world.execute("def ("),
    "kernel/http-01-status-running": lambda world: _kernel(world, "status"),
    "kernel/http-02-status-none": lambda world: world.box.http.get(f"{world.one()}kernel/status/"),
    "kernel/http-08-start-ok": lambda world: world.box.http.post(f"{world.one()}kernel/start/"),
    "kernel/http-10-restart-ok": lambda world: _kernel(world, "restart"),
    "kernel/http-12-stop-true": lambda world: _kernel(world, "stop"),
    "kernel/http-14-config-restarted": lambda world: _kernel(world, "config"),
    "kernel/http-17-compute-options": lambda world: world.box.http.get(f"{ALL}kernel/compute_options/"),
    "kernel/http-18-complete": lambda world: _kernel(world, "complete"),
    "kernel/http-20-inspect": lambda world: _kernel(world, "inspect"),
    "kernel/http-22-dataframe-first": lambda world: _frame(world, 0),
    "kernel/http-23-dataframe-last": lambda world: _frame(world, 20),
    "kernel/http-26-dataframe-400": lambda world: world.legacy.http.get(
        f"{world.one(box=world.legacy)}kernel/dataframe/?variable_name=1x"
    ),
    "kernel/http-28-401-no-key": lambda world: world.with_key("", "GET", world.one()),
    "kernel/http-29-401-bad-key": lambda world: world.with_key("expired", "GET", world.one()),
    "kernel/http-30-403-pak-not-supported": lambda world: world.with_key(
        "full", "POST", f"{world.one()}kernel/execute/", {"code": "1"}
    ),
    "kernel/http-31-403-missing-scope": lambda world: world.with_key("read_only", "PATCH", world.one(), {"title": "x"}),
    "kernel/http-34-404-flag-off": lambda world: world.boxes("flag-off").http.post(
        f"{ALL}scratchpad/sql_v2/run/", json={"node_id": "c1", "code": "select 1"}
    ),
    "kernel/http-37-405-delete": lambda world: world.box.http.delete(world.one()),
    "kernel/http-39-409-save": lambda world: world.box.http.patch(world.one(), json={"content": None, "version": 3}),
    "kernel/http-40-409-markdown-save": _missed,
    "kernel/http-42-400-title": lambda world: world.box.http.patch(world.one(), json={"title": "x" * 257}),
    "kernel/http-50-429-cells": _ten,
    "kernel/http-61-304": lambda world: world.box.http.get(world.one(), headers={"If-None-Match": "0"}),
    "kernel/http-62-409-markdown-real-crc": _missed,
    "kernel/sse-01-simple": lambda world: _stream(world, "print('hi')"),
    "kernel/sse-02-many-chunks": lambda world: _stream(world, "for n in range(50): print(n, flush=True)"),
    "kernel/sse-03-interleaved": lambda world: _stream(
        world, "import sys\nprint('a', end='', flush=True)\nprint('b', end='', file=sys.stderr, flush=True)"
    ),
    "kernel/sse-04-result-only": lambda world: _stream(world, "1 + 2"),
    "kernel/sse-06-user-error": lambda world: _stream(world, "print(1)\n1 / 0"),
    "kernel/sse-07-timeout": lambda world: _stream(
        world, "import time\nprint(1, flush=True)\ntime.sleep(60)", timeout=1
    ),
    "kernel/sse-14-huge-event": lambda world: _stream(world, "print('x' * 50000)"),
    "kernel/sse-20-media-result": lambda world: _stream(world, f"print(1)\n{PLOT}"),
    "runs/01-start-sql": lambda world: world.box.http.post(
        f"{world.one()}sql_v2/run/", json={"node_id": "s-1", "code": SQL, "refs": {}, "variables": []}
    ),
    "runs/02-start-python-refs": lambda world: world.box.http.post(
        f"{world.one()}sql_v2/run/", json={"node_id": "p-1", "node_type": "python", "code": "x = 1"}
    ),
    "runs/04-start-400-blank": lambda world: world.box.http.post(
        f"{world.one()}sql_v2/run/", json={"node_id": "s-1", "code": ""}
    ),
    "runs/06-start-409-busy": _busy,
    "runs/08-sql-running": lambda world: _running(world, "hogql"),
    "runs/09-sql-done": lambda world: world.ended(SQL, **_SHORT_SQL),
    "runs/11-sql-all-types": lambda world: world.ended(
        "SELECT toInt64(-1) AS i, 0.1 AS f, toDate('2026-01-01') AS d, ['x'] AS a, null AS n", **_SHORT_SQL
    ),
    "runs/12-sql-has-more": lambda world: world.ended("SELECT event FROM events LIMIT 300", **_SHORT_SQL),
    "runs/15-sql-failed": lambda world: world.ended("SELECT nope FROM events", **_SHORT_SQL),
    "runs/17-sql-interrupted": lambda world: _stopped(world, LONG_SQL, "hogql"),
    "runs/19-python-running": lambda world: _running(world, "python"),
    "runs/20-python-done-stdout": lambda world: world.ended("print('hello')"),
    "runs/21-python-done-frame": lambda world: world.ended(
        "import pandas\nprint('shape')\npandas.DataFrame({'event': ['signup', 'paid'], 'n': [12, 3]})"
    ),
    "runs/22-python-done-media": lambda world: world.ended(PLOT),
    "runs/25-python-failed": lambda world: world.ended("x"),
    "runs/28-python-failed-multiline": lambda world: world.ended("raise ValueError('bad: value: here\\nsecond 🦔')"),
    "runs/29-python-interrupted": lambda world: _stopped(world, "import time\nprint('tick')\ntime.sleep(60)", "python"),
    "runs/30-python-truncated": lambda world: world.ended("print('y' * 40000)"),
    "runs/34-unknown-run": lambda world: world.box.http.get(f"{world.one()}sql_v2/runs/none/"),
    "runs/38-interrupt-200": lambda world: _stopped(world, LONG_SQL, "hogql", wants_answer_to_interrupt=True),
    "runs/41-page-first": lambda world: _page(world, "?offset=0&limit=50"),
    "runs/42-page-last": lambda world: _page(world, "?offset=100&limit=50"),
    "runs/44-page-409-stale": _stale,
    "runs/46-state-dependencies": _state,
    "runs/48-state-rich-text": _rich_state,
    "runs/50-state-unknown-cell": lambda world: world.box.http.get(f"{world.one()}sql_v2/state/?cell_ids=zzz"),
    "runs/51-notebook-start": lambda world: _whole(world, "start"),
    "runs/52-notebook-running": lambda world: _whole(world, "running"),
    "runs/53-notebook-done": lambda world: _whole(world, "done"),
    "runs/56-notebook-interrupt": lambda world: _whole(world, "interrupt"),
}
