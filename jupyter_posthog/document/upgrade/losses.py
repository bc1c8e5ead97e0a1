"""What an upgrade to Markdown loses or changes, named node by node."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from jupyter_posthog.document.values import JsonObject

_LONGEST_PHRASE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that the Markdown does not say, or says in another way.

    Attributes:
        node_number: Of the top-level node, from 1; None where it is said of the whole document.
        what: A short phrase, such as ``column widths``.
    """

    node_number: int | None
    node_type: str
    what: str

    def __str__(self) -> str:
        where = "document" if self.node_number is None else f"block {self.node_number} ({self.node_type})"
        return f"{where}: {self.what}"


class Losses:
    """Collects what is lost, and which discussions are anchored, while one node after the other is written."""

    def __init__(self) -> None:
        """Begin with what concerns the whole document."""
        self._found: dict[Loss, None] = {}
        self._known_anchors: set[str] = set()
        self._new_anchors: list[str] = []
        self._number: int | None = None
        self._type = "doc"

    def begin_node(self, number: int, node_type: str) -> None:
        """Go on to the next top-level node."""
        self._number, self._type = number, _phrase(node_type)

    def add(self, what: str) -> None:
        """Name one loss of the current node; the same phrase counts once."""
        self._found[Loss(node_number=self._number, node_type=self._type, what=_phrase(what))] = None

    def add_at(self, number: int, node_type: str, what: str) -> None:
        """Name one loss of any node."""
        self._found[Loss(node_number=number, node_type=node_type, what=what)] = None

    def add_keys(self, value: JsonObject, written: Collection[str], whose: str) -> None:
        """Name the keys with a value that are not written; an absent key and null mean the same (2.4)."""
        left = [key for key, inner in value.items() if key not in written and inner is not None]
        if left:
            self.add(f"of {whose} the attribute{'s' * (len(left) > 1)} {', '.join(left)}")

    def anchor(self, comment: str) -> None:
        """Take note of a discussion that the text anchors."""
        if comment not in self._known_anchors:
            self._known_anchors.add(comment)
            self._new_anchors.append(comment)
            self.add(f"the discussion {comment}, which lives in PostHog's comments; its anchor is kept")

    def take_anchors(self) -> list[str]:
        """Return the discussions anchored since the last call."""
        taken, self._new_anchors = self._new_anchors, []
        return taken

    @property
    def found(self) -> tuple[Loss, ...]:
        """All losses, in the order of the nodes."""
        return tuple(sorted(self._found, key=lambda loss: loss.node_number or 0))


def _phrase(text: str) -> str:
    """Return a text as a phrase that fits a line: names and addresses of a document may be of any length."""
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_PHRASE else f"{words[: _LONGEST_PHRASE - 1]}…"
