"""Measure everything and write ``benchmarks/results.json``."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import box, documents, frames, growth, kernel, loading, opening, packages, proxy, saving

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Measure, print, write, draw."""
    parts = (loading, packages, documents, box, proxy, opening, saving, kernel, frames)
    rows = []
    for part in parts:
        for figure in part.figures():
            row = figure.to_json()
            rows.append(row)
            line = f"{row['name']:<26} {row['value']:>10} {row['unit']:<5} ratio {row['ratio']}  {row['note']}"
            print(line, flush=True)
    growth.draw({str(row["name"]): (row["value"], row["reference"]) for row in rows})  # type: ignore[misc]
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
