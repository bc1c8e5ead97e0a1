"""Measure everything and write ``benchmarks/results.json``."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import box, documents, frames, kernel, loading, proxy, saving

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Measure, print, write."""
    parts = (loading, documents, box, proxy, saving, kernel, frames)
    rows = [figure.to_json() for part in parts for figure in part.figures()]
    for row in rows:
        print(f"{row['name']:<24} {row['value']:>10} {row['unit']:<3} ratio {row['ratio']}  {row['note']}")
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
