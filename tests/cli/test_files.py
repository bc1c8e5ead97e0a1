"""`check` and `convert` on files alone: no connection is asked for."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from jupyter_posthog.cli.main import run
from tests.document.corpus import FILES, name_of
from tests.document.strategies import wrapped

TEXT = '# T\n\n<PythonV2 nodeId="p" code="x = 1" />\n\n<Recording id="r" />'


def write(file: Path, value: Any) -> str:
    file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_check_proves_that_a_stored_document_survives(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(file)]) == 0
    assert "survives byte for byte" in capsys.readouterr().out


def test_check_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(wrapped(TEXT))))

    assert run(["check", "-", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == {"is_changed": False, "changes": [], "not_stored": [], "misread": []}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('````\n```\n<SQLV2 nodeId="a" code="1" />\n````', "block of code"),
        ('<!-- a\n<PythonV2 nodeId="a" code="1" />\n-->', "note"),
    ],
)
def test_check_names_what_the_server_reads_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    assert run(["check", write(tmp_path / "a.md", text)]) == 0

    out = capsys.readouterr().out
    assert "survives byte for byte" in out
    assert f"cell 1: a {words}" in out


def test_check_names_what_a_new_notebook_would_lose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "analysis.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1", metadata={"tags": ["a"]})]), file)

    assert run(["check", str(file)]) == 1
    assert "cell 1: tags a" in capsys.readouterr().out


def test_convert_leads_there_and_back(tmp_path: Path) -> None:
    record = write(tmp_path / "record.json", {"short_id": "a", "content": wrapped(TEXT)})
    notebook, document, text = (str(tmp_path / name) for name in ("n.ipynb", "d.json", "t.md"))

    assert run(["convert", record, notebook]) == 0
    assert run(["convert", notebook, document, "--base", record]) == 0
    assert run(["convert", document, text]) == 0

    assert json.loads(Path(document).read_text(encoding="utf-8")) == wrapped(TEXT)
    assert Path(text).read_text(encoding="utf-8") == TEXT


def test_convert_with_a_base_changes_the_edited_cell_only(tmp_path: Path) -> None:
    record = write(tmp_path / "record.json", wrapped(TEXT))
    notebook, document = tmp_path / "n.ipynb", tmp_path / "d.json"
    run(["convert", record, str(notebook)])
    edited = nbformat.read(notebook, as_version=4)
    edited.cells[1]["source"] = "x = 2"
    nbformat.write(edited, notebook)

    run(["convert", str(notebook), str(document), "--base", record])

    assert json.loads(document.read_text(encoding="utf-8")) == wrapped(TEXT.replace("x = 1", "x = 2"))


def test_convert_rescues_legacy_cells_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    legacy = write(tmp_path / "legacy.md", '<Python nodeId="p" code="1" />')
    target = tmp_path / "live.md"

    assert run(["convert", legacy, str(target), "--rescue"]) == 0

    assert target.read_text(encoding="utf-8") == '<PythonV2 nodeId="p" code="1" showFilters />'
    assert "rescued the cell p" in capsys.readouterr().err


RICH = {
    "type": "doc",
    "content": [
        {"type": "heading", "attrs": {"level": 1, "id": "toc"}, "content": [{"type": "text", "text": "Old"}]},
        {"type": "ph-python", "attrs": {"nodeId": "p", "code": "1"}},
    ],
}
UPGRADED = '# Old\n\n<PythonV2 nodeId="p" code="1" showFilters />'


def test_convert_upgrades_a_rich_notebook_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "upgraded.md"

    assert run(["convert", write(tmp_path / "rich.json", RICH), str(target), "--upgrade"]) == 0

    assert target.read_text(encoding="utf-8") == UPGRADED
    assert "block 1 (heading): of a heading the attribute id" in capsys.readouterr().err


def test_convert_reports_what_an_upgrade_loses_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "upgraded.json"

    assert run(["convert", write(tmp_path / "rich.json", RICH), str(target), "--upgrade", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["losses"] == [
        {"node_number": 1, "node_type": "heading", "what": "of a heading the attribute id"}
    ]
    assert json.loads(target.read_text(encoding="utf-8"))["content"][0]["attrs"]["markdown"] == UPGRADED


def test_an_upgrade_leaves_a_markdown_notebook_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "same.json"

    assert run(["convert", write(tmp_path / "markdown.json", wrapped(TEXT)), str(target), "--upgrade"]) == 0

    assert json.loads(target.read_text(encoding="utf-8")) == wrapped(TEXT)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.json", "{not json", "a.json is not JSON"),
        ("a.ipynb", "[]", "a.ipynb is not a notebook"),
        ("a.ipynb", "{", "a.ipynb is not a notebook"),
    ],
)
def test_a_file_of_the_wrong_kind_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, sentence: str
) -> None:
    file = write(tmp_path / name, content)

    for command in (["check", file], ["convert", file, str(tmp_path / "out.json")]):
        assert run(command) == 1
        error = capsys.readouterr().err
        assert sentence in error
        assert "Traceback" not in error


def test_a_missing_file_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(tmp_path / "absent.json")]) == 1
    assert "No such file" in capsys.readouterr().err


def test_a_target_of_no_known_kind_is_wrong_use(tmp_path: Path) -> None:
    assert run(["convert", write(tmp_path / "a.md", "x"), str(tmp_path / "a.txt")]) == 2


CELL = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [CELL, CELL]}
OLD_CELL = {"cell_type": "code", "input": "1", "language": "python", "outputs": [], "collapsed": False, "metadata": {}}


@pytest.mark.parametrize(
    "notebook",
    [
        NOTEBOOK,
        {**NOTEBOOK, "nbformat_minor": 5, "cells": [{**CELL, "id": "a"}, {**CELL, "id": "a"}]},
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [OLD_CELL] * 2, "metadata": {}}]},
        {**NOTEBOOK, "metadata": {"posthog": 5, "kernelspec": 5, "language_info": "x"}},
    ],
    ids=["without ids", "ids twice", "nbformat 3", "odd metadata"],
)
def test_a_notebook_from_the_wild_is_converted(
    notebook: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = write(tmp_path / "in.ipynb", notebook), tmp_path / "out.json"

    assert run(["check", source]) == 0
    assert run(["convert", source, str(target)]) == 0
    assert target.read_text().count("PythonV2") == 2
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ipynb", ""),
        ("b.ipynb", json.dumps({**NOTEBOOK, "cells": [{"cell_type": "code", "metadata": {}}]})),
        ("c.ipynb", json.dumps({**NOTEBOOK, "nbformat": 99})),
        ("d.ipynb", json.dumps({**NOTEBOOK, "nbformat": "4"})),
        ("e.ipynb", json.dumps({**NOTEBOOK, "cells": [5]})),
        ("f.json", ""),
        ("g.json", "[" * 5_000 + "]" * 5_000),
        ("h.json", json.dumps("[" * 5_000 + "]" * 5_000)),
    ],
)
def test_a_file_that_cannot_be_read_is_said_in_one_sentence(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / name, text)

    assert run(["check", source]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
