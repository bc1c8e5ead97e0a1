"""Fills the data folder of a box with ten thousand notebooks; ``sidebar_speed.spec.ts`` calls this."""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_posthog.box.people import ADA, GRACE
from jupyter_posthog.box.store import Store
from jupyter_posthog.box.text.documents import wrap_markdown

NOTEBOOKS = 10_000
WORDS = ("funnel", "retention", "revenue", "onboarding", "churn", "activation", "pricing", "survey", "flags", "paths")


def fill(folder: Path) -> None:
    """Store the notebooks; the last one is the newest, and so the first of a list."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder / "notebooks.sqlite3")
    with store.bulk():
        for number in range(NOTEBOOKS):
            title = f"{NOTEBOOKS - number} {WORDS[number % 10]} and {WORDS[number // 10 % 10]}"
            text = f"# {title}"
            person = ADA if number % 2 else GRACE
            store.create(title=title, content=wrap_markdown(text), text_content=text, person=person)
    store.close()


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
