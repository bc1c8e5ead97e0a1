"""Whether a text is a whole cell, for clients that run one at the Enter key."""

from __future__ import annotations

_WHOLE_AS_THEY_ARE = ("%%hogql", "%%duckdb", "%posthog")


def completeness(code: str) -> dict[str, str]:
    """Return ``status`` and, where lines are missing, ``indent``: SQL is always whole, Python by its own rules."""
    if code.startswith(_WHOLE_AS_THEY_ARE):
        return {"status": "complete"}
    # Imported late: few clients ask.
    from IPython.core.inputtransformer2 import TransformerManager

    status, indent = TransformerManager().check_complete(code)
    return {"status": status} | ({"indent": " " * (indent or 0)} if status == "incomplete" else {})
