"""Reads every connection of one machine, strongest source first (design.md §3, Settings)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_posthog.errors import SettingsError
from jupyter_posthog.settings.connections import ENVIRONMENT_NAME, ConnectionSettings, Settings
from jupyter_posthog.settings.credentials import read_credential
from jupyter_posthog.settings.hosts import DEFAULT_HOST, app_origin
from jupyter_posthog.settings.policy import Policy, load_policy
from jupyter_posthog.settings.projects import read_project_id
from jupyter_posthog.settings.stored import CONNECTIONS_FILE, StoredKeys, stored_tables

# Each family of variables is taken whole: a host of one never meets a key of the other.
_OWN_VARIABLES = {
    "host": "POSTHOG_HOST",
    "project": "POSTHOG_PROJECT_ID",
    "key": "POSTHOG_PERSONAL_API_KEY",
    "cookie": "POSTHOG_SESSION_COOKIE",
    "csrf": "POSTHOG_CSRF_TOKEN",
}
_CLI_VARIABLES = {
    "host": "POSTHOG_CLI_HOST",
    "project": "POSTHOG_CLI_PROJECT_ID",
    "key": "POSTHOG_CLI_API_KEY",
}
_DEFAULT = "default"


def load_settings(
    environment: Mapping[str, str], config_dirs: Sequence[Path], system_dirs: Sequence[Path] = ()
) -> Settings:
    """Read every connection from the environment and from the stored files.

    Args:
        config_dirs: Jupyter's config path, strongest first; each may hold ``posthog/connections.toml``.
        system_dirs: Its folders that an administrator owns: only there a ``[policy]`` counts.
    """
    policy, policy_error = _policy(system_dirs)
    connections: dict[str, ConnectionSettings | SettingsError] = {}
    from_environment = _environment_connection(environment)
    if from_environment is not None:
        connections[ENVIRONMENT_NAME] = from_environment
    marked_default: str | None = None
    file_errors: list[SettingsError] = []
    keys = StoredKeys(config_dirs)
    for config_dir in config_dirs:
        try:
            tables = stored_tables(config_dir)
        except SettingsError as error:
            file_errors.append(error)
            continue
        for name, table in tables.items():
            if name in connections:
                continue
            # A policy that cannot be read might forbid anything, so nothing stored is used.
            connections[name] = policy_error or _stored_connection(name, table, keys, policy)
            if table.get("default") is True and marked_default is None:
                marked_default = name
    default_name = _default_name(connections, marked_default)
    return Settings(connections=connections, default_name=default_name, policy=policy, file_errors=tuple(file_errors))


def _policy(system_dirs: Sequence[Path]) -> tuple[Policy, SettingsError | None]:
    try:
        return load_policy(system_dirs), None
    except SettingsError as error:
        return Policy.closed(), error


def _default_name(connections: Mapping[str, object], marked: str | None) -> str | None:
    if ENVIRONMENT_NAME in connections:
        return ENVIRONMENT_NAME
    if marked is not None:
        return marked
    return next(iter(connections)) if len(connections) == 1 else None


def _environment_connection(environment: Mapping[str, str]) -> ConnectionSettings | SettingsError | None:
    for variables in (_OWN_VARIABLES, _CLI_VARIABLES):
        values = {part: environment.get(variable, "") for part, variable in variables.items()}
        if values["host"] or values["key"] or values.get("cookie"):
            sources = {
                "host": variables["host"] if values["host"] else _DEFAULT,
                "project": variables["project"] if values["project"] else _DEFAULT,
                "credential": variables["key" if values["key"] or "cookie" not in variables else "cookie"],
            }
            return _build(ENVIRONMENT_NAME, values, source="environment", sources=sources)
    return None


def _build(
    name: str, values: Mapping[str, str], *, source: str, sources: Mapping[str, str]
) -> ConnectionSettings | SettingsError:
    try:
        given = values.get("host", "").strip() or DEFAULT_HOST
        host, given_host = app_origin(given)
        return ConnectionSettings(
            name=name,
            host=host,
            given_host=given_host,
            project_id=read_project_id(values.get("project", "") or _project_in(given)),
            credential=read_credential(values, host=host, source=source),
            source=source,
            sources=sources,
        )
    except SettingsError as error:
        return error


def _project_in(address: str) -> str:
    """Return the project of an address that was copied from PostHog's page: ``…/project/1/…``."""
    parts = urlsplit(address if "://" in address else f"https://{address}").path.split("/")
    return parts[2] if parts[1:2] == ["project"] and len(parts) > 2 else ""


def _stored_connection(
    name: str, table: Mapping[str, object], keys: StoredKeys, policy: Policy
) -> ConnectionSettings | SettingsError:
    try:
        given = str(table.get("host", DEFAULT_HOST))
        host, _ = app_origin(given)
        policy.check_host(host)
        secrets, place = keys.find(host, name)
    except SettingsError as error:
        return error
    file = CONNECTIONS_FILE.name
    sources = {
        "host": file if "host" in table else _DEFAULT,
        "project": file if "project_id" in table else _DEFAULT,
        "credential": place or "nowhere",
    }
    values = {"host": given, "project": str(table.get("project_id", "")), **secrets}
    return _build(name, values, source=file, sources=sources)
