"""A person's own ``connections.toml``: tables are added and taken out, everything else stays as it was written."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from jupyter_posthog.errors import SettingsFileError
from jupyter_posthog.records.files import write_text
from jupyter_posthog.settings import CONNECTIONS_FILE

Table = dict[str, object]
_HEADER = re.compile(r"\s*\[(?P<inside>[^\[\]]+)\]\s*(#.*)?$")
_DEFAULT = re.compile(r"\s*default\s*=")


class ConnectionsFile:
    """The file in one person's config folder."""

    def __init__(self, config_dir: Path) -> None:
        self._file = config_dir / CONNECTIONS_FILE

    @property
    def tables(self) -> dict[str, Table]:
        """The connections in the file, by name."""
        return _tables(self._parsed(self._text()))

    def put(self, name: str, table: Mapping[str, str | int | bool], *, default: str | None) -> None:
        """Write one connection.

        Args:
            default: The connection that is marked as the default one after it; None leaves the marks alone.

        Raises:
            SettingsFileError: The file is written in a form that cannot be changed here; it was left alone.
        """
        expected: dict[str, Table] = {**self.tables, name: dict(table)}
        text = _without(self._text(), name)
        text = f"{text.rstrip()}\n\n{_written(name, table)}".lstrip()
        if default is not None:
            for other in expected.values():
                other.pop("default", None)
            expected[default]["default"] = True
            text = _marked(text, default)
        self._replace(text, expected)

    def remove(self, name: str) -> None:
        """Take one connection out.

        Raises:
            SettingsFileError: The file is written in a form that cannot be changed here; it was left alone.
        """
        expected = self.tables
        expected.pop(name, None)
        self._replace(_without(self._text(), name), expected)

    def _replace(self, text: str, expected: dict[str, Table]) -> None:
        # Lines are cut and added as text so that comments stay; whether that did what it should is read back.
        before = self._parsed(self._text())
        after = self._parsed(text)
        before.pop("connections", None)
        if _tables(after) != expected or {**after, "connections": None} != {**before, "connections": None}:
            raise self._error("it is written in a form that cannot be changed here; edit it by hand")
        write_text(self._file, text)

    def _text(self) -> str:
        try:
            return self._file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise self._error("it cannot be read") from error

    def _parsed(self, text: str) -> dict[str, object]:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise self._error(str(error)) from error

    def _error(self, problem: str) -> SettingsFileError:
        return SettingsFileError(file_name=self._file.name, problem=problem)


def _tables(parsed: Mapping[str, object]) -> dict[str, Table]:
    found = parsed.get("connections", {})
    return {name: table for name, table in found.items() if isinstance(table, dict)} if isinstance(found, dict) else {}


def _written(name: str, table: Mapping[str, str | int | bool]) -> str:
    # JSON's texts, numbers and booleans are TOML's too.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    return "\n".join([f"[connections.{name}]", *lines]) + "\n"


def _name_in(line: str) -> str | None:
    """Return the connection whose table begins in a line; an empty text for another table, None for no header."""
    header = _HEADER.match(line)
    if header is None:
        return None
    parts = [part.strip().strip("\"'") for part in header["inside"].split(".")]
    return parts[1] if len(parts) == 2 and parts[0] == "connections" else ""


def _without(text: str, name: str) -> str:
    kept, is_inside = [], False
    for line in text.splitlines(keepends=True):
        found = _name_in(line)
        is_inside = found == name if found is not None else is_inside
        if not is_inside:
            kept.append(line)
    return "".join(kept)


def _marked(text: str, default: str) -> str:
    lines, inside = [], ""
    for line in text.splitlines(keepends=True):
        found = _name_in(line)
        inside = found if found is not None else inside
        if inside and _DEFAULT.match(line):
            continue
        lines.append(line)
        if found == default:
            lines.append("default = true\n")
    return "".join(lines)
