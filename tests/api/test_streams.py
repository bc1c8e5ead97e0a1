"""The event streams of the corpus, cut where its index says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from jupyter_posthog.api.kernel_models import ExecutionAnswer
from tests.api.conftest import ApiMaker
from tests.conftest import DATA

STREAMS = sorted((DATA / "kernel").glob("*.sse"), key=lambda file: file.name)


class CutStream(httpx.AsyncByteStream):
    def __init__(self, body: bytes, cuts: list[int]) -> None:
        self._parts = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part


async def collect(make_api: ApiMaker, name: str, cuts: list[int]) -> list[tuple[str, str] | ExecutionAnswer]:
    body = (DATA / "kernel" / name).read_bytes()
    headers = {"Content-Type": "text/event-stream"}
    api = make_api(lambda request: httpx.Response(200, headers=headers, stream=CutStream(body, cuts)))
    return [item async for item in api.kernels.execute_stream(1, "aB3dE5gH", "1")]


@pytest.mark.parametrize("file", STREAMS, ids=lambda file: file.stem)
async def test_a_stream_ends_with_its_answer_unless_it_was_cut(file, make_api: ApiMaker) -> None:
    about = json.loads(file.with_suffix(".meta.json").read_text())

    items = await collect(make_api, file.name, about["split_at_bytes"])

    assert bool(items and isinstance(items[-1], ExecutionAnswer)) == about["complete"]


async def test_text_comes_in_the_order_it_was_printed(make_api: ApiMaker) -> None:
    items = await collect(make_api, "sse-03-interleaved.sse", [3, 50, 51, 90])

    assert items[:-1] == [("stdout", "a"), ("stderr", "E1\n"), ("stdout", "b\n"), ("stderr", "E2"), ("stdout", "c")]


async def test_a_stream_cut_at_every_byte_gives_the_same(make_api: ApiMaker) -> None:
    body = (DATA / "kernel" / "sse-01-simple.sse").read_bytes()
    whole = await collect(make_api, "sse-01-simple.sse", [])

    assert await collect(make_api, "sse-01-simple.sse", list(range(1, len(body)))) == whole
