"""Why one cell cannot be written; whoever knows its number says which one."""

from __future__ import annotations


class NotWritable(Exception):
    """PostHog's format cannot hold one cell; the text is the rest of a sentence that begins with the cell."""
