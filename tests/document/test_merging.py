"""Three-way merges: every pair of gestures, for both shapes (design.md §6)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_posthog.document import (
    JsonValue,
    OwnText,
    block_as_cell,
    merge,
    merge_answered,
    read_document,
    write_document,
)
from jupyter_posthog.document.values import canonical
from jupyter_posthog.errors import CellNotWritableError
from tests.document.edits import edited_notebooks
from tests.document.strategies import markdown_texts, rich_documents, wrapped

# A to D are the base; b and c are B split in two, g and h C; 1 and 3 are edits of mine, 2 and 4 of theirs.
TEXTS = {
    "A": "Alpha stands first in this document.",
    "B": "Beta came second. It has two sentences.",
    "C": "Gamma is the third part of it.",
    "D": "Delta ends what was written here.",
    "b": "Beta came second.",
    "c": "It has two sentences.",
    "g": "Gamma is the third",
    "h": "part of it.",
    "1": "Beta came second, said I. It has two sentences.",
    "2": "Beta came second. It has two sentences, said they.",
    "3": "Gamma is the third part of it, said I.",
    "4": "Gamma is the third part of it, they said.",
    "M": "Mine was put in by me today.",
    "T": "Theirs arrived from a colleague.",
}
LETTERS = {text: letter for letter, text in TEXTS.items()}
MINE, THEIRS = 0, 1

# Mine, theirs, the block of theirs (mine is always B), what comes out.
TABLE = [
    ("edit", "edit", "B", "edited_by_both"),
    ("edit", "delete", "B", "deleted_there"),
    ("edit", "insert", "B", "A1TCD"),
    ("edit", "move", "B", "ACD1"),
    ("edit", "split", "B", "edited_by_both"),
    ("delete", "edit", "B", "deleted_here"),
    ("delete", "delete", "B", "ACD"),
    ("delete", "insert", "B", "ATCD"),
    ("delete", "move", "B", "ACD"),
    ("delete", "split", "B", "deleted_here"),
    ("insert", "edit", "B", "A2MCD"),
    ("insert", "delete", "B", "AMCD"),
    ("insert", "insert", "B", "ABTMCD"),
    ("insert", "move", "B", "ACDBM"),
    ("insert", "split", "B", "AbcMCD"),
    ("move", "edit", "B", "ACD2"),
    ("move", "delete", "B", "ACD"),
    ("move", "insert", "B", "ACDBT"),
    ("move", "move", "B", "ACDB"),
    ("move", "split", "B", "ACDbc"),
    ("split", "edit", "B", "edited_by_both"),
    ("split", "delete", "B", "deleted_there"),
    ("split", "insert", "B", "AbcTCD"),
    ("split", "move", "B", "ACDbc"),
    ("split", "split", "B", "AbcCD"),
    ("edit", "edit", "C", "A14D"),
    ("edit", "delete", "C", "A1D"),
    ("edit", "insert", "C", "A1CTD"),
    ("edit", "move", "C", "A1DC"),
    ("edit", "split", "C", "A1ghD"),
    ("delete", "edit", "C", "A4D"),
    ("delete", "delete", "C", "AD"),
    ("delete", "insert", "C", "ACTD"),
    ("delete", "move", "C", "ADC"),
    ("delete", "split", "C", "AghD"),
    ("insert", "edit", "C", "ABM4D"),
    ("insert", "delete", "C", "ABMD"),
    ("insert", "insert", "C", "ABMCTD"),
    ("insert", "move", "C", "ABMDC"),
    ("insert", "split", "C", "ABMghD"),
    ("move", "edit", "C", "A4DB"),
    ("move", "delete", "C", "ADB"),
    ("move", "insert", "C", "ACTDB"),
    ("move", "move", "C", "ADBC"),
    ("move", "split", "C", "AghDB"),
    ("split", "edit", "C", "Abc4D"),
    ("split", "delete", "C", "AbcD"),
    ("split", "insert", "C", "AbcCTD"),
    ("split", "move", "C", "AbcDC"),
    ("split", "split", "C", "AbcghD"),
]


def after(gesture: str, block: str, side: int) -> str:
    blocks = list("ABCD")
    place = blocks.index(block)
    match gesture:
        case "edit":
            blocks[place] = {"B": "12", "C": "34"}[block][side]
        case "delete":
            del blocks[place]
        case "insert":
            blocks.insert(place + 1, "MT"[side])
        case "move":
            blocks.append(blocks.pop(place))
        case "move up":
            blocks.insert(0, blocks.pop(place))
        case "split":
            blocks[place : place + 1] = {"B": "bc", "C": "gh"}[block]
    return "".join(blocks)


def markdown(letters: str) -> Any:
    return wrapped("\n\n".join(TEXTS[letter] for letter in letters))


def rich(letters: str) -> Any:
    return {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": TEXTS[letter]}]} for letter in letters],
    }


def letters_of(document: Any) -> str:
    nodes = document["content"]
    if nodes[0]["type"] == "ph-markdown-notebook":
        return "".join(LETTERS[text] for text in nodes[0]["attrs"]["markdown"].split("\n\n"))
    return "".join(LETTERS[node["content"][0]["text"]] for node in nodes)


def merged(make: Any, mine: str, theirs: str, **answers: str) -> str:
    outcome = merge(make("ABCD"), make(mine), make(theirs), answers=answers or None)
    return letters_of(outcome.document) if outcome.is_merged else " ".join(each.kind for each in outcome.conflicts)


both_shapes = pytest.mark.parametrize("make", [markdown, rich])


@both_shapes
@pytest.mark.parametrize(("mine", "theirs", "block", "expected"), TABLE)
def test_every_pair_of_gestures(make: Any, mine: str, theirs: str, block: str, expected: str) -> None:
    assert merged(make, after(mine, "B", MINE), after(theirs, block, THEIRS)) == expected


@both_shapes
def test_one_block_moved_to_two_places_is_a_conflict(make: Any) -> None:
    assert merged(make, after("move", "B", MINE), after("move up", "B", THEIRS)) == "moved_by_both"


@both_shapes
@pytest.mark.parametrize("letters", ["A1CD", "ABMCD", "ACD", "AbcCD", "DABC", ""])
def test_equal_changes_are_no_conflict(make: Any, letters: str) -> None:
    if letters:
        assert merged(make, letters, letters) == letters
    else:
        outcome = merge(make("ABCD"), make(""), make(""))
        assert outcome.is_merged


@both_shapes
@pytest.mark.parametrize(("answer", "expected"), [("mine", "A1CD"), ("theirs", "A2CD")])
def test_an_answered_conflict_merges(make: Any, answer: str, expected: str) -> None:
    (conflict,) = merge(make("ABCD"), make("A1CD"), make("A2CD")).conflicts

    assert merged(make, "A1CD", "A2CD", **{conflict.conflict_id: answer}) == expected


def test_a_conflict_holds_the_three_versions() -> None:
    (conflict,) = merge(markdown("ABCD"), markdown("A1CD"), markdown("ACD")).conflicts

    assert (conflict.kind, conflict.base, conflict.mine, conflict.theirs) == (
        "deleted_there",
        TEXTS["B"],
        TEXTS["1"],
        None,
    )


def test_separators_never_conflict_and_theirs_wins() -> None:
    outcome = merge(wrapped("a\n\nb\n\nc"), wrapped("a\n\n\nb\n\nc, mine"), wrapped("a\n\n\n\nb\n\nc\n"))

    assert outcome.text == "a\n\n\n\nb\n\nc, mine\n"


def test_cells_are_known_by_their_node_ids() -> None:
    base = '<PythonV2 nodeId="p" code="1" />\n\n<PythonV2 nodeId="q" code="2" />'
    mine = base.replace('code="1"', 'code="one"')
    theirs = '<PythonV2 nodeId="q" code="2" />\n\n<PythonV2 nodeId="p" code="1" title="T" />'

    (conflict,) = merge(wrapped(base), wrapped(mine), wrapped(theirs)).conflicts

    assert (conflict.kind, conflict.node_id) == ("edited_by_both", "p")


def test_a_shape_that_changed_is_never_merged() -> None:
    (conflict,) = merge(rich("ABCD"), rich("A1CD"), markdown("ABCD")).conflicts

    assert conflict.kind == "shape_changed"


def test_a_fence_that_would_swallow_what_they_added_is_closed() -> None:
    outcome = merge(wrapped("a\n\n```\nx"), wrapped("a, mine\n\n```\nx"), wrapped("a\n\n```\nx\n```\n\nb"))

    assert outcome.text == "a, mine\n\n```\nx\n```\n\nb"


@st.composite
def versions(draw: st.DrawFn) -> tuple[JsonValue, JsonValue, JsonValue]:
    """A document and what two people made of it."""
    document = draw(st.one_of(markdown_texts().map(wrapped), rich_documents))
    read = read_document(document)
    made: list[JsonValue] = []
    while len(made) < 2:
        try:
            made.append(write_document(draw(edited_notebooks(read.notebook)), read.ledger).document)
        except CellNotWritableError:
            made.append(document)
    return document, made[0], made[1]


@given(three=versions())
def test_a_merge_with_no_change_is_the_other_side(three: Any) -> None:
    base, mine, _ = three

    for outcome in (merge(base, mine, base), merge(base, base, mine), merge(base, mine, mine)):
        assert outcome.is_merged
        assert canonical(outcome.document) == canonical(mine)


@given(three=versions())
def test_a_merge_is_stable_and_drops_nothing_unseen(three: Any) -> None:
    base, mine, theirs = three
    outcome = merge(base, mine, theirs)
    if not outcome.is_merged:
        answers = {conflict.conflict_id: "mine" for conflict in outcome.conflicts}
        outcome = merge(base, mine, theirs, answers=answers)
    if not outcome.is_merged:
        assert {conflict.kind for conflict in outcome.conflicts} <= {"shape_changed", "unreadable"}
        return

    again = merge(theirs, outcome.document, theirs)
    assert canonical(again.document) == canonical(outcome.document)


RUN_CELL = '<PythonV2 nodeId="p" code="1" runId="r1" runStatus="done" result={{"stdout":"1"}} />'


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        # A newer result on one side is no reason to ask anybody.
        (RUN_CELL.replace('code="1"', 'code="2"'), RUN_CELL.replace("r1", "r2"), 'code="2" runId="r1"'),
        (RUN_CELL.replace("r1", "r2"), RUN_CELL.replace('code="1"', 'code="2"'), 'code="2" runId="r1"'),
        (RUN_CELL.replace("r1", "r2"), RUN_CELL.replace("r1", "r3"), 'runId="r3"'),
        ("Gone", RUN_CELL.replace("r1", "r2"), "Gone"),
    ],
)
def test_a_result_alone_stands_in_nobodys_way(mine: str, theirs: str, expected: str) -> None:
    outcome = merge(wrapped(RUN_CELL), wrapped(mine), wrapped(theirs))

    assert outcome.is_merged
    assert expected in str(outcome.text)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "text", "expected"),
    [
        ("a\n\nb\n\nc", "a\n\nb mine\n\nc", "a\n\nb theirs\n\nc", "b of both", "a\n\nb of both\n\nc"),
        ("a\n\nb\n\nc", "a\n\nc", "a\n\nb theirs\n\nc", "b again", "a\n\nb again\n\nc"),
        ("a\n\nb\n\nc", "a\n\nb mine\n\nc", "a\n\nb theirs\n\nc", "", "a\n\nc"),
        (
            '<PythonV2 nodeId="p" code="1" />',
            '<PythonV2 nodeId="p" code="2" />',
            '<PythonV2 nodeId="p" code="3" />',
            'print("both")\nx',
            '<PythonV2 nodeId="p" code="print(\\"both\\")\\nx" />',
        ),
    ],
)
def test_an_answer_may_be_a_text_of_ones_own(base: str, mine: str, theirs: str, text: str, expected: str) -> None:
    documents = [wrapped(base), wrapped(mine), wrapped(theirs)]
    (conflict,) = merge(*documents).conflicts

    outcome = merge_answered(*documents, {conflict.conflict_id: OwnText(text)})

    assert outcome.text == expected


def test_two_texts_of_ones_own_and_one_side() -> None:
    documents = [wrapped(text) for text in ("a\n\nb\n\nc", "a1\n\nb1\n\nc1", "a2\n\nb2\n\nc2")]
    first, second, third = merge(*documents).conflicts

    answers = {first.conflict_id: OwnText("A\n\nA too"), second.conflict_id: "theirs", third.conflict_id: OwnText("C")}

    assert merge_answered(*documents, answers).text == "A\n\nA too\n\nb2\n\nC"


def test_a_rich_block_is_shown_as_its_cell_shows_it_and_can_be_rewritten() -> None:
    documents = [rich("ABCD"), rich("A1CD"), rich("A2CD")]
    (conflict,) = merge(*documents).conflicts

    assert block_as_cell(str(conflict.mine), shape="rich") == ("markdown", TEXTS["1"])
    outcome = merge_answered(*documents, {conflict.conflict_id: OwnText("**Both**")})

    assert outcome.document["content"][1]["content"][0] == {
        "type": "text",
        "text": "Both",
        "marks": [{"type": "bold"}],
    }
    assert [node["type"] for node in outcome.document["content"]] == ["paragraph"] * 4


def test_a_code_block_of_a_conflict_is_shown_as_code() -> None:
    assert block_as_cell('<SQLV2 nodeId="s" code="SELECT 1" returnVariable="x" />', shape="markdown") == (
        "code",
        "%%hogql x\nSELECT 1",
    )
