"""A policy binds every request of a process, whoever makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_posthog.api.client import PosthogApi
from jupyter_posthog.api.queries import HogqlQuery
from jupyter_posthog.connection.limits import limited_transport
from jupyter_posthog.connection.regions import candidate
from jupyter_posthog.errors import FeatureOffError
from jupyter_posthog.settings import Feature, PersonalApiKey, Policy
from tests.box_fixture import Box


def api_of(box: Box, folder: Path, *is_off: Feature) -> PosthogApi:
    policy = Policy(is_off=frozenset(is_off))
    opened = limited_transport(folder, per_minute=240, policy=policy)
    return PosthogApi(opened(candidate(box.url, PersonalApiKey(value=box.keys["full"]))))


async def test_where_saving_is_off_nothing_is_written(box: Box, tmp_path: Path) -> None:
    api = api_of(box, tmp_path, Feature.SAVE)
    before = box.writes()

    with pytest.raises(FeatureOffError):
        await api.notebooks.create(1, title="No")
    page = await api.notebooks.list_notebooks(1, limit=1)

    assert page.count > 0
    assert box.writes() == before
    await api.aclose()


async def test_where_running_is_off_neither_runs_nor_streams_nor_queries_leave(box: Box, tmp_path: Path) -> None:
    api = api_of(box, tmp_path, Feature.RUN_CELLS)
    before = len(box.requests())

    with pytest.raises(FeatureOffError):
        await api.kernels.execute(1, "scratchpad", "1")
    with pytest.raises(FeatureOffError):
        await api.queries.query(1, HogqlQuery(text="SELECT 1"))
    with pytest.raises(FeatureOffError):
        async for _ in api.kernels.execute_stream(1, "scratchpad", "1"):
            pass

    assert len(box.requests()) == before
    await api.aclose()
