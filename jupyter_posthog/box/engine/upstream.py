"""The SQL cells that a cell reads from, and those that they read from (posthog-api.md 12.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from jupyter_posthog.box.engine.hogql import HogqlError, Node, fill, nodes_of, parse_select, with_upstream
from jupyter_posthog.box.refusals import invalid
from jupyter_posthog.box.running.run_requests import Run


class LastOf(Protocol):
    """Tells a cell's last run."""

    def __call__(self, short_id: str, node_id: str, /) -> Run | None:
        """Return it, or None."""


class Upstream:
    """Finds what stands behind the names that a query reads.

    Args:
        last_of: Tells a cell's last run, whose code goes before the stored one.
        stored_code: Tells the stored code of a SQL cell, by notebook and node.
    """

    def __init__(self, last_of: LastOf, stored_code: Callable[[str, str], str | None]) -> None:
        self._last_of = last_of
        self._stored_code = stored_code

    def check(self, run: Run) -> None:
        """Check that every SQL cell that a run reads from is there.

        Raises:
            Refusal: 400.
        """
        for name, reference in run.references.items():
            if reference["kind"] == "hogql" and self._code(run.short_id, reference["node_id"]) is None:
                raise invalid(f"Unknown reference: {name}", attr="refs")

    def query_of(self, run: Run) -> Node:
        """Return a run's own query with what it reads from before it.

        Raises:
            HogqlError: One of them is no query.
        """
        tree = run.tree or parse_select(run.code)
        return fill(self._with_references(tree, run.short_id, run.references, (run.node_id,)), run.variables)

    def query_behind(self, run: Run, name: str) -> Node:
        """Return the query of one cell that a run reads from.

        Raises:
            HogqlError: It is no query.
        """
        return fill(self._query(run.short_id, run.references[name]["node_id"], (run.node_id,)), run.variables)

    def _query(self, short_id: str, node_id: str, path: tuple[str, ...]) -> Node:
        if node_id in path:
            raise HogqlError("The cells read from each other in a circle.")
        last = self._last_of(short_id, node_id)
        references = last.references if last is not None and last.node_type == "hogql" else {}
        tree = parse_select(self._code(short_id, node_id) or "")
        return self._with_references(tree, short_id, references, (*path, node_id))

    def _with_references(
        self, tree: Node, short_id: str, references: dict[str, dict[str, str]], path: tuple[str, ...]
    ) -> Node:
        read = _tables_read(tree)
        wanted = {
            name: self._query(short_id, reference["node_id"], path)
            for name, reference in references.items()
            if reference["kind"] == "hogql" and name in read
        }
        return with_upstream(tree, wanted)

    def _code(self, short_id: str, node_id: str) -> str | None:
        last = self._last_of(short_id, node_id)
        if last is not None and last.node_type == "hogql":
            return last.code
        return self._stored_code(short_id, node_id)


def _tables_read(tree: Node) -> set[str]:
    """Return the names of tables in a query; a name that it only mentions elsewhere is none."""
    return {
        str(node["table"]["chain"][0])
        for node in nodes_of(tree)
        if node["node"] == "JoinExpr" and node["table"]["node"] == "Field"
    }
