"""As whom to speak: a personal API key, an OAuth token or a browser session (posthog-api.md 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jupyter_posthog.errors import MixedCredentialsError, NoCredentialError, NotAnApiKeyError

_EVENT_TOKENS = ("phc_", "phs_")
_OAUTH = "pha_"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalApiKey:
    """A personal API key (``phx_…``; very old ones have no prefix)."""

    value: str = field(repr=False)
    kind = "personal_api_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthToken:
    """An OAuth access token (``pha_…``)."""

    value: str = field(repr=False)
    kind = "oauth_token"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    """The cookies ``sessionid`` and ``posthog_csrftoken`` of a browser that is logged in."""

    cookie: str = field(repr=False)
    csrf_token: str = field(repr=False)
    kind = "session"


Credential = PersonalApiKey | OAuthToken | BrowserSession


def read_credential(values: Mapping[str, str], *, host: str, source: str) -> Credential:
    """Return the credential that one source names under ``key``, or under ``cookie`` and ``csrf``.

    Raises:
        MixedCredentialsError: Both are named.
        NoCredentialError: Neither is named.
        NotAnApiKeyError: What is named can be no credential.
    """
    key, cookie = values.get("key", "").strip(), values.get("cookie", "").strip()
    if key and cookie:
        raise MixedCredentialsError(source=source)
    if cookie:
        csrf_token = values.get("csrf", "").strip()
        for part in (cookie, csrf_token):
            _check_is_header_text(part)
        return BrowserSession(cookie=cookie, csrf_token=csrf_token)
    if not key:
        raise NoCredentialError(host=host)
    if key.startswith(_EVENT_TOKENS):
        raise NotAnApiKeyError(prefix=key[:4])
    _check_is_header_text(key)
    return OAuthToken(value=key) if key.startswith(_OAUTH) else PersonalApiKey(value=key)


def _check_is_header_text(value: str) -> None:
    # A blank, a line end or a semicolon would end the header's value; none is part of any credential.
    if not value.isascii() or not value.isprintable() or set(value) & set(' ;,"'):
        raise NotAnApiKeyError(prefix="")
