"""Blocks, tags and cells as PostHog's server finds them (posthog-document.md 3.2–3.7, 7), and the state of their runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from jupyter_posthog.box.text.blocks import blocks_of
from jupyter_posthog.box.text.cells import StoredCell, cells_of, names_in
from jupyter_posthog.box.text.tags import read_tag
from tests.box.runs import wait_for_run
from tests.box_fixture import Box
from tests.conftest import DATA, load_json
from tests.document.readers.backend import read_tags

ALL = "/api/projects/1/notebooks/"


def sources(markdown: str) -> list[str]:
    return [markdown[block.start : block.end] for block in blocks_of(markdown)]


def props(tag: str) -> Any:
    found = read_tag(tag, 0)
    return found.props if found else None


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<X a="1" b={2} c d={null} />', {"a": "1", "b": 2, "c": True, "d": None}),
        ('<X a=\'it\\\'s\' b={[1,{"c":2}]} e={{"f":1}} />', {"a": "it's", "b": [1, {"c": 2}], "e": {"f": 1}}),
        ('<X a="line\\nnext \\"q\\"" />', {"a": 'line\nnext "q"'}),
        ('<X a="raw\nline \\n" />', {"a": "raw\nline n"}),
        ('<X a="&lt;&copy &amp;amp;" b={"&lt;"} />', {"a": "<© &amp;", "b": "&lt;"}),
        ("<X a={it} b=word c= />", {"a": "{it}", "b": "word", "c": ""}),
        ('<X a="b/>c" d={"/>"} />', {"a": "b/>c", "d": "/>"}),
        ("<X>body</X>", {}),
        ('<X\n a="1" />', None),
        ("<x />", None),
        ('<X a="1" /> text', None),
        ('<X a="1"\n\n/>', None),
        ('<PythonV2 nodeId="p" code="1" broken="unterminated />', {"nodeId": "p", "code": "1", "broken": None}),
        ("<X a={it's} />", {"a": None}),
        ("<X a=b/c />", {"a": "b"}),
        ("<X>\n\n</X>", None),
    ],
)
def test_a_tag_is_read(tag: str, expected: Any) -> None:
    assert props(tag) == expected


def test_the_end_of_the_last_block_is_one_short_without_a_line_end() -> None:
    """D1: PostHog's own slices."""
    assert sources('x\n\n<X a="1" />') == ["x", '<X a="1" /']
    assert sources('x\n\n<X a="1" />\n') == ["x", '<X a="1" />']
    assert sources("# a\r\n\r\nb") == ["# a\r", ""]


def test_fences_hide_tags_and_end_at_any_fence() -> None:
    text = '```python\n<PythonV2 nodeId="a" code="1" />\n``` more\n<PythonV2 nodeId="b" code="2" />\n'

    assert [cell.node_id for cell in cells_of(text) if cell.cell_type == "python"] == ["b"]


def test_a_tag_below_a_text_line_ends_the_text() -> None:
    assert sources('text\n<X a="1" />\nmore\n') == ["text", '<X a="1" />', "more"]


def test_an_anchor_names_the_next_block() -> None:
    (cell,) = cells_of("<!--ph:phb-1-->\n\nText\n")

    assert (cell.node_id, cell.code) == ("phb-1", "Text")


def test_frames_have_names_of_their_own() -> None:
    """3.6: SQL first, then insights; a Python cell whose name is taken exports nothing."""
    text = "\n\n".join(
        [
            '<PythonV2 nodeId="p" code="1" returnVariable="SQL_DF" />',
            '<SQLV2 nodeId="a" code="1" />',
            '<SQLV2 nodeId="b" code="1" />',
            '<Query nodeId="q" query={{}} dataframeQuery={{}} returnVariable="sql_df" />',
            '<Query nodeId="r" query={{}} dataframeQuery={{"kind":"HogQLQuery"}} returnVariable="sql_df" />',
            '<SQLV2 nodeId="c" code="1" returnVariable="not valid" />',
            '<SQLV2 code="no id" />',
        ]
    )

    names = {cell.node_id: cell.name for cell in cells_of(text)}

    assert names == {"p": "", "a": "sql_df", "b": "sql_df_2", "q": "", "r": "sql_df_3", "c": ""}


@pytest.mark.parametrize(
    ("cell_type", "code", "names"),
    [
        ("sql", "SELECT a FROM df1 -- df2\n/* df3 */ WHERE b = 'df4'", {"SELECT", "a", "FROM", "df1", "WHERE", "b"}),
        ("python", "df2 = df1.head()  # df3\n'df4'", {"df1"}),
        ("python", "df1 (", {"df1"}),
    ],
)
def test_names_in_comments_and_texts_are_not_read(cell_type: str, code: str, names: set[str]) -> None:
    cell = StoredCell(node_id="n", cell_type=cell_type, code=code, name="", start=0, end=0)

    assert names_in(cell) == names


def test_places_are_utf_16_units() -> None:
    text = '🦔🦔\n\n<SQLV2 nodeId="q" code="1" />\n'
    units = text.encode("utf-16-le")

    cell = cells_of(text)[1]

    assert units[cell.start * 2 : cell.end * 2].decode("utf-16-le") == '<SQLV2 nodeId="q" code="1" />'


def test_many_broken_tags_are_read_in_time() -> None:
    """N17: PostHog's own server takes seconds for these."""
    started_s = time.process_time()

    assert len(list(blocks_of('<X a="\n' * 3_000))) >= 1

    assert time.process_time() - started_s < 5


@pytest.mark.parametrize("file", sorted((DATA / "documents" / "markdown").iterdir()), ids=lambda file: file.stem)
def test_tags_of_the_corpus_are_those_of_the_reference_reader(file: Path) -> None:
    content = load_json(f"documents/markdown/{file.name}")["content"]
    text = content["content"][0]["attrs"]["markdown"]
    units = [len(text[:place].encode("utf-16-le", "surrogatepass")) // 2 for place in range(len(text) + 1)]

    found = [
        (block.tag.name, block.tag.props, units[block.start], units[block.end])
        for block in blocks_of(text)
        if block.tag is not None
    ]

    assert found == [(tag.name, tag.props, tag.start, tag.end) for tag in read_tags(text)]


def state(box: Box, short_id: str, query: str = "") -> Any:
    answer = box.http.get(f"{ALL}{short_id}/sql_v2/state/{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def run(box: Box, short_id: str, node_id: str, code: str) -> None:
    body = {"node_id": node_id, "code": code, "output_name": node_id}
    run_id = box.http.post(f"{ALL}{short_id}/sql_v2/run/", json=body).json()["run_id"]
    wait_for_run(box, f"{ALL}{short_id}/sql_v2/runs/{run_id}/")


CHAIN = (
    'Prose\n\n<SQLV2 nodeId="a" code="SELECT 1 AS x" returnVariable="one" />\n\n'
    '<SQLV2 nodeId="b" code="SELECT x FROM one" returnVariable="two" />\n'
)


def test_the_state_knows_who_reads_whom_and_what_is_stale(box: Box) -> None:
    short_id = box.new_markdown(CHAIN)
    run(box, short_id, "a", "SELECT 1 AS x")
    run(box, short_id, "b", "SELECT x FROM one")
    fresh = {cell["node_id"]: cell for cell in state(box, short_id)["cells"]}
    run(box, short_id, "a", "SELECT 1 AS x")
    older = {cell["node_id"]: cell["status"] for cell in state(box, short_id)["cells"]}
    run(box, short_id, "a", "SELECT 2 AS x")
    edited = {cell["node_id"]: cell["status"] for cell in state(box, short_id)["cells"]}

    assert (fresh["b"]["depends_on"], fresh["a"]["dependents"]) == (["a"], ["b"])
    assert fresh["a"]["status"] == "done"
    assert fresh["a"]["last_run"]["columns"] == ["x"]
    assert older["a"] == "done"
    assert edited["a"] == "stale"
    assert [cell["cell_type"] for cell in fresh.values()] == ["markdown", "sql", "sql"]


def test_the_state_can_be_short(box: Box) -> None:
    code = "SELECT 1 AS x -- " + "y" * 9_000
    short_id = box.new_markdown(f'<SQLV2 nodeId="a" code="{code}" />\n\n<SQLV2 nodeId="b" code="SELECT 1" />')

    whole, compact = state(box, short_id), state(box, short_id, "?detail=compact")
    chosen = state(box, short_id, "?cell_ids=a")

    assert (whole["markdown"] is None, compact["markdown"], chosen["markdown"]) == (False, None, None)
    assert len(compact["cells"][0]["code"]) < 300 < len(whole["cells"][0]["code"]) < 9_000
    assert [cell["code"] for cell in chosen["cells"]] == [code]
    assert box.http.get(f"{ALL}{short_id}/sql_v2/state/?cell_ids=a,zzz").json() == {"detail": "Unknown cell ids: zzz"}


def test_the_scratchpad_has_a_state_and_no_record(box: Box) -> None:
    assert state(box, "scratchpad")["cells"] == []
    assert box.http.get(f"{ALL}scratchpad/").status_code == 404
