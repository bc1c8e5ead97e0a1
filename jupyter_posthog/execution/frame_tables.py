"""Writes a table to a Parquet or Arrow file part by part, by whichever library is installed here."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from jupyter_posthog.errors import PackageMissingError
from jupyter_posthog.execution.column_types import Cell, ColumnType

PARQUET, ARROW = ".parquet", ".arrow"
ENDINGS = (PARQUET, ARROW)
_PURPOSE = "Writing a frame to a file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the file; names are told apart where the frame has one twice."""

    name: str
    kind: ColumnType


class TableWriter(Protocol):
    """An open file of rows."""

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows, each with a value per column."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...

    def abandon(self) -> None:
        """Let go of a file that is not finished."""
        ...


def open_table(file: Path, ending: str, columns: Sequence[Column]) -> TableWriter:
    """Open a file for a table.

    Args:
        ending: ``.parquet`` or ``.arrow``: what to write, whatever the file is called until it is whole.

    Raises:
        PackageMissingError: Neither pyarrow nor, for Parquet, DuckDB is installed here.
    """
    if find_spec("pyarrow") is not None:
        return _ArrowWriter(file, ending, columns)
    if ending == PARQUET and find_spec("duckdb") is not None:
        return _DuckdbWriter(file, columns)
    raise PackageMissingError(packages="pyarrow", purpose=_PURPOSE)


class _ArrowWriter:
    def __init__(self, file: Path, ending: str, columns: Sequence[Column]) -> None:
        import pyarrow
        import pyarrow.parquet

        self._arrow: Any = pyarrow
        kinds = {
            ColumnType.INTEGER: pyarrow.int64(),
            ColumnType.UNSIGNED: pyarrow.uint64(),
            ColumnType.NUMBER: pyarrow.float64(),
            ColumnType.BOOLEAN: pyarrow.bool_(),
            ColumnType.DATE: pyarrow.date32(),
            ColumnType.MOMENT: pyarrow.timestamp("us"),
            ColumnType.ZONED_MOMENT: pyarrow.timestamp("us", tz="UTC"),
            ColumnType.TEXT: pyarrow.string(),
        }
        self._schema: Any = pyarrow.schema([(column.name, kinds[column.kind]) for column in columns])
        self._writer: Any = (
            pyarrow.parquet.ParquetWriter(file, self._schema)
            if ending == PARQUET
            else pyarrow.ipc.new_file(str(file), self._schema)
        )

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; see ``TableWriter``."""
        values = list(zip(*rows, strict=True)) if rows else [() for _ in self._schema]
        arrays = [
            self._arrow.array(column, type=field.type) for column, field in zip(values, self._schema, strict=True)
        ]
        self._writer.write_batch(self._arrow.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()

    def abandon(self) -> None:
        """Let go of the file; see ``TableWriter``."""
        self._writer.close()


_DUCKDB_TYPES = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.UNSIGNED: "UBIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.MOMENT: "TIMESTAMP",
    ColumnType.ZONED_MOMENT: "TIMESTAMP WITH TIME ZONE",
    ColumnType.TEXT: "VARCHAR",
}


class _DuckdbWriter:
    """Parquet by DuckDB, whose own file on disk holds the rows until all are there."""

    def __init__(self, file: Path, columns: Sequence[Column]) -> None:
        import duckdb

        self._file = file
        self._folder = tempfile.TemporaryDirectory(prefix="posthog-frame-")
        self._database: Any = duckdb.connect(str(Path(self._folder.name) / "rows.duckdb"))
        listed = ", ".join(f"{_quoted(column.name)} {_DUCKDB_TYPES[column.kind]}" for column in columns)
        self._database.execute(f"CREATE TABLE rows ({listed})")
        self._insert = f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})"  # noqa: S608  # only places

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows; see ``TableWriter``."""
        if rows:
            self._database.begin()
            self._database.executemany(self._insert, [list(row) for row in rows])
            self._database.commit()

    def close(self) -> None:
        """Finish the file."""
        path = str(self._file).replace("'", "''")
        self._database.execute(f"COPY rows TO '{path}' (FORMAT parquet)")
        self.abandon()

    def abandon(self) -> None:
        """Let go of the file; see ``TableWriter``."""
        self._database.close()
        self._folder.cleanup()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
