"""How every handler of ours refuses: one sentence, a constant reason, facts; never a traceback."""

from __future__ import annotations

import json
import traceback
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado import web

from jupyter_posthog.errors import (
    ApiError,
    FrameNotReadError,
    HostAwayError,
    NotPosthogError,
    PosthogError,
    RequestNotValidError,
    SettingsError,
    StorageError,
)
from jupyter_posthog.handlers.services import SERVICES_SETTING, Services
from jupyter_posthog.messages import sentence
from jupyter_posthog.redaction import redact

RESOURCE = "posthog"
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

#: Reasons that no other request of the same person would change.
_FORBIDDEN = {"host_not_allowed", "private_host", "feature_off", "insecure_request"}


class AnsweringHandler(APIHandler):
    """An API handler that turns a PosthogError into JSON ``{message, reason, facts, detail}``."""

    auth_resource = RESOURCE

    @property
    def services(self) -> Services:
        """The objects of this server process."""
        services: Services = self.settings[SERVICES_SETTING]()
        return services

    def set_default_headers(self) -> None:
        """Add the headers that keep an answer from being anything but data."""
        super().set_default_headers()
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write one error answer."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, web.HTTPError):
            super().write_error(status_code, **kwargs)
            return
        if not isinstance(error, PosthogError):
            error = PosthogError()  # a mistake of ours: the log has its traceback, the answer never
        self.set_status(status_of(error))
        self.set_header("Content-Type", "application/json")
        self.write_refusal(error)

    def write_refusal(self, error: PosthogError) -> None:
        """Write the body of one refusal."""
        facts = dict(error.facts)
        detail = facts.pop("detail", "")
        self.finish(json.dumps({"message": sentence(error), "reason": error.reason, "facts": facts, "detail": detail}))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log a refusal in one line; a mistake of ours with its traceback, both without secrets."""
        if isinstance(value, PosthogError):
            self.log.info("refused method=%s reason=%s", self.request.method, value.reason)
        elif isinstance(value, web.HTTPError):
            super().log_exception(typ, value, tb)
        else:
            text = "".join(traceback.format_exception(typ, value, tb))
            self.log.error("failed method=%s path=%s\n%s", self.request.method, self.request.path, self._redact(text))

    def _redact(self, text: str) -> str:
        try:
            secrets = self.services.connections.settings.secrets
        except Exception:  # noqa: BLE001  # whatever kept the services from being built is what is logged here
            secrets = ()
        return redact(text, secrets)


def status_of(error: PosthogError) -> int:
    """Return the HTTP status that tells the page what kind of refusal this is."""
    match error:
        case ApiError(status=401):
            return 403  # 401 would mean Jupyter's own login
        case ApiError() if error.status < 500:
            return error.status
        case ApiError() | NotPosthogError():
            return 502
        case HostAwayError():
            return 503
        case SettingsError(reason="unknown_connection"):
            return 404
        case SettingsError():
            return 403 if error.reason in _FORBIDDEN else 400
        case RequestNotValidError():
            return 400
        case FrameNotReadError():
            return 503
        case StorageError() if error.reason in {"base_unknown"}:
            return 409
        case StorageError() if error.reason in {"draft_gone", "version_gone"}:
            return 404
        case StorageError() if error.reason == "invalid_path":
            return 404
    return 500 if error.reason == PosthogError.reason else 400
