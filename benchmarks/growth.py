"""A picture of how times grow with the size of a document and of a project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "growth.png"
CELLS = (100, 1_000, 10_000)
NOTEBOOKS = (100, 10_000)


def draw(values: Mapping[str, tuple[float, float | None]]) -> None:
    """Draw what was measured.

    Args:
        values: Of each figure its value and its reference, by name, in milliseconds.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (documents, lists) = plt.subplots(1, 2, figsize=(10, 4), dpi=100)
    for name, words, colour in (("read", "reading", "tab:blue"), ("write", "writing, one cell edited", "tab:orange")):
        measured = [values[f"document.{name}.{size}"] for size in CELLS]
        documents.plot(CELLS, [ours for ours, _ in measured], "o-", color=colour, label=words)
        documents.plot(CELLS, [other for _, other in measured], "x--", color=colour, label=f"nbformat, {name}s")
    documents.set(xscale="log", yscale="log", xlabel="cells", ylabel="ms", title="A document")
    lists.plot(NOTEBOOKS, [values[f"box.list.{size}"][0] for size in NOTEBOOKS], "o-", label="a page of 100")
    lists.plot(NOTEBOOKS, [values[f"box.list.{size}.search"][0] for size in NOTEBOOKS], "o-", label="a search")
    lists.set(xscale="log", xlabel="notebooks", ylabel="ms", title="A list, of the box", ylim=(0, None))
    for axes in (documents, lists):
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
    figure.tight_layout()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, metadata={"Software": None})
    plt.close(figure)
