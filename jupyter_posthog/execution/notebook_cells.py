"""The code cells of a notebook that is run from its first to its last, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_posthog.document.code_cells import node_id_of, own_metadata
from jupyter_posthog.execution.events import CellFailed, DisplayData, Event, ExecuteResult, StreamText
from jupyter_posthog.execution.frames import shown_frame
from jupyter_posthog.execution.magics import CellText, Language, read_cell

if TYPE_CHECKING:
    from nbformat import NotebookNode

_WORDS = {Language.PYTHON: "Python", Language.HOGQL: "HogQL", Language.DUCKDB: "DuckDB"}
#: Tags of Markdown notebooks that PostHog's server does not run (posthog-document.md 3.6).
_OLD_TAGS = frozenset({"Python", "DuckSQL", "HogQLSQL"})
_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookCell:
    """One code cell, at its place among those that run."""

    number: int
    count: int
    cell: NotebookNode
    text: CellText

    @property
    def node_id(self) -> str:
        """PostHog's id of the cell, else Jupyter's."""
        return node_id_of(self.cell) or str(self.cell.get("id", ""))

    @property
    def may_fail(self) -> bool:
        """Whether the notebook goes on where this cell fails, as every Jupyter client reads that tag."""
        return "raises-exception" in self.cell["metadata"].get("tags", [])

    @property
    def language(self) -> str:
        """Its language, for people."""
        return _WORDS[self.text.language]

    @property
    def label(self) -> str:
        """What a person knows the cell by: its title, the name of its frame, or how it begins."""
        title = own_metadata(self.cell).get("title")
        if isinstance(title, str) and title:
            return title[:_LONGEST_LABEL]
        if self.text.language is not Language.PYTHON and self.text.result_name:
            return self.text.result_name
        lines = [line.strip() for line in self.text.code.splitlines() if line.strip()]
        return (lines[0] if lines else "-")[:_LONGEST_LABEL]

    @property
    def is_plain(self) -> bool:
        """Whether PostHog's own run of the notebook would run it as it is run here."""
        is_known = self.text.language is not Language.DUCKDB and not self.text.problem and not self.may_fail
        has_magic = self.text.language is Language.PYTHON and self.text.code.lstrip().startswith("%posthog")
        return is_known and not has_magic and own_metadata(self.cell).get("tag") not in _OLD_TAGS


def code_cells(notebook: NotebookNode) -> list[NotebookCell]:
    """Return the code cells that have code, numbered."""
    found = [cell for cell in notebook.cells if cell["cell_type"] == "code" and str(cell["source"]).strip()]
    return [
        NotebookCell(number=number, count=len(found), cell=cell, text=read_cell(str(cell["source"])))
        for number, cell in enumerate(found, 1)
    ]


@dataclass(slots=True, kw_only=True)
class CellOutcome:
    """What became of one cell.

    Attributes:
        status: ``done``, ``failed``, ``interrupted`` or ``skipped``.
        rows: Of the frame it showed, where it showed one.
    """

    of: NotebookCell
    status: str = "done"
    rows: int | None = None
    seconds: float = 0.0
    error: str = ""
    outputs: list[dict[str, Any]] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Take one event as an output of the notebook, and what it tells of the outcome."""
        frame = shown_frame(event)
        count = frame.get("row_count") if frame is not None else None
        self.rows = count if isinstance(count, int) else self.rows
        match event:
            case StreamText(name=name, text=text):
                self._print(name, text)
            case DisplayData(data=data, metadata=metadata):
                self._show("display_data", data, metadata)
            case ExecuteResult(data=data, metadata=metadata):
                self._show("execute_result", data, metadata, execution_count=None)
            case CellFailed(error_name=name, error_text=text, traceback=traceback):
                self.status = "interrupted" if name == "KeyboardInterrupt" else "failed"
                self.error = f"{name}: {text}" if text else name
                self.outputs.append({"output_type": "error", "ename": name, "evalue": text, "traceback": [*traceback]})

    @property
    def ends_the_run(self) -> bool:
        """Whether the cells behind it are not run."""
        return self.status == "interrupted" or (self.status == "failed" and not self.of.may_fail)

    def store(self) -> None:
        """Put the outputs into the notebook."""
        from nbformat import from_dict

        self.of.cell["outputs"] = [from_dict(output) for output in self.outputs]
        self.of.cell["execution_count"] = None

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        cell = self.of
        facts = {"number": cell.number, "node_id": cell.node_id, "label": cell.label, "language": cell.language}
        return {**facts, "status": self.status, "rows": self.rows, "seconds": self.seconds, "error": self.error or None}

    def _print(self, name: str, text: str) -> None:
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last.get("name") == name:
            last["text"] += text
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def _show(self, kind: str, data: Mapping[str, Any], metadata: Mapping[str, Any], **more: Any) -> None:
        self.outputs.append({"output_type": kind, "data": dict(data), "metadata": dict(metadata), **more})


def worst(outcomes: Sequence[CellOutcome]) -> str:
    """Return how the notebook ended: ``done``, ``failed`` or ``interrupted``."""
    ending = next((outcome for outcome in outcomes if outcome.ends_the_run), None)
    return ending.status if ending is not None else "done"
