"""Runs inside each kernel of the box: what the box asks about frames. Not imported by the box itself."""

import ast as _ast
import json as _json
import os as _os
import signal as _signal
import threading as _threading
import time as _time
from pathlib import Path as _Path
from typing import Any as _Any

from IPython import get_ipython as _ipython


class _ph:
    """The box's own functions; not for users (posthog-api.md 11.8)."""

    LONGEST_VALUE = 10_000

    @staticmethod
    def load(name: str, file: str) -> None:
        """Bind rows that the box wrote to a file as a pandas frame; moments become moments."""
        import pandas

        table = _json.loads(_Path(file).read_text(encoding="utf-8"))
        frame = pandas.DataFrame(table["rows"], columns=table["columns"])
        for place, kind in enumerate(table["types"]):
            if "Date" in kind and not kind.startswith(("Array", "Map", "Tuple")):
                moments: _Any = pandas.to_datetime(frame.iloc[:, place], format="ISO8601", errors="coerce")
                frame.isetitem(place, moments)
        _ipython().user_ns[name] = frame

    @staticmethod
    def bind(text: str) -> None:
        """Bind a notebook's variables as globals (posthog-api.md 6.3)."""
        _ipython().user_ns.update(_json.loads(text))

    @staticmethod
    def query(sql: str, name: str) -> _Any:
        """Run SQL over the frames of this kernel and bind its rows; return them for the display."""
        import duckdb

        space = _ipython().user_ns
        relation = eval("duckdb.sql(sql)", space, {"duckdb": duckdb, "sql": sql})
        frame = None if relation is None else relation.df()
        if frame is not None:
            space[name or "_"] = frame
        return frame

    @staticmethod
    def result(count: int, name: str) -> str:
        """Describe the frame that a cell gave: its value, else what it bound to its name."""
        space = _ipython().user_ns
        value = space.get("Out", {}).get(count)
        if not _ph._is_frame(value):
            value = space.get(name) if name and value is None else None
        if not _ph._is_frame(value):
            return "null"
        frame = value.to_frame() if value.ndim == 1 else value
        if name:
            space[name] = frame
        return _json.dumps(_ph._page(frame, 0, 50))

    @staticmethod
    def page(name: str, offset: int, limit: int) -> str:
        """Return some rows of a frame, null where the name holds none."""
        value = _ipython().user_ns.get(name)
        if not _ph._is_frame(value):
            return "null"
        return _json.dumps(_ph._page(value.to_frame() if value.ndim == 1 else value, offset, limit))

    @staticmethod
    def frames() -> str:
        """List the frames of the kernel, and the tables and views of its DuckDB."""
        found = []
        for name, value in list(_ipython().user_ns.items()):
            if not name.startswith("_") and _ph._is_frame(value) and value.ndim == 2:
                columns = [[str(column), _ph._type(value.iloc[:, place])] for place, column in enumerate(value.columns)]
                found.append(_ph._frame(name, "frame", columns, len(value)))
        return _json.dumps(found + _ph._tables())

    @staticmethod
    def variables(code: str) -> str:
        """Describe what a piece of code has bound: its exported variables (11.6)."""
        space = _ipython().user_ns
        return _json.dumps({name: _ph._variable(space, name) for name in _ph._bound_by(code)})

    @staticmethod
    def _variable(space: dict[str, _Any], name: str) -> dict[str, _Any]:
        if name not in space:
            return {"status": "error", "ename": "NameError", "evalue": f"name '{name}' is not defined", "traceback": []}
        value = space[name]
        try:
            text = repr(value)[: _ph.LONGEST_VALUE]
        except Exception as error:  # noqa: BLE001  # whatever a user's class raises
            return {"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": []}
        shown = {"data": {"text/plain": text}, "metadata": {}, "hogql_query": None}
        return {"status": "ok", "type": type(value).__name__, **shown}

    @staticmethod
    def _bound_by(code: str) -> list[str]:
        try:
            body = _ast.parse(code).body
        except (SyntaxError, ValueError, RecursionError):
            return []
        found = {}
        for statement in body:
            if isinstance(statement, _ast.Assign | _ast.AnnAssign | _ast.AugAssign):
                names = [node.id for node in _ast.walk(statement) if isinstance(node, _ast.Name) and _ph._stores(node)]
                found.update(dict.fromkeys(names))
        return [name for name in found if not name.startswith("_")]

    @staticmethod
    def _stores(node: _Any) -> bool:
        return isinstance(node.ctx, _ast.Store)

    @staticmethod
    def _tables() -> list[dict[str, _Any]]:
        import sys

        duckdb = sys.modules.get("duckdb")
        if duckdb is None:
            return []
        columns: dict[str, list[list[str]]] = {}
        for table, column, kind in duckdb.sql(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY column_index"
        ).fetchall():
            columns.setdefault(table, []).append([column, kind])
        counts = dict(duckdb.sql("SELECT table_name, estimated_size FROM duckdb_tables()").fetchall())
        return [
            _ph._frame(name, "table" if name in counts else "view", found, counts.get(name), is_estimate=name in counts)
            for name, found in columns.items()
        ]

    @staticmethod
    def _frame(
        name: str, kind: str, columns: list[list[str]], count: int | None, *, is_estimate: bool = False
    ) -> dict[str, _Any]:
        counted = {"row_count": count, "row_count_is_estimate": is_estimate}
        return {"name": name, "kind": kind, "columns": columns, **counted}

    @staticmethod
    def _is_frame(value: _Any) -> bool:
        import sys

        pandas = sys.modules.get("pandas")
        return pandas is not None and isinstance(value, pandas.DataFrame | pandas.Series)

    @staticmethod
    def _page(frame: _Any, offset: int, limit: int) -> dict[str, _Any]:
        part = frame.iloc[offset : offset + limit]
        rows = [[_ph._plain(value) for value in row] for row in part.itertuples(index=False, name=None)]
        return {
            "columns": [str(column) for column in frame.columns],
            "types": [[str(name), _ph._type(frame.iloc[:, place])] for place, name in enumerate(frame.columns)],
            "row_count": len(frame),
            "first_page": rows,
            "has_more": offset + limit < len(frame),
        }

    @staticmethod
    def _plain(value: _Any) -> _Any:
        if hasattr(value, "isoformat"):
            text = str(value.isoformat())
            return None if text == "NaT" else text
        if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
            value = value.item()
        if value is None or isinstance(value, bool | int | str):
            return value[: _ph.LONGEST_VALUE] if isinstance(value, str) else value
        if isinstance(value, float):
            return value if value == value and abs(value) != float("inf") else None
        return None if type(value).__name__ == "NAType" else str(value)[: _ph.LONGEST_VALUE]

    @staticmethod
    def _type(series: _Any) -> str:
        kind = getattr(series.dtype, "kind", "O")
        if kind in {"i", "u"}:
            size = {1: "TINYINT", 2: "SMALLINT", 4: "INTEGER"}.get(series.dtype.itemsize, "BIGINT")
            return f"U{size}" if kind == "u" else size
        if kind == "M":
            return "TIMESTAMP" if getattr(series.dtype, "tz", None) is None else "TIMESTAMP WITH TIME ZONE"
        return {"f": "DOUBLE", "b": "BOOLEAN", "m": "INTERVAL"}.get(kind, "VARCHAR")


def _end_with_parent(parent: int) -> None:
    """End this kernel and what it started when the box is gone, however it went."""
    while _os.getppid() == parent:
        _time.sleep(0.3)
    _os.killpg(_os.getpgid(0), _signal.SIGKILL)


if _os.getpgid(0) == _os.getpid():
    _threading.Thread(target=_end_with_parent, args=(_os.getppid(),), daemon=True).start()
