"""Runs the notebook of forty cells by nbclient, or compares two runs of it; ``forty_cells.spec.ts`` calls this."""

from __future__ import annotations

import sys

import nbclient
import nbformat

from tests.test_forty_cells import forty_cells, outputs_of


def run(file: str) -> None:
    """Run it with what the environment says of PostHog, and write it with its outputs."""
    notebook = forty_cells()
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="posthog").execute()
    nbformat.write(notebook, file)


def compare(wanted_file: str, found_file: str) -> None:
    """Fail with the cells whose outputs a person would see differ."""
    wanted, found = (outputs_of(nbformat.read(file, as_version=4)) for file in (wanted_file, found_file))
    differing = [cell_id for cell_id in wanted if found.get(cell_id) != wanted[cell_id]]
    for cell_id in differing:
        sys.stdout.write(f"{cell_id}\n  nbclient: {wanted[cell_id]}\n  Lab:      {found.get(cell_id)}\n")
    if differing or not wanted:
        raise SystemExit(1)
    sys.stdout.write(f"{len(wanted)} cells are the same\n")


if __name__ == "__main__":
    {"run": run, "compare": compare}[sys.argv[1]](*sys.argv[2:])
