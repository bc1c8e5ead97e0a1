"""Names of jupyter_server's suite as ours, both ways: it puts files into folders, we have three fixed levels.

`foo/a.ipynb` of the suite is the notebook with the title `foo/a` in project 1; its folders all stand for that project.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jupyter_server.utils import url_escape
from tornado.httpclient import HTTPResponse

from tests.box_fixture import Box

PROJECT = "env/1"
SUFFIX = ".ipynb"


class NameAdapter:
    """Takes the suite's requests to our drive, and our answers back to the suite."""

    def __init__(self, fetch: Any, box: Box, names: list[tuple[str, str]], mirror: Path) -> None:
        """Prepare.

        Args:
            names: The suite's folders and names.
            mirror: A folder in which the suite looks for files; it gets an empty one per notebook.
        """
        self._fetch = fetch
        self._box = box
        self._mirror = mirror
        self._folders = {folder for folder, _ in names}
        self.short_ids: dict[str, str] = {}
        self._has_written = False

    def fill(self, names: list[tuple[str, str]], shelf: dict[str, str]) -> list[Path]:
        """Give the suite the notebooks that it expects, and return their paths.

        Args:
            shelf: Those of the case before, where it changed none; else empty.
        """
        for folder, name in names:
            path = f"{folder}/{name}{SUFFIX}".lstrip("/")
            if path not in shelf:
                shelf[path] = self._box.new_notebook(title=path.removesuffix(SUFFIX))
        self.short_ids = dict(shelf)
        self.show_files()
        return [Path(path) for path in shelf]

    def leave(self, shelf: dict[str, str]) -> None:
        """Leave the notebooks to the next case, or the box without them where this case changed something."""
        if not self._has_written:
            return
        for short_id in {*self.short_ids.values(), *shelf.values()}:
            path = f"/api/projects/1/notebooks/{short_id}/"
            self._box.http.patch(path, json={"deleted": True}).raise_for_status()
        shelf.clear()

    def show_files(self) -> None:
        """Make the mirror show what PostHog has."""
        for file in self._mirror.rglob(f"*{SUFFIX}"):
            file.unlink()
        for path in self.short_ids:
            file = self._mirror / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()

    async def fetch(self, *parts: str, body: Any = None, **options: Any) -> HTTPResponse:
        """Ask what the suite asks."""
        if parts[:2] != ("api", "contents"):
            return await self._fetch(*parts, body=body, **options)
        self._has_written = self._has_written or options.get("method", "GET") != "GET"
        path, action = _without_action("/".join(parts[2:]).strip("/"))
        answer = await self._fetch(
            "posthog", "contents", self._ours(path), *action, body=self._body(body, path), **options
        )
        return answer if action or not answer.body else self._adapted(answer, path)

    def _ours(self, path: str) -> str:
        if path in self._folders:
            return PROJECT
        if not path.endswith(SUFFIX):
            return path  # no folder of the suite: it is to be refused
        title = path.removesuffix(SUFFIX).replace("/", "∕")
        known = self.short_ids.get(path)
        return f"{PROJECT}/{title} [{known}]{SUFFIX}" if known else f"{PROJECT}/{title}{SUFFIX}"

    def _body(self, body: Any, path: str) -> Any:
        model = json.loads(body) if body else None
        if not isinstance(model, dict):
            return body
        for name in ("path", "copy_from"):
            if isinstance(model.get(name), str):
                model[name] = self._ours(model[name])
        return json.dumps(model)

    def _adapted(self, answer: HTTPResponse, asked: str) -> HTTPResponse:
        model = self._theirs(json.loads(answer.body), asked)
        answer._body = json.dumps(model).encode()
        location = answer.headers.get("Location")
        if location:
            base = location.partition("posthog/contents/")[0]
            assert unquote(location).endswith(SUFFIX), location
            answer.headers["Location"] = f"{base}api/contents/{url_escape(model['path'])}"
        self.show_files()
        return answer

    def _theirs(self, model: dict[str, Any], asked: str) -> dict[str, Any]:
        if model["type"] == "directory":
            rows = [self._theirs(row, "") for row in model["content"] or [] if row["type"] == "notebook"]
            rows = [row for row in rows if row["path"].rpartition("/")[0] == asked]
            content = None if model["content"] is None else rows
            return model | {"name": asked.rpartition("/")[2], "path": asked, "content": content}
        title, _, short_id = model["name"].removesuffix(SUFFIX).rpartition(" [")
        path = f"{title.replace('∕', '/')}{SUFFIX}"
        if short_id.rstrip("]") in self.short_ids.values() or asked:
            self.short_ids = {name: one for name, one in self.short_ids.items() if one != short_id.rstrip("]")}
            self.short_ids[path] = short_id.rstrip("]")
        return model | {"name": path.rpartition("/")[2], "path": path}


def _without_action(path: str) -> tuple[str, tuple[str, ...]]:
    """Split what is asked of a notebook from its path."""
    name, suffix, action = path.partition(f"{SUFFIX}/")
    return (f"{name}{SUFFIX}", tuple(action.split("/"))) if suffix else (path, ())
