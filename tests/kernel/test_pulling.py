"""`%posthog pull`: a remote frame as a local file, by each way that a server has for its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.box_fixture import Box
from tests.kernel.test_kernel import RunningKernel, start_kernel, text_of

parquet = pytest.importorskip("pyarrow.parquet")
feather = pytest.importorskip("pyarrow.feather")

ROWS = 2_345
MAKE = f"""import pandas as pd
big = pd.DataFrame({{
    'n': range({ROWS}), 'half': [number / 2 for number in range({ROWS})], 'even': [not n % 2 for n in range({ROWS})],
    'word': [None if n == 7 else f'w{{n}} ü' for n in range({ROWS})],
    'at': pd.Timestamp('2026-01-01') + pd.to_timedelta(range({ROWS}), unit='h')}})
big"""


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own = tmp_path / "work"
    own.mkdir()
    monkeypatch.chdir(own)
    return own


@pytest.fixture(params=["cloud", "legacy"])
def kernel(request: pytest.FixtureRequest, boxes: Callable[[str], Box], folder: Path) -> Iterator[RunningKernel]:
    box = boxes(request.param)
    yield from start_kernel(box.environment() | {"POSTHOG_NOTEBOOK": box.new_notebook()})


def test_a_frame_of_the_kernel_arrives_whole_and_the_cell_that_loads_it_is_printed(
    kernel: RunningKernel, folder: Path
) -> None:
    kernel.run(MAKE)

    reply, outputs = kernel.run("%posthog pull big")

    assert reply["status"] == "ok"
    assert f"{ROWS:,} rows of big are in big.parquet" in text_of(outputs)
    assert "big = pd.read_parquet('big.parquet')" in text_of(outputs)
    table = parquet.read_table(folder / "big.parquet")
    assert table.num_rows == ROWS
    assert table.column("n").to_pylist() == list(range(ROWS))
    assert table.column("half")[3].as_py() == 1.5
    assert table.column("even").to_pylist()[:2] == [True, False]
    assert table.column("word").to_pylist()[6:9] == ["w6 ü", None, "w8 ü"]
    assert names_in(folder) == ["big.parquet"]


def test_a_frame_that_no_run_made_is_found_by_its_name(kernel: RunningKernel, folder: Path) -> None:
    kernel.run(f"{MAKE}\nother = big.head(1200)\nNone")

    reply, _ = kernel.run("%posthog pull other data.arrow")

    assert reply["status"] == "ok", reply
    assert feather.read_table(folder / "data.arrow").num_rows == 1200


def test_a_query_is_pulled_with_its_own_types(kernel: RunningKernel, folder: Path) -> None:
    kernel.run("%%hogql times\nSELECT timestamp, event, 1.5 AS half FROM events ORDER BY timestamp LIMIT 600")

    reply, _ = kernel.run("%posthog pull times")

    assert reply["status"] == "ok", reply
    schema = parquet.read_schema(folder / "times.parquet")
    assert parquet.read_table(folder / "times.parquet").num_rows == 600
    assert str(schema.field("timestamp").type).startswith("timestamp")
    assert str(schema.field("half").type) == "double"


def test_a_frame_of_mixed_values_is_pulled_row_by_row(kernel: RunningKernel, folder: Path) -> None:
    kernel.run(f"import pandas as pd\nmixed = pd.DataFrame({{'a': [n if n % 2 else str(n) for n in range({ROWS})]}})")

    reply, _ = kernel.run("%posthog pull mixed")

    assert reply["status"] == "ok", reply
    assert parquet.read_table(folder / "mixed.parquet").column("a").to_pylist()[:3] == ["0", "1", "2"]
    assert names_in(folder) == ["mixed.parquet"]


def test_a_large_frame_takes_a_handful_of_requests(boxes: Callable[[str], Box], folder: Path) -> None:
    box = boxes("cloud")
    for running in start_kernel(box.environment() | {"POSTHOG_NOTEBOOK": box.new_notebook()}):
        running.run("import pandas as pd\nlarge = pd.DataFrame({'n': range(300_000), 'word': 'w'})\nNone")
        before = len(box.requests())
        reply, _ = running.run("%posthog pull large")

    assert reply["status"] == "ok", reply
    assert parquet.read_table(folder / "large.parquet").num_rows == 300_000
    assert len(box.requests()) - before < 40


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pull big /tmp/big.parquet", "only files in the working folder"),
        ("pull big ../big.parquet", "only files in the working folder"),
        ("pull big link/big.parquet", "a link leads out"),
        ("pull big out.parquet", "a link leads out"),
        ("pull big big.csv", "must end in .parquet or .arrow"),
        ("pull big none/big.parquet", "no such folder"),
        ("pull big there.parquet", "it is there already"),
        ("pull", "%posthog pull takes"),
        ("pull a b c", "%posthog pull takes"),
        ("pull --what", "%posthog pull takes"),
        ("pull nothing", "no frame named nothing"),
    ],
)
def test_what_cannot_be_pulled_is_one_sentence_and_leaves_nothing(
    kernel: RunningKernel, folder: Path, line: str, words: str
) -> None:
    (folder / "link").symlink_to(folder.parent)
    (folder / "out.parquet").symlink_to(folder.parent / "elsewhere.parquet")
    (folder / "there.parquet").write_bytes(b"mine")
    kernel.run("big = 1")
    before = names_in(folder), names_in(folder.parent)

    reply, outputs = kernel.run(f"%posthog {line}")

    assert reply["status"] == "error"
    assert words in reply["evalue"]
    assert len(outputs) == 1
    assert (names_in(folder), names_in(folder.parent)) == before
    assert (folder / "there.parquet").read_bytes() == b"mine"


def test_a_file_is_replaced_only_when_that_is_said(kernel: RunningKernel, folder: Path) -> None:
    (folder / "big.parquet").write_bytes(b"old")
    kernel.run(MAKE)

    reply, _ = kernel.run("%posthog pull big --replace")

    assert reply["status"] == "ok", reply
    assert parquet.read_table(folder / "big.parquet").num_rows == ROWS


def test_a_frame_that_is_replaced_meanwhile_is_told_and_leaves_nothing(
    boxes: Callable[[str], Box], folder: Path
) -> None:
    box = boxes("cloud")
    for running in start_kernel(box.environment() | {"POSTHOG_NOTEBOOK": box.new_notebook()}):
        running.run(f"%%duckdb big\nSELECT * FROM range({ROWS})")
        box.fail_next(path=r"/page/\?.*offset=[1-9]|/page/$", status=409, body={"detail": "stale"}, times=50)

        reply, _ = running.run("%posthog pull big")
        box.http.delete("/_box/faults")

    assert "was replaced meanwhile" in reply["evalue"]
    assert names_in(folder) == []
