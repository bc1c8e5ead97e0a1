"""Files that Lab uploads in pieces, because they are larger than a megabyte."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from jupyter_posthog.contents.models import Model
from jupyter_posthog.errors import RequestNotValidError, TooLargeError, WrongNotebookError

#: PostHog takes no more (posthog-api.md 1.5).
MOST_BYTES = 20 * 1024 * 1024
_MOST_UPLOADS = 4
_LAST = -1


@dataclass(slots=True)
class _Upload:
    pieces: list[bytes] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(piece) for piece in self.pieces)


class Uploads:
    """Keeps the pieces of a few uploads in memory until the last one has come; nothing is stored before."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Prepare.

        Args:
            now: The current moment, aware, UTC.
        """
        self._now = now
        self._uploads: dict[str, _Upload] = {}

    def add(self, path: str, model: Model) -> Model | None:
        """Take one piece; return the model of the whole with the last one, None before.

        Raises:
            RequestNotValidError: The pieces do not come one after the other; what came is dropped.
            TooLargeError: Together they are more than PostHog takes; what came is dropped.
        """
        number = model["chunk"]
        upload = _Upload() if number == 1 else self._uploads.pop(path, _Upload())
        if isinstance(number, bool) or number not in {len(upload.pieces) + 1, _LAST}:
            raise RequestNotValidError(attr="chunk", code="invalid", problem="a piece of this upload is missing")
        upload.pieces.append(_piece(model))
        if upload.size > MOST_BYTES:
            raise TooLargeError(status=413, size_mb=round(upload.size / 1024 / 1024, 1))
        if number == _LAST:
            whole = b"".join(upload.pieces).decode("utf-8", "replace")
            return {**model, "content": whole, "format": "text", "chunk": None}
        self._uploads[path] = upload
        if len(self._uploads) > _MOST_UPLOADS:
            del self._uploads[next(iter(self._uploads))]
        return None

    def pending(self, path: str) -> Model:
        """Return the model of a notebook that is still on its way here."""
        path, now = path.strip("/"), self._now()
        return {
            "name": path.rpartition("/")[2],
            "path": path,
            "type": "notebook",
            "writable": True,
            "created": now,
            "last_modified": now,
            "mimetype": None,
            "content": None,
            "format": None,
            "size": None,
            "hash": None,
            "hash_algorithm": None,
        }


def _piece(model: Model) -> bytes:
    content = model.get("content")
    if not isinstance(content, str):
        raise WrongNotebookError(problem="a piece of it is no text")
    if model.get("format") != "base64":
        return content.encode("utf-8", "replace")
    try:
        return base64.b64decode(content)
    except binascii.Error as error:
        raise WrongNotebookError(problem="a piece of it is no base64") from error
