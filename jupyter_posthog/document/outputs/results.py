"""Stored and fresh results as nbformat outputs (posthog-document.md 2.7, 3.6, 4.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeGuard

from jupyter_posthog.document.outputs.frames import LARGEST_IN_A_PAGE, cell_text, frame_to_mime_bundle
from jupyter_posthog.document.values import JsonObject, JsonValue, canonical
from jupyter_posthog.document.white_space import shown

PLAIN = "text/plain"
_IMAGE = re.compile(r"image/[a-z0-9.+-]+")


def envelope_to_outputs(
    envelope: Mapping[str, JsonValue],
    *,
    run_id: str | None,
    name: str | None = None,
    is_interrupted: bool = False,
) -> list[JsonObject]:
    """Turn a run's result into outputs, in the order stdout, stderr, media, frame or text, error.

    Args:
        envelope: ``result`` of a run or of a cell tag (posthog-api.md 12.3); every key may be missing.
        name: The frame's name.
        is_interrupted: Whether the run was stopped before its end; what it had done is shown before that.
    """
    outputs = [*_streams(envelope), *_media(envelope, "mime_type")]
    columns = _texts(envelope.get("columns"))
    text = envelope.get("result_text")
    if columns:
        rows, row_count = envelope.get("first_page"), envelope.get("row_count")
        types = envelope.get("types")
        bundle = frame_to_mime_bundle(
            columns=columns,
            types=[_texts(pair) for pair in types] if isinstance(types, list) else [],
            rows=[row for row in rows if isinstance(row, list)] if isinstance(rows, list) else [],
            row_count=row_count if _is_count(row_count) else None,
            has_more=envelope.get("has_more") is True,
            run_id=run_id,
            name=name,
        )
        outputs.append(_result(bundle))
    elif isinstance(text, str) and text:
        outputs.append(_result({PLAIN: shown(text)}))
    error = envelope.get("error")
    if isinstance(error, str) and error:
        outputs.append(error_to_output(error))
    elif is_interrupted:
        outputs.append(_error("Interrupted", "", []))
    return outputs


def run_outputs(
    envelope: Mapping[str, JsonValue] | None, *, run_id: str | None, status: str, error: str = ""
) -> list[JsonObject]:
    """Turn what a run ended with into outputs, its failure included (posthog-api.md 12.3)."""
    outputs = envelope_to_outputs(envelope or {}, run_id=run_id, is_interrupted=status == "interrupted")
    has_error = any(output["output_type"] == "error" for output in outputs)
    if status == "failed" and not has_error:
        outputs.append(error_to_output(error or "Error: PostHog did not say why."))
    return outputs


def execution_to_outputs(execution: Mapping[str, JsonValue]) -> list[JsonObject]:
    """Turn a legacy cell's stored execution into outputs; its ``result`` is a string, not a bundle (2.7)."""
    if execution.get("status") == "running":
        return []
    outputs = [*_streams(execution), *_media(execution, "mimeType")]
    result = execution.get("result")
    if isinstance(result, str) and result:
        outputs.append(_result({PLAIN: shown(result)}, execution.get("executionCount")))
    elif isinstance(result, Mapping) and result:
        outputs.append(_result(_safe_bundle(result), execution.get("executionCount")))  # the first prototype's
    status = execution.get("status")
    if status == "timeout":
        outputs.append(_error("Timeout", "", []))
    elif status == "error":
        outputs.append(_failure(execution))
    return outputs


def error_to_output(text: str, traceback: Sequence[str] = ()) -> JsonObject:
    """Turn PostHog's error text into an error output: ``Name: words`` where it has that form."""
    text = shown(text)
    name, found, value = text.partition(": ")
    if not found or not name.isidentifier():
        name, value = "Error", text
    return _error(name, value, list(traceback) or [text])


def _failure(execution: Mapping[str, JsonValue]) -> JsonObject:
    traceback = _texts(execution.get("traceback"))
    last = traceback[-1] if traceback else ""
    name = execution.get("errorName")
    if not isinstance(name, str) or not name:
        return error_to_output(last or "Error", traceback)
    name = shown(name)
    return _error(name, last.removeprefix(f"{name}: "), traceback or [name])


def _streams(result: Mapping[str, JsonValue]) -> list[JsonObject]:
    found: list[JsonObject] = []
    for name in ("stdout", "stderr"):
        text = result.get(name)
        if isinstance(text, str) and text:
            found.append({"output_type": "stream", "name": name, "text": shown(text)})
    return found


def _media(result: Mapping[str, JsonValue], type_key: str) -> list[JsonObject]:
    media = result.get("media")
    found: list[JsonObject] = []
    for item in media if isinstance(media, list) else []:
        mime_type, data = (item.get(type_key), item.get("data")) if isinstance(item, Mapping) else (None, None)
        if isinstance(mime_type, str) and "/" in mime_type and isinstance(data, str):
            found.append({"output_type": "display_data", "data": _safe_bundle({mime_type: data}), "metadata": {}})
    return found


def _safe_bundle(bundle: Mapping[str, JsonValue]) -> JsonObject:
    """Return what may be shown of stored data: images and text. Markup of others is only shown as its text (4.8)."""
    safe: JsonObject = {}
    for mime_type, value in bundle.items():
        text = "".join(_texts(value)) if isinstance(value, list) else value
        if isinstance(text, str) and (mime_type == PLAIN or _IMAGE.fullmatch(mime_type)):
            safe[mime_type] = shown(text)
    if safe:
        return safe
    only = next(iter(bundle.values())) if len(bundle) == 1 else None
    return {PLAIN: shown(only if isinstance(only, str) else canonical(dict(bundle)))}


def _result(data: Mapping[str, JsonValue], count: JsonValue = None) -> JsonObject:
    number = count if _is_count(count) else None
    return {"output_type": "execute_result", "data": dict(data), "metadata": {}, "execution_count": number}


def _is_count(value: JsonValue) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_IN_A_PAGE


def _texts(value: JsonValue) -> list[str]:
    return (
        [shown(item if isinstance(item, str) else cell_text(item)) for item in value] if isinstance(value, list) else []
    )


def _error(name: str, value: str, traceback: list[str]) -> JsonObject:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [*traceback]}
