"""A large frame as one packed file: PostHog's kernel packs it, and its text travels as a frame of a few rows.

Five hundred rows a request are what PostHog pages; a key's share of requests would make 300,000 rows take minutes.
Packed they are a handful of requests, and the file holds the kernel's own types.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import anyio.to_thread

from jupyter_posthog.execution.code_answers import finished_run
from jupyter_posthog.execution.frame_pages import RunPages
from jupyter_posthog.execution.places import NotebookPlace

#: Fewer rows are as quickly read as they are.
PACKED_ABOVE_ROWS = 2_000
#: PostHog cuts values near 10,000 characters (posthog-api.md 12.3); four characters of text are three bytes.
PART_LENGTH = 8_000
PACKING_TIMEOUT_S = 120.0
# Binds nothing that a person could have bound, and not the name that rows are read by.
PACKED_NAME = "_posthog_packed"
_PACK_CODE = """def _posthog_pack(frame):
    import base64, hashlib, io, pandas
    packed = io.BytesIO()
    (frame.to_frame() if frame.ndim == 1 else frame).to_parquet(packed, index=False)
    data = packed.getvalue()
    text = base64.b64encode(data).decode()
    parts = [text[place : place + {length}] for place in range(0, len(text), {length})]
    return pandas.DataFrame({{"part": [f"{{len(data)}}:{{hashlib.sha256(data).hexdigest()}}", *parts]}})
{shown} = _posthog_pack({name})
del _posthog_pack
{shown}"""


class PackedFrame:
    """One frame that PostHog's kernel has packed as a Parquet file."""

    def __init__(self, pages: RunPages, part_count: int) -> None:
        self._pages = pages
        self._part_count = part_count
        #: Whether what was written is what was packed; PostHog may have cut it.
        self.is_whole = False

    async def write(self, file: Path) -> AsyncIterator[float]:
        """Write the file, a few megabytes at a time; yields which share is written.

        Raises:
            FrameStaleError: The frame was replaced meanwhile.
        """
        digest, size, done, promised = hashlib.sha256(), 0, 0, ""
        with file.open("wb") as stream:
            while done < self._part_count:
                parts = [str(row[0]) for row in (await self._pages.read(done, self._pages.most_rows)).rows]
                promised = promised or next(iter(parts), "")
                data = _unpacked(parts[1:] if done == 0 else parts)
                if not parts or data is None:
                    return
                digest.update(data)
                size, done = size + len(data), done + len(parts)
                await anyio.to_thread.run_sync(stream.write, data)
                yield done / self._part_count
        self.is_whole = promised == f"{size}:{digest.hexdigest()}"


def _unpacked(parts: Sequence[str]) -> bytes | None:
    try:
        return b"".join(base64.b64decode(part, validate=True) for part in parts)
    except ValueError:
        return None  # a part was cut


async def packed(place: NotebookPlace, name: str) -> PackedFrame | None:
    """Let PostHog's kernel pack a frame; None where it cannot: mixed values, or no library for it there.

    Args:
        name: An identifier, checked already.
    """
    code = _PACK_CODE.format(name=name, length=PART_LENGTH, shown=PACKED_NAME)
    ended = await finished_run(
        place.api, place.project_id, place.short_id, code, timeout_s=PACKING_TIMEOUT_S, output_name=PACKED_NAME
    )
    count = (ended.status.result or {}).get("row_count") if ended.status.status == "done" else None
    if not isinstance(count, int) or count < 1:
        return None
    return PackedFrame(RunPages(place=place, name=name, run_id=ended.run_id), count)
