"""Reading and writing documents, against nbformat on the same notebook."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator

import jupytext
import nbformat

from benchmarks.figure import Figure, median_ms
from jupyter_posthog.document import document_to_notebook, read_document, write_document
from jupyter_posthog.document.values import JsonValue

SIZES = (100, 1_000, 10_000)
MIDDLE = 1_000


def example(cells: int) -> JsonValue:
    """Return a Markdown document of this many cells, about 250 bytes each: cards of prose, cells of Python."""
    prose = (
        "## Part {n}\n\nSome *prose* about the numbers of part {n}, with `code` and [a link](https://example.com/{n}).\n\n"
        "People who came back within a week are counted once, whatever they did; those of part {n} are listed below."
    )
    code = (
        "<PythonV2 nodeId=\"0191c3e0-0000-7000-8000-{n}\" code=\"weekly = events.groupby('week')['n'].sum()\\n"
        'total = weekly.sum()\\nfor week, count in weekly.items():\\n    print(week, count, count / total)" '
        'returnVariable="df_{n}" showFilters />'
    )
    parts = [(prose if number % 2 == 0 else code).replace("{n}", str(number)) for number in range(cells)]
    text = "\n\n".join(parts)
    node: JsonValue = {"type": "ph-markdown-notebook", "attrs": {"nodeId": "m", "markdown": text}}
    return {"type": "doc", "content": [node]}


def rich_example(nodes: int) -> JsonValue:
    """Return a rich document of this many top-level nodes: headings, paragraphs with marks, cells."""
    bold: JsonValue = {"type": "text", "text": "the numbers", "marks": [{"type": "bold"}]}
    content: list[JsonValue] = []
    for number in range(nodes):
        words: JsonValue = {"type": "text", "text": f" of part {number}, seen by snake_case people."}
        content.append(
            {"type": "heading", "attrs": {"level": 2}, "content": [words]}
            if number % 3 == 0
            else {"type": "paragraph", "content": [{"type": "text", "text": "About "}, bold, words]}
            if number % 3 == 1
            else {"type": "ph-python", "attrs": {"nodeId": f"p{number}", "code": f"print({number})"}}
        )
    return {"type": "doc", "content": content}


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    yield _growth()
    for size in SIZES:
        document = example(size)
        read = read_document(document)
        text = nbformat.writes(read.notebook)
        runs = 5 if size == SIZES[-1] else 20
        edited = nbformat.from_dict(read.notebook)
        edited.cells[0]["source"] += " Edited."
        reading = Figure(
            name=f"document.read.{size}",
            value=median_ms(lambda document=document: document_to_notebook(document), runs),
            unit="ms",
            reference=median_ms(lambda text=text: nbformat.reads(text, as_version=4), runs),
            note="against nbformat.reads",
        )
        writing = Figure(
            name=f"document.write.{size}",
            value=median_ms(lambda edited=edited, ledger=read.ledger: write_document(edited, ledger), runs),
            unit="ms",
            reference=median_ms(lambda edited=edited: nbformat.writes(edited), runs),
            note="one cell edited; against nbformat.writes",
        )
        yield from (reading, writing)
        if size == MIDDLE:
            yield from _against_jupytext(read.notebook, reading, writing)
            yield _rich(size)
            yield _memory(document)


def _growth() -> Figure:
    """Measure two sizes with nothing else alive: what else a process holds costs time at each collection."""
    small, large = map(_reading_ms, SIZES[1:])
    return Figure(
        name="document.read.growth", value=large, unit="ms", reference=small, note="10,000 cells against 1,000"
    )


def _reading_ms(size: int) -> float:
    document = example(size)
    return median_ms(lambda: document_to_notebook(document), 9)


def _against_jupytext(notebook: nbformat.NotebookNode, reading: Figure, writing: Figure) -> Iterator[Figure]:
    markdown = jupytext.writes(notebook, "md")
    reference = median_ms(lambda: jupytext.reads(markdown, "md"), 9)
    for name, figure in (("read", reading), ("write", writing)):
        yield Figure(
            name=f"document.{name}.jupytext",
            value=figure.value,
            unit="ms",
            reference=reference,
            note="1,000 cells; against jupytext reading Markdown",
        )


def _rich(size: int) -> Figure:
    document = rich_example(size)
    text = nbformat.writes(document_to_notebook(document))
    return Figure(
        name=f"document.read.rich.{size}",
        value=median_ms(lambda: document_to_notebook(document)),
        unit="ms",
        reference=median_ms(lambda: nbformat.reads(text, as_version=4)),
        note="top-level nodes of a rich document; against nbformat.reads",
    )


def _memory(document: JsonValue) -> Figure:
    """Measure the highest use of memory beyond what was there before, in one reading and one writing."""
    tracemalloc.start()
    read = read_document(document)
    write_document(read.notebook, read.ledger)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Figure(
        name="document.memory.1000",
        value=highest / 1024,
        unit="kB",
        reference=len(json.dumps(document)) / 1024,
        note="peak, against the document's own size",
    )
