"""Which PostHog to speak to, and as whom: settings from the environment and from stored files.

Server, kernel and command line read them through this one module (design.md §3, Settings).
"""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_posthog.errors import (
    InsecureHostError,
    MixedCredentialsError,
    NoCredentialError,
    NotAnApiKeyError,
    NotConnectedError,
    OpenKeyFileError,
    SettingsError,
    UnknownConnectionError,
)

DEFAULT_HOST = "https://us.posthog.com"
ENVIRONMENT_NAME = "env"
KEYRING_SERVICE = "jupyter-posthog"
_LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}
# Hosts that only take events, and the host of the app that belongs to each (posthog-api.md 1.1).
_INGESTION_HOSTS = {
    "us.i.posthog.com": "us.posthog.com",
    "eu.i.posthog.com": "eu.posthog.com",
    "us-assets.i.posthog.com": "us.posthog.com",
    "eu-assets.i.posthog.com": "eu.posthog.com",
}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """One usable connection.

    Attributes:
        host: Origin of the app, without a path: ``https://eu.posthog.com``.
        project_id: The default project; None means the user's current one.
        given_host: What stood in the settings, where an ingestion host was mapped to the app's.
    """

    name: str
    host: str
    project_id: int | None
    credential: Credential
    source: str
    given_host: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that may appear nowhere outside a request header."""
        if isinstance(self.credential, BrowserSession):
            return (self.credential.cookie, self.credential.csrf_token)
        return (self.credential.value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every connection by name, in order of strength; a broken one is kept as its error."""

    connections: Mapping[str, ConnectionSettings | SettingsError]
    default_name: str | None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets of every connection, for the log's redactor."""
        usable = [found for found in self.connections.values() if isinstance(found, ConnectionSettings)]
        return tuple(secret for found in usable for secret in found.secrets)

    def connection(self, name: str | None = None) -> ConnectionSettings:
        """Return one connection, or the default one.

        Raises:
            NotConnectedError: No name was given and there is no default.
            UnknownConnectionError: No connection has this name.
            SettingsError: The connection exists, but its settings are broken.
        """
        if name is None:
            name = self.default_name
        if name is None:
            raise NotConnectedError()
        found = self.connections.get(name)
        if found is None:
            raise UnknownConnectionError(name=name)
        if isinstance(found, SettingsError):
            raise found
        return found


def load_settings(environment: Mapping[str, str], config_dirs: Sequence[Path]) -> Settings:
    """Read every connection from the environment and from the stored files.

    Args:
        config_dirs: Jupyter's config path, strongest first; each may hold ``posthog/connections.toml``.
    """
    connections: dict[str, ConnectionSettings | SettingsError] = {}
    from_environment = _environment_connection(environment)
    if from_environment is not None:
        connections[ENVIRONMENT_NAME] = from_environment
    marked_default: str | None = None
    for config_dir in config_dirs:
        for name, table in _stored_tables(config_dir).items():
            if name in connections:
                continue
            connections[name] = _stored_connection(name, table, config_dirs)
            if table.get("default") is True and marked_default is None:
                marked_default = name
    return Settings(connections=connections, default_name=_default_name(connections, marked_default))


def _default_name(connections: Mapping[str, object], marked: str | None) -> str | None:
    if ENVIRONMENT_NAME in connections:
        return ENVIRONMENT_NAME
    if marked is not None:
        return marked
    return next(iter(connections)) if len(connections) == 1 else None


def _environment_connection(environment: Mapping[str, str]) -> ConnectionSettings | SettingsError | None:
    # Each family is taken whole: a host of one never meets a key of the other.
    own = {
        "host": environment.get("POSTHOG_HOST", ""),
        "project_id": environment.get("POSTHOG_PROJECT_ID", ""),
        "key": environment.get("POSTHOG_PERSONAL_API_KEY", ""),
        "cookie": environment.get("POSTHOG_SESSION_COOKIE", ""),
        "csrf": environment.get("POSTHOG_CSRF_TOKEN", ""),
    }
    posthog_cli = {
        "host": environment.get("POSTHOG_CLI_HOST", ""),
        "project_id": environment.get("POSTHOG_CLI_PROJECT_ID", ""),
        "key": environment.get("POSTHOG_CLI_API_KEY", ""),
    }
    for family in (own, posthog_cli):
        if family["host"] or family["key"] or family.get("cookie"):
            return _build(ENVIRONMENT_NAME, family, source="environment")
    return None


def _build(name: str, values: Mapping[str, str], *, source: str) -> ConnectionSettings | SettingsError:
    try:
        host, given_host = _app_origin(values.get("host") or DEFAULT_HOST)
        return ConnectionSettings(
            name=name,
            host=host,
            given_host=given_host,
            project_id=_project_id(values.get("project_id", "")),
            credential=_credential(values, host=host, source=source),
            source=source,
        )
    except SettingsError as error:
        return error


def _project_id(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _credential(values: Mapping[str, str], *, host: str, source: str) -> Credential:
    key, cookie = values.get("key", "").strip(), values.get("cookie", "").strip()
    if key and cookie:
        raise MixedCredentialsError(source=source)
    if cookie:
        return BrowserSession(cookie=cookie, csrf_token=values.get("csrf", "").strip())
    if not key:
        raise NoCredentialError(host=host)
    if key.startswith(("phc_", "phs_")):
        raise NotAnApiKeyError(prefix=key[:4])
    if not key.isascii() or not key.isprintable() or " " in key:
        raise NotAnApiKeyError(prefix="")
    return OAuthToken(value=key) if key.startswith("pha_") else PersonalApiKey(value=key)


def _app_origin(given: str) -> tuple[str, str]:
    """Return the app's origin, and the given host where it was an ingestion host."""
    parts = urlsplit(given if "://" in given else f"https://{given}")
    hostname = (parts.hostname or "").lower()
    if hostname in _INGESTION_HOSTS:
        return f"https://{_INGESTION_HOSTS[hostname]}", hostname
    if parts.scheme not in {"https", "http"} or not hostname:
        raise InsecureHostError(host=given)
    if parts.scheme == "http" and hostname not in _LOOPBACK_HOSTS:
        raise InsecureHostError(host=hostname)
    shown = f"[{hostname}]" if ":" in hostname else hostname
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise InsecureHostError(host=given) from error
    return f"{parts.scheme}://{shown}{port}", ""


def _stored_tables(config_dir: Path) -> dict[str, dict[str, object]]:
    try:
        text = (config_dir / "posthog" / "connections.toml").read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    tables = tomllib.loads(text).get("connections", {})
    return {name: table for name, table in tables.items() if isinstance(table, dict)}


def _stored_connection(
    name: str, table: Mapping[str, object], config_dirs: Sequence[Path]
) -> ConnectionSettings | SettingsError:
    try:
        # A key belongs to an origin, so a file that re-points a name gets no key.
        host, _ = _app_origin(str(table.get("host", DEFAULT_HOST)))
        secrets = _stored_secrets(host, config_dirs)
    except SettingsError as error:
        return error
    values = {"host": host, "project_id": str(table.get("project_id", "")), **secrets}
    return _build(name, values, source="connections.toml")


def _stored_secrets(origin: str, config_dirs: Sequence[Path]) -> dict[str, str]:
    for config_dir in config_dirs:
        file = config_dir / "posthog" / "keys.json"
        if not file.is_file():
            continue
        if os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise OpenKeyFileError(file_name=file.name)
        found = json.loads(file.read_text(encoding="utf-8")).get(origin)
        if isinstance(found, dict):
            return {str(name): str(value) for name, value in found.items()}
    return _keyring_secrets(origin)


def _keyring_secrets(origin: str) -> dict[str, str]:
    import keyring
    from keyring.errors import KeyringError

    try:
        key = keyring.get_password(KEYRING_SERVICE, origin)
    except KeyringError:
        # No keyring on this machine, or a locked one: the same as no key stored there.
        return {}
    return {"key": key} if key else {}
