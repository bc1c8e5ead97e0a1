"""Pieces of rich inline content as text, and what only shows where they stand beside each other (4.7)."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_posthog.document.values import JsonValue


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring inline nodes with equal marks, and their text."""

    text: str
    nodes: tuple[JsonValue, ...]


def with_visible_empty_lines(pieces: list[Piece]) -> list[Piece]:
    """Write ``\\`` on each line that breaks leave empty: an empty line would end the paragraph (4.7)."""
    shown: list[Piece] = []
    is_line_start = True
    for number, piece in enumerate(pieces):
        if piece.text == "\n" and is_line_start:
            piece = Piece("\\\n", piece.nodes)
        is_line_start = piece.text.endswith("\n") or (is_line_start and not piece.text)
        if number == len(pieces) - 1 and piece.text.endswith("\n"):
            piece = Piece(f"{piece.text}\\", piece.nodes)
        shown.append(piece)
    return shown
