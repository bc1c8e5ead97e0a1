"""Reads one TOML file of settings; a broken one is said, never skipped."""

from __future__ import annotations

import tomllib
from pathlib import Path

from jupyter_posthog.errors import SettingsFileError


def read_toml(file: Path) -> dict[str, object]:
    """Return the file's tables; none where there is no such file.

    Raises:
        SettingsFileError: It cannot be read, or is no TOML.
    """
    try:
        return dict(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise SettingsFileError(file_name=file.name, problem=error.strerror or "it cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsFileError(file_name=file.name, problem=_in_one_line(error)) from error


def _in_one_line(error: Exception) -> str:
    return "it is not text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
