"""What every handler of the box does: who asks, may they, faults, answers as PostHog gives them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tornado.web import HTTPError, RequestHandler

from jupyter_posthog.box.access import READ, Access
from jupyter_posthog.box.credentials import PROJECT_ID, Caller, Given, check_project, check_scopes, identify
from jupyter_posthog.box.refusals import Refusal, bare, not_found, server_error, standard, too_large
from jupyter_posthog.box.throttles import ORDINARY, Rate

if TYPE_CHECKING:
    from jupyter_posthog.box.server import Box

Json = Any
_SAFE = {"GET", "HEAD", "OPTIONS"}
MAXIMUM_BODY = 20_971_520
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
# A wrong credential is told where credentials come from (2.2); the date of the end of the alias is not known (1.3).
_RESOURCE_METADATA = "/.well-known/oauth-protected-resource"
_ALIAS = "/api/environments/"
_ALIAS_HEADERS = {"Deprecation": "true", "Sunset": "Fri, 31 Dec 2027 23:59:59 GMT"}


class BoxHandler(RequestHandler):
    """The base of the API's handlers; ``access`` says by method what the route table asks of a caller."""

    rates: tuple[Rate, ...] = ORDINARY

    def initialize(self, box: Box, access: dict[str, Access] | None = None) -> None:
        """Take the running box and the route's row of the table."""
        self.box = box
        self.access = access or {}

    def set_default_headers(self) -> None:
        """Say on every answer below the old prefix that it is old (1.3)."""
        path = self.request.path
        if path.startswith(_ALIAS) and self.settings.get("has_environments"):
            successor = path.replace(_ALIAS, "/api/projects/", 1)
            for name, value in {**_ALIAS_HEADERS, "Link": f'<{successor}>; rel="successor-version"'}.items():
                self.set_header(name, value)

    def compute_etag(self) -> str | None:
        """Return none: PostHog's answers carry no ETag (6.6)."""
        return None

    async def prepare(self) -> None:
        """Meet a fault that was arranged, then check the caller as PostHog does."""
        await self.box.faults.meet(self)
        if self._finished:
            return
        if len(self.request.body) > MAXIMUM_BODY:
            raise too_large(MAXIMUM_BODY)
        self.caller: Caller = identify(self._given())
        project = self.path_kwargs.get("project_id")
        if project is not None:
            check_project(self.caller, self._project_id(project))
        access = self._access()
        check_scopes(self.caller, access, self.box.profile)
        if self.caller.key is not None and self.box.profile.has_rate_limits:
            self.box.throttles.count(PROJECT_ID, self.rates)
        if access.is_switched_off:
            raise not_found()

    def _access(self) -> Access:
        """Return what the method asks of a caller; HEAD is as GET, OPTIONS a way of reading (2.4)."""
        method = self.request.method or ""
        access = READ if method == "OPTIONS" else self.access.get("GET" if method == "HEAD" else method)
        if access is None:
            raise HTTPError(405)
        return access

    async def head(self, *args: str, **kwargs: str) -> None:
        """Answer as to GET, without the body."""
        answering = self.get(*args, **kwargs)
        if answering is not None:
            await answering

    def options(self, *args: str, **kwargs: str) -> None:
        """Answer what can be sent here."""
        self.set_header("Allow", self._allowed())
        kinds = {"renders": [_JSON], "parses": [_JSON, _FORM]}
        self.answer({"name": type(self).__name__.removesuffix("Handler"), "description": "", **kinds})

    def _allowed(self) -> str:
        return ", ".join([*self.access, *(["HEAD"] if "GET" in self.access else []), "OPTIONS"])

    def _given(self) -> Given:
        body = self.request.body
        # Looked for as text first: most bodies hold no key, and some are large.
        value = json_or_none(body) if b'"personal_api_key"' in body else None
        body_key = value.get("personal_api_key") if isinstance(value, dict) else None
        return Given(
            headers=self.request.headers,
            cookies={name: morsel.value for name, morsel in self.cookies.items()},
            query_key=self.get_query_argument("personal_api_key", None),
            body_key=body_key if isinstance(body_key, str) else None,
            is_safe=self.request.method in _SAFE,
        )

    def _project_id(self, text: str) -> int:
        if text == "@current":
            return PROJECT_ID
        if not (text.isascii() and text.isdigit()):
            raise not_found("Project not found.")
        return int(text)

    def body(self) -> dict[str, Json]:
        """Return the request's object, JSON or the fields of a form, as in the documentation's examples.

        Raises:
            Refusal: 400 where it is none, 415 for every other media type.
        """
        if not self.request.body:
            return {}
        kind = self.request.headers.get("Content-Type", _JSON).partition(";")[0].strip().lower()
        if kind == _FORM:
            return dict(parse_qsl(self.request.body.decode("utf-8", "replace"), keep_blank_values=True))
        if kind != _JSON:
            detail = f'Unsupported media type "{kind}" in request.'
            raise standard(415, "invalid_request", "unsupported_media_type", detail)
        try:
            value = json.loads(self.request.body)
        except (ValueError, RecursionError) as error:
            raise standard(400, "invalid_request", "parse_error", f"JSON parse error - {error}") from error
        if not isinstance(value, dict):
            raise standard(400, "validation_error", "invalid_input", "Invalid data. Expected a dictionary.")
        return value

    def integer(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        """Return an integer of the query, or its default where it is none or below the least."""
        text = self.get_query_argument(name, "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else default
        return default if number < least else min(number, most)

    def answer(self, value: Json, status: int = 200) -> None:
        """Write one JSON answer; numbers that JSON cannot say are null."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(to_json(value))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write a refusal, or PostHog's own 500."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, Refusal):
            self._refuse(error)
        elif status_code == 405:
            detail = f'Method "{self.request.method}" not allowed.'
            self.set_header("Allow", self._allowed())
            self.answer(standard(405, "invalid_request", "method_not_allowed", detail).body, 405)
        elif 400 <= status_code < 500:
            self.answer(standard(status_code, "invalid_request", "parse_error", "Malformed request.").body, status_code)
        else:
            self.answer(server_error().body, 500)

    def _refuse(self, refusal: Refusal) -> None:
        self.set_status(refusal.status)
        if refusal.status == 401 and self.box.profile.has_markdown:
            site = f"{self.request.protocol}://{self.request.host}"
            self.set_header("WWW-Authenticate", f'Bearer resource_metadata="{site}{_RESOURCE_METADATA}"')
        if refusal.body is None:
            self.clear_header("Content-Type")
            self.finish()
        else:
            self.answer(refusal.body, refusal.status)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log only what is not a refusal."""
        if not isinstance(value, Refusal):
            super().log_exception(typ, value, tb)

    def on_finish(self) -> None:
        """Keep what was asked, without any key."""
        self.box.faults.remember(self)


class MissingHandler(BoxHandler):
    """Every other path: 404 as PostHog gives it."""

    async def prepare(self) -> None:
        """Refuse."""
        await self.box.faults.meet(self)
        if not self._finished:
            raise not_found()


def unavailable(detail: str) -> Refusal:
    """Return the bare 503 of kernel endpoints (11)."""
    return bare(503, detail)


def json_or_none(raw: bytes) -> Json:
    """Return the JSON value that bytes hold, None where they hold none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def to_json(value: Json) -> str:
    """Return JSON as PostHog writes it: numbers that JSON cannot say are null (1.5)."""
    try:
        return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=True, separators=(",", ":"))


def _finite(value: Json) -> Json:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
