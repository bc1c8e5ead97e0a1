"""Comments on session recordings that stand in notebooks (posthog-api.md 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.listing import Listing
from jupyter_posthog.box.refusals import bare
from jupyter_posthog.box.stored import Record
from jupyter_posthog.box.text.documents import nodes_of

_TIMESTAMP = "ph-replay-timestamp"


class CommentsHandler(BoxHandler):
    """``/api/projects/:p/notebooks/recording_comments/``."""

    def get(self, project_id: str) -> None:
        """Answer what notebooks say at moments of one recording."""
        recording_id = self.get_query_argument("recording_id", "")
        if not recording_id:
            raise bare(400, "recording_id is required")
        found = self.box.store.containing(Listing(contains="replay-timestamp:true"))
        self.answer({"results": [comment for record in found for comment in comments_in(record, recording_id)]})


def comments_in(record: Record, recording_id: str) -> Iterator[Json]:
    """Yield the comments of one rich notebook: the text of each paragraph with a moment of the recording."""
    for paragraph in nodes_of(record.content):
        children = nodes_of(paragraph)
        text = "".join(str(child.get("text", "")) for child in children if child.get("type") == "text")
        for child in children:
            attrs = child.get("attrs") if child.get("type") == _TIMESTAMP else None
            if isinstance(attrs, dict) and attrs.get("sessionRecordingId") == recording_id:
                yield _comment(record, attrs.get("playbackTime"), text)


def _comment(record: Record, moment_ms: Json, text: str) -> Json:
    key = f"{record.short_id}-{moment_ms}-{text}"
    return {
        "timeInRecording": moment_ms,
        "comment": text,
        "notebookShortId": record.short_id,
        "notebookTitle": record.title,
        "id": hashlib.sha256(key.encode("utf-8", "replace")).hexdigest(),
    }
