"""Stored connections and stored keys: ``connections.toml`` and, by origin, keyring or ``keys.json``."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from jupyter_posthog.errors import OpenKeyFileError, SettingsFileError
from jupyter_posthog.settings.toml_files import read_toml

CONNECTIONS_FILE = Path("posthog") / "connections.toml"
KEYS_FILE = Path("posthog") / "keys.json"
KEYRING_SERVICE = "jupyter-posthog"


def stored_tables(config_dir: Path) -> dict[str, dict[str, object]]:
    """Return the connections that one folder of Jupyter's config path names.

    Raises:
        SettingsFileError: The file cannot be read or understood.
    """
    file = config_dir / CONNECTIONS_FILE
    tables = read_toml(file).get("connections", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SettingsFileError(file_name=file.name, problem="each connection is a table [connections.NAME]")
    return tables


class StoredKeys:
    """The stored secrets of one person.

    A key belongs to an origin, so a file that re-points a name gets no key; one connection can have a key of its own
    at that origin, beside the origin's key.
    """

    def __init__(self, config_dirs: Sequence[Path]) -> None:
        self._files = tuple(config_dir / KEYS_FILE for config_dir in config_dirs)

    def find(self, origin: str, name: str) -> tuple[dict[str, str], str]:
        """Return the secrets for one connection and the place they came from; none and an empty text else.

        Raises:
            OpenKeyFileError: Others on this machine can read the file.
            SettingsFileError: The file is no JSON object.
        """
        for entry in (own_entry(origin, name), origin):
            for file in self._files:
                found = read_keys(file).get(entry)
                if found:
                    return dict(found), file.name
            found = _keyring_secrets(entry)
            if found:
                return dict(found), "keyring"
        return {}, ""


def own_entry(origin: str, name: str) -> str:
    """Return the name under which a connection's own key is stored."""
    return f"{origin}#{name}"


def read_keys(file: Path) -> dict[str, dict[str, str]]:
    """Return the secrets of one key file by origin.

    Raises:
        OpenKeyFileError: Others on this machine can read the file.
        SettingsFileError: The file cannot be read, or is no JSON object.
    """
    if not file.is_file():
        return {}
    if os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise OpenKeyFileError(file_name=file.name)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        # The text of the error could quote the file.
        raise SettingsFileError(file_name=file.name, problem="it is no JSON that can be read") from error
    if not isinstance(found, dict):
        raise SettingsFileError(file_name=file.name, problem="it is no JSON object")
    return {origin: _texts(secrets) for origin, secrets in found.items() if isinstance(secrets, dict)}


def secrets_from_text(text: str | None) -> dict[str, str]:
    """Read what a keyring holds for one entry: a key alone, or a session's two values as JSON."""
    if not text:
        return {}
    if not text.startswith("{"):
        return {"key": text}
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return _texts(found) if isinstance(found, dict) else {}


def _keyring_secrets(entry: str) -> dict[str, str]:
    import keyring
    from keyring.errors import KeyringError

    try:
        return secrets_from_text(keyring.get_password(KEYRING_SERVICE, entry))
    except KeyringError:
        # No keyring on this machine, or a locked one: the same as no key stored there.
        return {}


def _texts(secrets: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in secrets.items()}
