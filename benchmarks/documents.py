"""Reading and writing documents, against nbformat on the same notebook."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat

from benchmarks.figure import Figure, median_ms
from jupyter_posthog.document import document_to_notebook, read_document, write_document
from jupyter_posthog.document.values import JsonValue

SIZES = (100, 1_000, 10_000)


def example(cells: int) -> JsonValue:
    """Return a Markdown document of this many cells, about 250 bytes each."""
    prose = (
        "## Part {n}\n\nSome *prose* about the numbers of part {n}, with `code` and [a link](https://example.com/{n})."
    )
    code = '<PythonV2 nodeId="p{n}" code="total = orders[\'n\'].sum()\\nprint(total, {n})" returnVariable="df_{n}" />'
    parts = [(prose if number % 2 == 0 else code).replace("{n}", str(number)) for number in range(cells)]
    text = "\n\n".join(parts)
    node: JsonValue = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "m", "markdown": text}}
    return {"type": "doc", "content": [node]}


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    for size in SIZES:
        document = example(size)
        read = read_document(document)
        text = nbformat.writes(read.notebook)
        runs = 5 if size == SIZES[-1] else 20
        edited = nbformat.from_dict(read.notebook)
        edited.cells[0]["source"] += " Edited."
        yield Figure(
            name=f"document.read.{size}",
            value=median_ms(lambda document=document: document_to_notebook(document), runs),
            unit="ms",
            reference=median_ms(lambda text=text: nbformat.reads(text, as_version=4), runs),
            note="against nbformat.reads",
        )
        yield Figure(
            name=f"document.write.{size}",
            value=median_ms(lambda edited=edited, ledger=read.ledger: write_document(edited, ledger), runs),
            unit="ms",
            reference=median_ms(lambda edited=edited: nbformat.writes(edited), runs),
            note="one cell edited; against nbformat.writes",
        )
