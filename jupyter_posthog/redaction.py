"""Keeps secrets out of log lines, errors and answers."""

from __future__ import annotations

import logging
import re

HIDDEN = "[hidden]"
_HTTP_LOGGERS = ("httpx", "httpcore")

# PostHog's own prefixes (posthog-api.md 2.1): keys, tokens, project secrets.
_PREFIXED = re.compile(r"\bph[xasr]_[A-Za-z0-9_\-]{4,}")
_HEADER = re.compile(
    r"(?i)\b(bearer|sessionid|posthog_csrftoken|x-csrftoken|personal_api_key)([\"']?\s*[=: ]\s*[\"']?)([^\s;,\"'&]+)"
)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Return the text with every known or recognisable secret replaced.

    Args:
        secrets: Values that must not appear, whatever they look like (very old keys have no prefix).
    """
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, HIDDEN)
    return _HEADER.sub(rf"\1\2{HIDDEN}", _PREFIXED.sub(HIDDEN, text))


class RedactingFilter(logging.Filter):
    """Redacts each record of a logger, its arguments and its traceback included."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message in place and let it pass."""
        record.msg, record.args = redact(record.getMessage(), self._secrets), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text, self._secrets)
        return True


def redact_logs(secrets: tuple[str, ...], *names: str) -> None:
    """Keep secrets out of everything that this package, its HTTP library and the named loggers log.

    The HTTP library's own lines name whole addresses, search words included; ours name method, path and status.
    """
    redacting = RedactingFilter(secrets)
    for name in ("jupyter_posthog", *_HTTP_LOGGERS, "stamina", *names):
        logging.getLogger(name).addFilter(redacting)
    for name in _HTTP_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
