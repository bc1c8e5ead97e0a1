"""Locality: 200 random single edits on corpus documents, each of which changes one stored segment (law 2, P5)."""

from __future__ import annotations

import copy
import random
import re
from collections import Counter
from typing import Any

from jupyter_posthog.document import ReadDocument, read_document, write_document
from jupyter_posthog.document.merging.segments import segments_of
from jupyter_posthog.document.shapes import read_stored
from jupyter_posthog.errors import CellNotWritableError
from tests.document.corpus import FILES, document_of, name_of

EDITS = 200
# A word in the middle of a line of plain prose; not in a tag, a link, a table, a fence or a marker.
WORD = re.compile(r"(?<=[a-z] )[a-z]{3,}(?= [a-z])")


def single_edit(cell: Any, chance: random.Random) -> str | None:
    """Return the cell's source with one word, line or property changed; None where it has no such place."""
    source: str = cell["source"]
    if cell["cell_type"] == "code":
        return f"{source}\n# a line more"
    if cell["cell_type"] == "raw":
        return (
            source.replace(" />", ' added="1" />') if source.endswith(" />") and "nodeContent" not in source else None
        )
    words = [found for found in WORD.finditer(source) if not re.search(r"[<>`|\[\]()]", line_around(source, found))]
    if not words or "```" in source:
        return None
    found = chance.choice(words)
    return f"{source[: found.start()]}edited{source[found.end() :]}"


def line_around(source: str, found: re.Match[str]) -> str:
    return source[source.rfind("\n", 0, found.start()) + 1 : (source + "\n").find("\n", found.end())]


def changed_segments(before: Any, after: Any) -> int:
    """Count the segments that one document has and the other one has not."""
    old, new = (Counter(segment.key for segment in segments_of(read_stored(each))) for each in (before, after))
    return max((old - new).total(), (new - old).total())


def test_a_single_edit_changes_one_segment() -> None:
    chance = random.Random(20_261_123)
    opened: dict[str, ReadDocument] = {name_of(file): read_document(document_of(file)) for file in FILES}
    table: Counter[tuple[str, int, int]] = Counter()
    while table.total() < EDITS:
        read = opened[chance.choice(list(opened))]
        notebook = copy.deepcopy(read.notebook)
        cell = chance.choice(notebook.cells)
        source, edited = cell["source"], single_edit(cell, chance)
        if edited is None:
            continue
        cell["source"] = edited
        try:
            after = write_document(notebook, read.ledger).document
        except CellNotWritableError:
            continue  # stored components whose text cannot say everything are refused, not changed
        cell["source"] = source
        undone = write_document(notebook, read.ledger).document
        stored = read.ledger.stored.document
        table[cell["cell_type"], changed_segments(stored, after), changed_segments(stored, undone)] += 1

    assert {(changed, undone) for _, changed, undone in table} == {(1, 0)}, table
