"""What every handler of the box does: who asks, may they, faults, answers as PostHog gives them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from tornado.web import RequestHandler

from jupyter_posthog.box.credentials import PROJECT_ID, Caller, check_project, check_scopes, identify
from jupyter_posthog.box.refusals import Refusal, bare, not_found, standard

if TYPE_CHECKING:
    from jupyter_posthog.box.server import Box

Json = Any
_SAFE = {"GET", "HEAD", "OPTIONS"}
MAXIMUM_BODY = 20_971_520


class BoxHandler(RequestHandler):
    """The base of the API's handlers; ``scopes`` says by method what a key needs, None that no key may."""

    scopes: dict[str, tuple[str, ...] | None] = {}  # noqa: RUF012  # replaced by each handler, never changed

    def initialize(self, box: Box) -> None:
        """Take the running box."""
        self.box = box

    async def prepare(self) -> None:
        """Check the caller and meet a fault that was arranged."""
        await self.box.faults.meet(self)
        if self._finished:
            return
        method = self.request.method or ""
        cookies = {name: morsel.value for name, morsel in self.cookies.items()}
        self.caller: Caller = identify(self.request.headers, cookies, is_safe=method in _SAFE)
        project = self.path_kwargs.get("project_id")
        if project is not None:
            check_project(self.caller, self._project_id(project))
        check_scopes(self.caller, self._scopes(method), self.box.profile)

    def _scopes(self, method: str) -> tuple[str, ...] | None:
        return self.scopes.get(method, ())

    def _project_id(self, text: str) -> int:
        if text == "@current":
            return PROJECT_ID
        if not text.isdigit():
            raise not_found("Project not found.")
        return int(text)

    def body(self) -> dict[str, Json]:
        """Return the request's JSON object.

        Raises:
            Refusal: 400 where it is none.
        """
        if not self.request.body:
            return {}
        try:
            value = json.loads(self.request.body)
        except ValueError as error:
            raise standard(400, "invalid_request", "parse_error", f"JSON parse error - {error}") from error
        if not isinstance(value, dict):
            raise standard(400, "validation_error", "invalid_input", "Invalid data. Expected a dictionary.")
        return value

    def integer(self, name: str, default: int, *, least: int = 0, most: int = 10_000) -> int:
        """Return an integer of the query, or its default where it is none."""
        text = self.get_query_argument(name, "")
        return min(max(int(text), least), most) if text.lstrip("-").isdigit() else default

    def answer(self, value: Json, status: int = 200) -> None:
        """Write one JSON answer; numbers that JSON cannot say are null."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(_finite(value), ensure_ascii=True, separators=(",", ":")))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write a refusal, or PostHog's own 500."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, Refusal):
            self.set_status(error.status)
            if error.body is None:
                self.finish()
            else:
                self.answer(error.body, error.status)
        elif status_code == 405:
            detail = f'Method "{self.request.method}" not allowed.'
            self.answer(standard(405, "invalid_request", "method_not_allowed", detail).body, 405)
        else:
            self.answer(standard(500, "server_error", "error", "A server error occurred.").body, 500)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log only what is not a refusal."""
        if not isinstance(value, Refusal):
            super().log_exception(typ, value, tb)

    def on_finish(self) -> None:
        """Keep what was asked, without any key."""
        self.box.faults.remember(self)


class MissingHandler(BoxHandler):
    """Every other path below /api: 404 as PostHog gives it."""

    async def prepare(self) -> None:
        """Refuse."""
        await self.box.faults.meet(self)
        if not self._finished:
            raise not_found()


def unavailable(detail: str) -> Refusal:
    """Return the bare 503 of kernel endpoints (11)."""
    return bare(503, detail)


def _finite(value: Json) -> Json:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
