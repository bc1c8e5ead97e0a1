"""Which notebooks this person trusts, so that Lab may run the scripts of their outputs."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.sign import NotebookNotary

_log = logging.getLogger("jupyter_posthog")  # the redactor sits on this one


class Trust:
    """Signs notebooks with the person's own notary, and says again which ones were signed.

    Signed are sources and rich outputs only: ids, versions and our own metadata change with each save. What came from
    PostHog stays untrusted until its person says otherwise (jupyter.md 3).
    """

    def __init__(self, notary: NotebookNotary) -> None:
        self._notary = notary

    def mark(self, notebook: NotebookNode) -> None:
        """Mark the cells of a notebook that was signed as trusted; others stay as they are."""
        try:
            if self._notary.check_signature(_signed_part(notebook)):
                self._notary.mark_cells(notebook, True)
        except sqlite3.Error as error:
            _log.warning("signatures_not_read problem=%s", type(error).__name__)  # untrusted, as every stranger's is

    def sign(self, notebook: NotebookNode) -> None:
        """Trust a notebook from now on, on this machine."""
        self._notary.sign(_signed_part(notebook))

    def sign_if_trusted(self, notebook: NotebookNode) -> None:
        """Go on trusting a notebook that was trusted while it was edited: all of its outputs were, in the page."""
        part = _signed_part(notebook)
        is_of_trust = any(cell["metadata"] for cell in part["cells"])  # else nothing is written at all
        try:
            if is_of_trust and self._notary.check_cells(part):
                self._notary.sign(part)
        except (sqlite3.Error, OSError) as error:
            _log.warning("signature_not_kept problem=%s", type(error).__name__)  # the save itself went well


def _signed_part(notebook: Mapping[str, Any]) -> NotebookNode:
    cells = [_signed_cell(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    part: NotebookNode = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})
    return part


def _signed_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    is_trusted = cell["metadata"].get("trusted") is True
    return {
        "cell_type": "code",
        "metadata": {"trusted": True} if is_trusted else {},
        "source": _text(cell["source"]),
        "outputs": [_signed_output(output) for output in cell["outputs"] if "data" in output],
    }


def _signed_output(output: Mapping[str, Any]) -> dict[str, Any]:
    data = {kind: _text(value) for kind, value in output["data"].items()}
    return {"output_type": output["output_type"], "data": data, "metadata": {}}


def _text(value: object) -> object:
    # Lines, or one text: nbformat allows both.
    is_lines = isinstance(value, list) and all(isinstance(line, str) for line in value)
    return "".join(value) if is_lines else value  # type: ignore[arg-type]  # just checked
