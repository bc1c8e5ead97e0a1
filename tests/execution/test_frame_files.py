from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_posthog.errors import FrameFileError, PackageMissingError
from jupyter_posthog.execution.column_types import ColumnType, cell_value, column_type
from jupyter_posthog.execution.frame_files import FrameFile, store_frame
from jupyter_posthog.execution.frame_page import FramePage, page_expression, page_of, page_of_text

parquet = pytest.importorskip("pyarrow.parquet")

PAGE = FramePage(
    columns=["n", "word", "word", "at"],
    types=[["n", "UInt64"], ["word", "Nullable(String)"], ["word", "Array(Int64)"], ["at", "DateTime64(6, 'UTC')"]],
    rows=[[2**63, None, [1], "2026-01-01T00:00:00Z"], [0, "ü", [], "2026-01-01T01:00:00+01:00"]],
    row_count=2,
)


class Pages:
    """A frame that is here in whole, read a few rows at a time."""

    most_rows = 3

    def __init__(self, page: FramePage) -> None:
        self.page = page

    async def read(self, offset: int, limit: int) -> FramePage:
        return replace(self.page, rows=self.page.rows[offset : offset + limit])


def files_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.is_file()]


async def stored(page: FramePage, file: FrameFile) -> list[tuple[int, int]]:
    return [counts async for counts in store_frame(Pages(page), file)]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("UInt64", ColumnType.UNSIGNED),
        ("Nullable(Int32)", ColumnType.INTEGER),
        ("LowCardinality(Nullable(String))", ColumnType.TEXT),
        ("DateTime64(6, 'Europe/Berlin')", ColumnType.ZONED_MOMENT),
        ("DateTime", ColumnType.MOMENT),
        ("TIMESTAMP_NS", ColumnType.MOMENT),
        ("TIMESTAMP WITH TIME ZONE", ColumnType.ZONED_MOMENT),
        ("datetime64[ns]", ColumnType.MOMENT),
        ("datetime64[us, UTC]", ColumnType.ZONED_MOMENT),
        ("Date", ColumnType.DATE),
        ("BIGINT", ColumnType.INTEGER),
        ("float64", ColumnType.NUMBER),
        ("Bool", ColumnType.BOOLEAN),
        ("Array(UInt64)", ColumnType.TEXT),
        ("Decimal(18, 4)", ColumnType.TEXT),
        ("", ColumnType.TEXT),
    ],
)
def test_types_of_three_languages(words: str, kind: ColumnType) -> None:
    assert column_type(words) is kind


@pytest.mark.parametrize(
    ("value", "kind"),
    [(1.5, ColumnType.INTEGER), ("x", ColumnType.NUMBER), ("yes", ColumnType.BOOLEAN), ("x", ColumnType.MOMENT)],
)
def test_a_value_of_another_type_is_no_guess(value: object, kind: ColumnType) -> None:
    with pytest.raises(ValueError):
        cell_value(value, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("library", ["pyarrow", "duckdb"])
async def test_both_libraries_write_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    pytest.importorskip("duckdb")
    if library == "duckdb":
        monkeypatch.setitem(sys.modules, "pyarrow", None)

    counts = await stored(PAGE, FrameFile(folder=tmp_path, name="orders.parquet"))
    monkeypatch.undo()

    table = parquet.read_table(tmp_path / "orders.parquet")
    assert counts[-1] == (2, 2)
    assert table.column_names == ["n", "word", "word_2", "at"]
    assert table.column("n").to_pylist() == [2**63, 0]
    assert table.column("word").to_pylist() == [None, "ü"]
    assert table.column("word_2").to_pylist() == ["[1]", "[]"]
    assert [moment.isoformat() for moment in table.column("at").to_pylist()] == ["2026-01-01T00:00:00+00:00"] * 2


async def test_without_a_library_one_sentence_names_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyarrow", "duckdb"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(PackageMissingError) as caught:
        await stored(PAGE, FrameFile(folder=tmp_path, name="orders.parquet"))

    assert caught.value.packages == "pyarrow"
    assert files_in(tmp_path) == []


async def test_a_value_that_does_not_fit_names_its_place_and_leaves_nothing(tmp_path: Path) -> None:
    page = FramePage(
        columns=["n"], types=[["n", "Int64"]], rows=[[number] for number in [1, 2, 3, 4, "x"]], row_count=5
    )

    with pytest.raises(FrameFileError) as caught:
        await stored(page, FrameFile(folder=tmp_path, name="orders.parquet"))

    assert caught.value.problem == "in row 5, n is no integer"
    assert files_in(tmp_path) == []


async def test_a_file_that_came_in_between_is_kept(tmp_path: Path) -> None:
    file = FrameFile(folder=tmp_path, name="orders.parquet")
    part = file.begin()
    file.path.write_bytes(b"theirs")

    with pytest.raises(FrameFileError, match="already"):
        file.finish(part)

    assert file.path.read_bytes() == b"theirs"


def test_a_page_of_code_and_of_a_run_are_the_same() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"n": [1, 2, 3], "at": pandas.to_datetime(["2026-01-01"] * 3)})

    page = page_of_text(eval(page_expression("frame", 1, 2), {"frame": frame}))

    assert page is not None
    assert (page.columns, len(page.rows), page.row_count) == (["n", "at"], 1, 3)
    assert page_of_text("no JSON") is None
    assert page_of({"columns": []}) is None
