"""Where a person's keys are kept: in the keyring where there is a usable one, else in a file of their own."""

from __future__ import annotations

import json
from pathlib import Path

from jupyter_posthog.errors import KeyNotStoredError
from jupyter_posthog.records.files import JsonValue, write_json
from jupyter_posthog.settings import KEYRING_SERVICE, KEYS_FILE, BrowserSession, Credential
from jupyter_posthog.settings.stored import own_entry, read_keys, secrets_from_text

#: keyring's own measure: 1 and more is a real keyring of the system, less is none or a plain file.
_USABLE_PRIORITY = 1.0


class KeyStore:
    """Stores secrets by origin, and for one connection of its own beside it."""

    def __init__(self, config_dir: Path, *, uses_keyring: bool = True) -> None:
        """Prepare.

        Args:
            uses_keyring: False keeps keys in the file, for servers that cannot unlock a keyring.
        """
        self._file = config_dir / KEYS_FILE
        self._uses_keyring = uses_keyring

    def entry_for(self, origin: str, name: str, credential: Credential, *, is_shared: bool) -> str:
        """Return where a connection's key goes: to its origin, or to itself where others use another key there."""
        stored = self._found(origin)
        if not is_shared or stored in ({}, secrets_of(credential)):
            return origin
        return own_entry(origin, name)

    def put(self, entry: str, credential: Credential) -> str:
        """Store one credential and return the place: ``keyring`` or the file's name.

        Raises:
            KeyNotStoredError: Neither took it.
        """
        secrets = secrets_of(credential)
        if self._uses_keyring and _put_in_keyring(entry, secrets):
            self._drop_from_file(entry)
            return "keyring"
        keys = read_keys(self._file)
        keys[entry] = secrets
        self._write(keys)
        return self._file.name

    def remove(self, entry: str) -> None:
        """Forget one credential, wherever it is."""
        self._drop_from_file(entry)
        _drop_from_keyring(entry)

    def _found(self, entry: str) -> dict[str, str]:
        return read_keys(self._file).get(entry) or _read_keyring(entry)

    def _drop_from_file(self, entry: str) -> None:
        keys = read_keys(self._file)
        if keys.pop(entry, None) is not None:
            self._write(keys)

    def _write(self, keys: dict[str, dict[str, str]]) -> None:
        value: dict[str, JsonValue] = {entry: dict(secrets) for entry, secrets in keys.items()}
        try:
            write_json(self._file, value)
        except OSError as error:
            raise KeyNotStoredError(problem=error.strerror or "the file cannot be written") from error


def secrets_of(credential: Credential) -> dict[str, str]:
    """Return what is stored of a credential."""
    if isinstance(credential, BrowserSession):
        return {"cookie": credential.cookie, "csrf": credential.csrf_token}
    return {"key": credential.value}


def _put_in_keyring(entry: str, secrets: dict[str, str]) -> bool:
    import keyring
    from keyring.errors import KeyringError

    if keyring.get_keyring().priority < _USABLE_PRIORITY:
        return False
    try:
        keyring.set_password(KEYRING_SERVICE, entry, json.dumps(secrets))
    except (KeyringError, OSError):
        # A locked keyring, or one without a session bus: the file takes the key.
        return False
    return _read_keyring(entry) == secrets


def _read_keyring(entry: str) -> dict[str, str]:
    import keyring
    from keyring.errors import KeyringError

    try:
        return secrets_from_text(keyring.get_password(KEYRING_SERVICE, entry))
    except KeyringError:
        return {}


def _drop_from_keyring(entry: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    if not _read_keyring(entry):
        return
    try:
        keyring.delete_password(KEYRING_SERVICE, entry)
    except KeyringError as error:
        raise KeyNotStoredError(problem="the keyring does not let go of it") from error
