"""Runs inside each kernel of the box: what the box asks about frames. Not imported by the box itself."""

import json as _json
from pathlib import Path as _Path
from typing import Any as _Any

from IPython import get_ipython as _ipython


class _ph:
    """The box's own functions; not for users (posthog-api.md 11.8)."""

    @staticmethod
    def load(name: str, file: str) -> None:
        """Bind rows that the box wrote to a file as a pandas frame."""
        import pandas

        table = _json.loads(_Path(file).read_text(encoding="utf-8"))
        _ipython().user_ns[name] = pandas.DataFrame(table["rows"], columns=table["columns"])

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
        """List the frames of the kernel."""
        found = []
        for name, value in list(_ipython().user_ns.items()):
            if not name.startswith("_") and _ph._is_frame(value) and value.ndim == 2:
                columns = [[str(column), _ph._type(value[column])] for column in value.columns]
                entry = {"name": name, "kind": "frame", "columns": columns, "row_count": len(value)}
                found.append({**entry, "row_count_is_estimate": False})
        return _json.dumps(found)

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
        if value is None or value != value:
            return None
        if hasattr(value, "item"):
            value = value.item()
        return value if isinstance(value, bool | int | float | str) else str(value)

    @staticmethod
    def _type(series: _Any) -> str:
        kind = series.dtype.kind if hasattr(series.dtype, "kind") else "O"
        return {"i": "BIGINT", "u": "UBIGINT", "f": "DOUBLE", "b": "BOOLEAN", "M": "TIMESTAMP"}.get(kind, "VARCHAR")
