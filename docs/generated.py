"""Pages of these docs that are made from the code; ``python docs/generated.py`` writes them anew.

``tests/docs/test_generated.py`` compares them (``--update-mirrors`` does the same as this program).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import grimp

from jupyter_posthog import errors
from jupyter_posthog.api.routes import ROUTES, Route
from jupyter_posthog.errors import PosthogError
from jupyter_posthog.handlers.routing import HANDLERS
from jupyter_posthog.messages import MESSAGES

DOCS = Path(__file__).parent
_PACKAGE = "jupyter_posthog"
_VERBS = ("get", "post", "put", "patch", "delete")
# Verbs that Jupyter Server's own handlers answer, by the last part of their address; its words change by version.
_JUPYTERS_WORDS = {
    ("GET", "PATH"): "One notebook, or what a folder lists.",
    ("POST", "PATH"): "A new notebook in a project, or a copy of one (`copy_from`).",
    ("PUT", "PATH"): "Save one notebook, on `base_version`; or upload a new one.",
    ("PATCH", "PATH"): "Rename one notebook, or take it out of the trash.",
    ("DELETE", "PATH"): "Move one notebook to PostHog's trash.",
    ("GET", "checkpoints"): "List the versions seen here.",
    ("POST", "CHECKPOINT_ID"): "Store one of them as the newest version.",
    ("DELETE", "CHECKPOINT_ID"): "Refused: versions are not deleted.",
}
# Jupyter Server's authorizer is asked for these where a handler names nothing else.
_USUAL_ACTIONS = {"get": "read", "post": "write", "put": "write", "patch": "write", "delete": "write"}


def pages() -> dict[str, str]:
    """Return every generated file by its path below docs/."""
    return {
        "developers/rest.md": _rest_page(),
        "troubleshooting.md": _troubleshooting_page(),
        "images/rooms.svg": _rooms_picture(),
    }


# The REST reference.

_REST_HEAD = """# REST reference

Made from the tables of routes (`jupyter_posthog/handlers/routing.py`, `jupyter_posthog/api/routes.py`) by
`docs/generated.py`.

Every address stands below the Jupyter server's base URL and wants its authentication; Jupyter's authorizer is asked
about the resource `posthog` with the action in the table: `read`, `write`, or `execute` for what runs code or costs
money. A refusal is JSON with `reason`, `message` and `facts`; [Troubleshooting](../troubleshooting.md) explains each
reason. Paths of notebooks begin with the connection, as on the drive: `env/1/aB3dE5gH.ipynb`.

## The server extension

| Request | Action | What |
|---|---|---|
"""
_PROXY_HEAD = """
## PostHog's API through the proxy

`/posthog/api/…` asks the default connection, `/posthog/@NAME/api/…` another one; both with and without the last slash.
Only what stands here is handed on, after a check against PostHog's contract, with the connection's own credential;
nothing of Jupyter's cookies or tokens goes out. *Needs* is what a key has to hold; where it says “a session”, PostHog
refuses every key. [The documented endpoints](../endpoints.md) shows what each credential is answered.

| Request | Action | Needs | |
|---|---|---|---|
"""


def _rest_page() -> str:
    own = "".join(_handler_rows())
    return _REST_HEAD + own + _PROXY_HEAD + "".join(_route_row(route) for route in ROUTES)


def _handler_rows() -> Iterator[str]:
    for pattern, handler in HANDLERS:
        for verb in _VERBS:
            method = getattr(handler, verb)
            if "unimplemented" in method.__name__:
                continue
            inner, address = inspect.unwrap(method), _readable(pattern)
            if inner.__module__.startswith(_PACKAGE):
                what = _first_sentence(inner.__doc__)
            else:
                what = _JUPYTERS_WORDS[verb.upper(), address.rpartition("/")[2]]
            action = "by the request" if "api/" in pattern else _action(method, verb)
            yield f"| `{verb.upper()} {address}` | {action} | {what} |\n"


def _route_row(route: Route) -> str:
    needs = ", ".join(f"`{scope}`" for scope in route.scopes) or ("a key" if route.is_for_keys else "a session")
    notes = [*(["an event stream"] if route.is_streaming else []), *([] if route.is_sent else ["always refused"])]
    path = _readable(route.pattern)
    return f"| `{route.method} /posthog/api/{path}` | {route.action.value} | {needs} | {', '.join(notes)} |\n"


def _readable(pattern: str) -> str:
    """Return a pattern as people write addresses: groups by their names."""
    pattern = pattern.replace("(?:(?:@|%40)(?P<name>[^/]+)/)?", "[@NAME/]")
    pattern = re.sub(r"\(\?P<path>\(\?:\(\?:/\[\^/\]\+\)\+\|/\?\)\)", "/PATH", pattern)
    pattern = re.sub(r"\(\?P<action>([^)]*)\)", lambda found: "{" + found[1].replace("|", ",") + "}", pattern)
    pattern = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: found[1].upper(), pattern)
    return pattern.replace("\\", "")


def _action(method: object, verb: str) -> str:
    """Return the action that a handler's decorator asks the authorizer about."""
    while method is not None:
        code, closure = getattr(method, "__code__", None), getattr(method, "__closure__", None)
        named = dict(zip(code.co_freevars, closure or (), strict=False)) if code is not None else {}
        if "action" in named and named["action"].cell_contents:
            return str(named["action"].cell_contents)
        method = getattr(method, "__wrapped__", None)
    return _USUAL_ACTIONS[verb]


def _first_sentence(text: str | None) -> str:
    paragraph = " ".join((text or "").split("\n\n")[0].split())
    # The notes on PostHog's API are no part of these docs.
    paragraph = re.sub(r" \((?:posthog-api|design)\.md [^)]*\)", "", paragraph)
    paragraph = re.sub(r", (?:posthog-api|design)\.md [^)]*(?=\))", "", paragraph)
    return paragraph.replace("``", "`").replace("|", "\\|")


# Troubleshooting.

_TROUBLE_HEAD = """# Troubleshooting by message

Every message that this package says, by the reason that stands in answers and logs; made from
`jupyter_posthog/errors.py` and `messages.py` by `docs/generated.py`. Words in braces are filled in. Where PostHog
itself said why, its own words follow.

`jupyter posthog doctor` looks for the cause of most of them: see [the doctor](doctor.md).
"""
_GROUPS = {
    "SettingsError": "Connections and settings",
    "DocumentError": "Documents",
    "ApiError": "PostHog answered, and the answer is no",
    "ExecutionError": "Running cells",
    "StorageError": "Notebooks and files",
    "PosthogError": "Everything else",
}


def _troubleshooting_page() -> str:
    parts = [_TROUBLE_HEAD]
    for group, title in _GROUPS.items():
        parts.append(f"\n## {title}\n")
        for error in _errors_of(group):
            meaning = _first_sentence(error.__doc__).replace("{", "\\{")
            message = MESSAGES[error.reason].replace("\n", " ")
            parts.append(f"\n### {error.reason}\n\n> {message}\n\n{meaning}\n")
    return "".join(parts)


def _errors_of(group: str) -> list[type[PosthogError]]:
    """Return the errors below one class, in the order of errors.py, one per reason."""
    found: dict[str, type[PosthogError]] = {}
    for name, error in vars(errors).items():
        if not (inspect.isclass(error) and issubclass(error, PosthogError)) or "reason" not in vars(error):
            continue
        above = [base.__name__ for base in error.__mro__ if base.__name__ in _GROUPS]
        if (above and above[0] == group and name not in _GROUPS) or (name == group and error.reason in MESSAGES):
            found.setdefault(error.reason, error)
    return list(found.values())


# The picture of rooms.

_ROWS = (
    ("app",),
    ("handlers", "contents", "kernel", "cli"),
    ("connection", "storage", "execution"),
    ("records", "api", "document"),
    ("settings", "messages", "redaction", "live_events"),
    ("errors",),
)
_SEEN_BY_ALL = "errors"
_BOX_ROOM = "box"
_WIDTH, _ROW_HEIGHT, _ROOM_WIDTH, _ROOM_HEIGHT = 820, 110, 120, 44


def _rooms_picture() -> str:
    """Draw who imports whom, room by room; lines to ``errors``, which all see, would hide the rest."""
    graph = grimp.build_graph(_PACKAGE, cache_dir=None)
    places = _places()
    edges = sorted(
        (importer, imported)
        for importer in places
        for imported in places
        if imported not in {importer, _SEEN_BY_ALL} and _imports(graph, importer, imported)
    )
    height = len(_ROWS) * _ROW_HEIGHT + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        'aria-label="Rooms of jupyter_posthog and who imports whom" font-family="sans-serif" font-size="15">\n'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#5b6b8c"/></marker></defs>\n'
        f'<rect width="{_WIDTH}" height="{height}" rx="10" fill="#fff"/>\n'
    ]
    parts += [_line(places[importer], places[imported]) for importer, imported in edges]
    parts += [_room(name, *place) for name, place in places.items()]
    parts.append("</svg>\n")
    return "".join(parts)


def _places() -> dict[str, tuple[int, int]]:
    """Return the middle of each room."""
    places = {}
    for number, row in enumerate(_ROWS):
        step = (_WIDTH - 40) // (len(row) + (number == len(_ROWS) - 1))
        for column, name in enumerate(row):
            places[name] = (20 + step * column + step // 2, 20 + number * _ROW_HEIGHT + _ROOM_HEIGHT // 2 + 10)
    places[_BOX_ROOM] = (_WIDTH - 100, places["errors"][1])
    return places


def _imports(graph: grimp.ImportGraph, importer: str, imported: str) -> bool:
    first, second = f"{_PACKAGE}.{importer}", f"{_PACKAGE}.{imported}"
    inside = {first, *graph.find_descendants(first)}
    below = {second, *graph.find_descendants(second)}
    return any(graph.find_modules_directly_imported_by(module) & below for module in inside)


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[1] == end[1]:  # in one row: from side to side
        side = _ROOM_WIDTH // 2 if end[0] > start[0] else -_ROOM_WIDTH // 2
        points = f'x1="{start[0] + side}" y1="{start[1]}" x2="{end[0] - side}" y2="{end[1]}"'
    else:
        half = _ROOM_HEIGHT // 2
        points = f'x1="{start[0]}" y1="{start[1] + half}" x2="{end[0]}" y2="{end[1] - half}"'
    return f'<line {points} stroke="#5b6b8c" stroke-opacity=".55" stroke-width="1.3" marker-end="url(#arrow)"/>\n'


def _room(name: str, x: int, y: int) -> str:
    left, top = x - _ROOM_WIDTH // 2, y - _ROOM_HEIGHT // 2
    fill = "#fff3e0" if name == _BOX_ROOM else "#eaf0fb"
    return (
        f'<rect x="{left}" y="{top}" width="{_ROOM_WIDTH}" height="{_ROOM_HEIGHT}" rx="8" fill="{fill}" '
        f'stroke="#5b6b8c"/><text x="{x}" y="{y + 5}" text-anchor="middle" fill="#1d2739">{name}</text>\n'
    )


def write() -> None:
    """Write every page."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
