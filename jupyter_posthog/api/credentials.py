"""The headers that say as whom a request is made (posthog-api.md 2.2, 2.3; design.md §3, Settings)."""

from __future__ import annotations

from jupyter_posthog.settings import BrowserSession, ConnectionSettings

SAFE_METHODS = frozenset({"GET", "HEAD"})


def credential_headers(settings: ConnectionSettings, method: str) -> dict[str, str]:
    """Return the headers of one request; a secret stands nowhere else.

    A browser session repeats its CSRF token on unsafe methods, and names the host's own origin over https.
    """
    credential = settings.credential
    if not isinstance(credential, BrowserSession):
        return {"Authorization": f"Bearer {credential.value}"}
    headers = {"Cookie": f"sessionid={credential.cookie}; posthog_csrftoken={credential.csrf_token}"}
    if method not in SAFE_METHODS:
        headers["X-CSRFToken"] = credential.csrf_token
        if settings.host.startswith("https"):
            headers["Referer"] = f"{settings.host}/"
    return headers
