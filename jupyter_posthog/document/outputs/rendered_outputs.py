"""Outputs of a foreign notebook as the result that PostHog can store; only for documents that are new to it (4.5).

A notebook that came from PostHog takes its results from run records, never from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jupyter_posthog.document.outputs.frames import FRAME_MIME_TYPE
from jupyter_posthog.document.values import JsonObject, JsonValue

_IMAGES = ("image/png", "image/jpeg")


def envelope_of_outputs(outputs: Sequence[JsonValue]) -> tuple[JsonObject, list[str]]:
    """Return what fits into a stored result, empty where nothing does, and phrases for what does not."""
    envelope: JsonObject = {}
    media: list[JsonValue] = []
    lost: list[str] = []
    for output in outputs:
        if not isinstance(output, Mapping):
            continue
        match output.get("output_type"):
            case "stream":
                name = "stderr" if output.get("name") == "stderr" else "stdout"
                envelope[name] = str(envelope.get(name, "")) + _text(output.get("text"))
            case "error":
                lost.append(f"the error {output.get('ename')}")
            case _:
                data = output.get("data")
                lost += _carry_bundle(data if isinstance(data, Mapping) else {}, envelope, media)
    if media:
        envelope["media"] = media
    return envelope, lost


def _carry_bundle(data: Mapping[str, JsonValue], envelope: JsonObject, media: list[JsonValue]) -> list[str]:
    frame = data.get(FRAME_MIME_TYPE)
    is_whole = isinstance(frame, Mapping) and all(isinstance(frame.get(name), list) for name in ("columns", "rows"))
    if is_whole and isinstance(frame, Mapping) and "columns" not in envelope:
        envelope |= {
            "columns": frame.get("columns"),
            "types": frame.get("types"),
            "row_count": frame.get("row_count"),
            "first_page": frame.get("rows"),
            "has_more": frame.get("has_more"),
        }
        return []
    image = next((name for name in _IMAGES if isinstance(data.get(name), (str, list))), None)
    if image is not None:
        media.append({"mime_type": image, "data": _text(data[image]).replace("\n", "")})
        return []
    text = _text(data.get("text/plain"))
    if text and "result_text" not in envelope:
        envelope["result_text"] = text
    others = sorted(set(data) - {"text/plain"})
    if others:
        return [f"an output of type {', '.join(others)}" + ("; its text is kept" if text else "")]
    return []


def _text(value: JsonValue) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
