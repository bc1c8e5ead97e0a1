"""Which cell made the frame of which name, so that a later cell can use it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_posthog.execution.magics import Language

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSource:
    """The cell behind a frame's name.

    Attributes:
        kind: ``hogql`` for a query that PostHog can run again, ``local`` for a frame in the kernel
            (posthog-api.md 12.2).
    """

    node_id: str
    kind: str


class FrameNames:
    """Names of frames and the cells they come from; the latest one of a name counts."""

    def __init__(self) -> None:
        self._sources: dict[str, FrameSource] = {}

    def learn(self, name: str, node_id: str, language: Language) -> None:
        """Remember which cell makes the frame of this name; an empty name makes none."""
        if name:
            kind = "hogql" if language is Language.HOGQL else "local"
            self._sources[name] = FrameSource(node_id=node_id, kind=kind)

    def used_in(self, code: str, *, own_node_id: str) -> dict[str, tuple[str, str]]:
        """Return the names of other cells' frames that stand in the code: name → (node id, kind)."""
        words = set(_WORD.findall(code))
        return {
            name: (source.node_id, source.kind)
            for name, source in self._sources.items()
            if name in words and source.node_id != own_node_id
        }
