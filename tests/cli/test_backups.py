"""`pull --all DIR` and `push DIR`: every notebook of a project as a folder that git keeps, counted at the box."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.box_fixture import Box, start_box
from tests.cli.terminal import Ended, Terminal, connect, terminal_of
from tests.handlers.saving import DOCUMENTS, stored_text

BLOCKS = ("# Weekly funnel", "Numbers for this week.", "## Growth", "We saw growth.", "The end.")
MANIFEST = ".posthog-notebooks.json"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A box whose notebooks only these tests know."""
    boxes = start_box("cloud", tmp_path_factory.mktemp("box-backups"), "--no-rate-limits")
    found = next(boxes)
    for row in found.http.get("/api/projects/1/notebooks/", params={"limit": 200}).json()["results"]:
        found.http.patch(f"/api/projects/1/notebooks/{row['short_id']}/", json={"deleted": True}).raise_for_status()
    yield found
    next(boxes, None)


class Folder:
    """A folder of one test, and what PostHog was asked on its behalf."""

    def __init__(self, path: Path, box: Box, terminal: Terminal) -> None:
        self.path = path
        self.box = box
        self.run = terminal

    def pull(self, *options: str) -> Ended:
        return self.run("pull", "--all", str(self.path), *options)

    def push(self, *options: str) -> Ended:
        return self.run("push", str(self.path), *options)

    def statuses(self, ended: Ended) -> dict[str, str]:
        return {row["file"]: row["status"] for row in ended.json.get("notebooks", ended.json.get("files"))}

    def file(self, short_id: str) -> Path:
        (found,) = self.path.glob(f"*{short_id}].ipynb")
        return found

    def names(self) -> set[str]:
        return {path.name for path in self.path.iterdir()}

    def edit(self, short_id: str, old: str, new: str) -> Path:
        file = self.file(short_id)
        notebook = nbformat.read(file, as_version=4)
        (cell,) = [cell for cell in notebook.cells if old in cell.source]
        cell.source = cell.source.replace(old, new)
        nbformat.write(notebook, file)
        return file

    def texts(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.path.iterdir() if path.is_file()}


@pytest.fixture
def folder(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Folder]:
    connect(box, monkeypatch)
    yield Folder(tmp_path / "notebooks", box, terminal_of(capsys))
    for row in box.http.get("/api/projects/1/notebooks/", params={"limit": 1000}).json()["results"]:
        box.http.patch(f"/api/projects/1/notebooks/{row['short_id']}/", json={"deleted": True}).raise_for_status()


def new(box: Box, title: str = "Weekly", *, shape: str = "markdown", blocks: tuple[str, ...] = BLOCKS) -> str:
    short_id = box.new_markdown("Before", title)
    box.put_content(short_id, DOCUMENTS[shape](*blocks))
    return short_id


class Counted:
    """The requests that a box is asked while something is done."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def __enter__(self) -> Counted:
        self._before = len(self._box.requests())
        return self

    def __exit__(self, *error: object) -> None:
        self.requests = [
            (request["method"], request["path"], request.get("status"))
            for request in self._box.requests()[self._before :]
            if "/_box/" not in request["path"]
        ]

    @property
    def methods(self) -> list[str]:
        return [method for method, _, _ in self.requests]


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "core.autocrlf=false"]
    ran = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout


def test_250_notebooks_are_kept_in_git_and_one_edit_is_one_save_of_one_block(folder: Folder, box: Box) -> None:
    """Issue 9: pull, git, edit one, push: one save, one block; twice: no request beyond freshness checks."""
    short_ids = [new(box, f"Notebook {number:03}", shape=("markdown", "rich")[number % 2]) for number in range(250)]

    with Counted(box) as first:
        assert folder.pull().code == 0
    assert len(folder.names()) == 251
    assert first.methods == ["GET"] * (3 + 250)
    git(folder.path, "init", "--quiet")
    git(folder.path, "add", ".")
    git(folder.path, "commit", "--quiet", "--message", "All notebooks")

    with Counted(box) as second:
        ended = folder.pull()
    assert ended.out == f"{folder.path}: 250 unchanged\n"
    assert second.requests == [("GET", "/api/projects/1/notebooks/", 200)] * 3
    assert git(folder.path, "status", "--porcelain") == ""

    for short_id in short_ids[40:42]:  # one of each shape
        before = box.fetch(short_id)
        folder.edit(short_id, "We saw growth.", "We saw growth of 4 %.")
        with Counted(box) as pushed:
            ended = folder.push()
        after = box.fetch(short_id)
        assert (ended.code, ended.out.splitlines()[-1]) == (0, f"{folder.path}: 1 saved, 249 unchanged")
        assert [method for method in pushed.methods if method != "GET"] == [pushed.methods[0]]
        assert [status for method, _, status in pushed.requests if method == "GET"] == [304]
        assert after["version"] == before["version"] + 1
        text = json.dumps(before["content"])
        assert json.dumps(after["content"]) == text.replace("We saw growth.", "We saw growth of 4 %.")
    changed = git(folder.path, "diff", "--name-only").splitlines()
    assert len(changed) == 3  # two notebooks, and what the folder knows of them
    git(folder.path, "commit", "--quiet", "--all", "--message", "Two edits")

    with Counted(box) as again:
        assert folder.push().out == f"{folder.path}: 250 unchanged\n"
        assert folder.pull().out == f"{folder.path}: 250 unchanged\n"
    assert again.requests == [("GET", "/api/projects/1/notebooks/", 200)] * 3
    assert git(folder.path, "status", "--porcelain") == ""


def test_two_machines_write_the_same_folder(
    folder: Folder, box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shape in DOCUMENTS:
        new(box, shape, shape=shape)
    box.new_markdown('<PythonV2 nodeId="p1" code="1+1" returnVariable="df" />\n\n<Recording id="1" />', "Code")
    folder.pull()
    other = Folder(tmp_path / "other", box, folder.run)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "other-data"))

    other.pull()

    assert other.texts() == folder.texts()


def test_the_manifest_holds_no_secret_and_no_moment_of_this_machine(folder: Folder, box: Box) -> None:
    short_id = new(box)
    folder.pull()

    manifest = json.loads((folder.path / MANIFEST).read_text())

    assert set(manifest) == {"form", "host", "project_id", "notebooks"}
    assert set(manifest["notebooks"][short_id]) == {"file", "version", "title", "modified_at", "digest", "is_gone"}
    assert manifest["notebooks"][short_id]["modified_at"] == box.fetch(short_id)["last_modified_at"]
    assert not any(secret in (folder.path / MANIFEST).read_text() for secret in box.keys.values())


def test_only_what_changed_is_read(folder: Folder, box: Box) -> None:
    first, second = new(box, "First"), new(box, "Second")
    folder.pull()
    box.edit_elsewhere(second, DOCUMENTS["markdown"]("# Other"))

    with Counted(box) as counted:
        statuses = folder.statuses(folder.pull("--json"))

    assert statuses == {f"First [{first}].ipynb": "unchanged", f"Second [{second}].ipynb": "updated"}
    assert [path.rsplit("/", 2)[1] for _, path, _ in counted.requests] == ["notebooks", second]
    assert "# Other" in folder.file(second).read_text()


def test_ask_all_asks_for_every_version(folder: Folder, box: Box) -> None:
    for number in range(3):
        new(box, f"Page {number}")
    folder.pull()

    with Counted(box) as counted:
        assert folder.pull("--ask-all").out == f"{folder.path}: 3 unchanged\n"

    assert sorted(status for _, _, status in counted.requests) == [200, 304, 304, 304]


def test_a_new_title_renames_the_file_and_reads_nothing(folder: Folder, box: Box) -> None:
    short_id = new(box, "Weekly")
    folder.pull()
    text = folder.file(short_id).read_bytes()
    box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"title": "A/B: what now?"}).raise_for_status()

    with Counted(box) as counted:
        ended = folder.pull()

    assert folder.names() == {f"A∕B_ what now_ [{short_id}].ipynb", MANIFEST}
    assert folder.file(short_id).read_bytes() == text
    assert [status for _, _, status in counted.requests] == [200, 304]
    assert "1 renamed" in ended.out


def test_a_file_that_a_person_renamed_keeps_its_name(folder: Folder, box: Box) -> None:
    short_id = new(box, "Weekly")
    folder.pull()
    folder.file(short_id).rename(folder.path / f"Mine [{short_id}].ipynb")

    with Counted(box) as counted:
        assert folder.pull().code == 0

    assert folder.names() == {f"Mine [{short_id}].ipynb", MANIFEST}
    assert len(counted.requests) == 1
    folder.edit(short_id, "The end.", "The end, indeed.")
    assert folder.push().code == 0
    assert "The end, indeed." in stored_text(box, short_id)


def test_a_deleted_file_comes_back(folder: Folder, box: Box) -> None:
    short_id = new(box)
    folder.pull()
    before = folder.texts()
    folder.file(short_id).unlink()

    assert folder.pull().code == 0

    assert folder.texts() == before


@pytest.mark.parametrize("is_changed_there", [False, True])
def test_edits_are_never_overwritten(folder: Folder, box: Box, is_changed_there: bool) -> None:
    short_id = new(box)
    folder.pull()
    file = folder.edit(short_id, "The end.", "My end.")
    mine = file.read_bytes()
    if is_changed_there:
        box.edit_elsewhere(short_id, DOCUMENTS["markdown"](*BLOCKS[:-1], "Their end."))

    ended = folder.pull()

    assert ended.code == 0
    assert f"kept: {file.name} was edited here" in ended.out
    assert file.read_bytes() == mine
    assert folder.statuses(folder.pull("--json")) == {file.name: "edited_by_both" if is_changed_there else "edited"}


def test_force_moves_edits_aside(folder: Folder, box: Box) -> None:
    short_id = new(box)
    folder.pull()
    before = folder.texts()
    file = folder.edit(short_id, "The end.", "My end.")

    ended = folder.pull("--force")

    aside = file.with_name(f"{file.stem}.mine.ipynb")
    assert aside.name in ended.out
    assert "My end." in aside.read_text()
    aside.unlink()
    assert folder.texts() == before


def test_edits_moved_aside_are_never_pushed(folder: Folder, box: Box) -> None:
    short_id = new(box)
    folder.pull()
    for end in ("My end.", "My other end."):
        folder.edit(short_id, "The end.", end)
        assert folder.pull("--force").code == 0

    with Counted(box) as counted:
        assert folder.push().code == 0

    assert len([name for name in folder.names() if ".mine" in name]) == 2
    assert counted.requests == []


def test_a_notebook_in_the_trash_is_said_and_its_file_kept(folder: Folder, box: Box) -> None:
    short_id, other = new(box, "Old"), new(box, "Other")
    folder.pull()
    box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"deleted": True}).raise_for_status()

    ended = folder.pull()
    with Counted(box) as counted:
        again = folder.pull()

    assert f"kept: Old [{short_id}].ipynb is not in PostHog any more" in ended.out
    assert f"kept: Old [{short_id}].ipynb is not in PostHog any more" in again.out
    assert len(counted.requests) == 1
    assert folder.file(short_id).exists()
    assert folder.statuses(folder.pull("--prune", "--json"))[f"Old [{short_id}].ipynb"] == "deleted"
    assert folder.names() == {f"Other [{other}].ipynb", MANIFEST}
    box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"deleted": False}).raise_for_status()
    assert folder.statuses(folder.pull("--json"))[f"Old [{short_id}].ipynb"] == "new"


def test_prune_keeps_what_was_edited(folder: Folder, box: Box) -> None:
    short_id = new(box)
    folder.pull()
    file = folder.edit(short_id, "The end.", "My end.")
    box.http.patch(f"/api/projects/1/notebooks/{short_id}/", json={"deleted": True}).raise_for_status()

    assert folder.pull("--prune").code == 0

    assert "My end." in file.read_text()


def test_conflicts_concern_their_files_alone(folder: Folder, box: Box) -> None:
    first, second = new(box, "First"), new(box, "Second")
    folder.pull()
    for short_id in (first, second):
        folder.edit(short_id, "The end.", "My end.")
    box.edit_elsewhere(first, DOCUMENTS["markdown"](*BLOCKS[:-1], "Their end."))

    ended = folder.push()

    assert ended.code == 1
    assert f"First [{first}].ipynb:\n" in ended.err
    assert "-Their end." in ended.err
    assert "+My end." in ended.err
    assert "My end." in stored_text(box, second)
    assert "Their end." in stored_text(box, first)
    assert folder.statuses(folder.push("--json"))[f"First [{first}].ipynb"] == "conflict"
    assert folder.push("--merge").code == 0
    assert "My end." in stored_text(box, first)
    assert folder.statuses(folder.pull("--json")) == dict.fromkeys(sorted(folder.names() - {MANIFEST}), "unchanged")


def test_push_merges_other_blocks(folder: Folder, box: Box) -> None:
    short_id = new(box)
    folder.pull()
    folder.edit(short_id, "The end.", "My end.")
    box.edit_elsewhere(short_id, DOCUMENTS["markdown"](BLOCKS[0], "Their numbers.", *BLOCKS[2:]))

    assert "merged with 1 changed by Grace Hopper" in folder.push().out

    text = folder.file(short_id).read_text()
    assert "My end." in text
    assert "Their numbers." in text


def test_a_file_that_is_no_notebook_concerns_no_other(folder: Folder, box: Box) -> None:
    short_id = new(box)
    folder.pull()
    (folder.path / "broken.ipynb").write_text("{")
    folder.edit(short_id, "The end.", "My end.")

    ended = folder.push()

    assert ended.code == 1
    assert ended.err == "broken.ipynb: This file cannot be used: broken.ipynb is not a notebook.\n"
    assert "My end." in stored_text(box, short_id)


def test_new_files_are_created_only_where_a_person_says_so(folder: Folder, box: Box) -> None:
    new(box)
    folder.pull()
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell("# Own"), nbformat.v4.new_code_cell("1 + 1")]
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="two\n")]
    nbformat.write(notebook, folder.path / "Plan.ipynb")

    ended = folder.push()
    assert (ended.code, box.count()) == (0, 1)
    assert "Plan.ipynb: not pushed: PostHog does not have it; --create makes a new notebook of it" in ended.out

    ended = folder.push("--create")
    assert (ended.code, box.count()) == (0, 2)
    (name,) = [name for name in folder.names() if name.startswith("Plan")]
    assert name != "Plan.ipynb"
    assert "two" in (folder.path / name).read_text()
    with Counted(box) as counted:
        assert folder.push("--create").code == 0
    assert counted.requests == []
    assert folder.statuses(folder.pull("--json"))[name] == "unchanged"


def test_a_second_file_of_a_notebook_is_not_pushed(folder: Folder, box: Box) -> None:
    short_id = new(box)
    folder.pull()
    (folder.path / "Copy.ipynb").write_text(folder.file(short_id).read_text().replace("The end.", "My end."))

    ended = folder.push()

    assert ended.code == 0
    assert "Copy.ipynb: not pushed: it is a second file of the notebook in" in ended.out
    assert "The end." in stored_text(box, short_id)


def test_a_folder_belongs_to_one_project(folder: Folder, box: Box) -> None:
    folder.pull()

    ended = folder.pull("--project", "2")

    assert ended.code == 1
    assert "holds project 1 of" in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("text", ["{", "{}", '{"form": 2, "host": "", "project_id": 1, "notebooks": {}}'])
def test_a_damaged_manifest_is_one_sentence_and_made_anew_when_deleted(folder: Folder, box: Box, text: str) -> None:
    new(box)
    folder.pull()
    before = folder.texts()
    (folder.path / MANIFEST).write_text(text)

    ended = folder.pull()

    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert "delete it" in ended.err
    (folder.path / MANIFEST).unlink()
    assert folder.pull().code == 0
    assert folder.texts() == before


@pytest.mark.parametrize("name", ["../outside.ipynb", "/outside.ipynb", "..\\outside.ipynb", ".hidden.ipynb", "x.py"])
def test_a_manifest_cannot_name_files_outside_its_folder(folder: Folder, box: Box, name: str) -> None:
    short_id = new(box)
    folder.pull()
    manifest = json.loads((folder.path / MANIFEST).read_text())
    manifest["notebooks"][short_id]["file"] = name
    (folder.path / MANIFEST).write_text(json.dumps(manifest))

    assert folder.pull().code == 1
    assert folder.push().code == 1


def test_links_in_a_folder_lead_nothing_out_of_it(folder: Folder, box: Box, tmp_path: Path) -> None:
    """A repository of somebody else may hold links."""
    short_id = new(box)
    folder.path.mkdir()
    outside = tmp_path / "outside.txt"
    link = folder.path / f"Weekly [{short_id}].ipynb"
    link.symlink_to(outside)

    assert folder.pull().code == 0
    assert not outside.exists()
    assert "The end." in link.read_text()
    assert not link.is_symlink()

    secret = tmp_path / "secret.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Secret")]), secret)
    (folder.path / "linked.ipynb").symlink_to(secret)
    ended = folder.push("--create")
    assert (ended.code, box.count()) == (0, 1)
    assert "linked.ipynb: not pushed: it is a link" in ended.out


def test_a_pulled_file_may_be_a_link_of_the_person(folder: Folder, box: Box, tmp_path: Path) -> None:
    short_id = new(box)
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "target.ipynb")

    assert folder.run("pull", short_id, str(tmp_path / "link.ipynb")).code == 0

    assert (tmp_path / "link.ipynb").is_symlink()
    assert "The end." in (tmp_path / "target.ipynb").read_text()


def test_one_notebook_that_cannot_be_read_stops_no_other(folder: Folder, box: Box) -> None:
    broken, fine = new(box, "Broken"), new(box, "Fine")
    body = {"type": "authentication_error", "code": "permission_denied", "detail": "Not yours.", "attr": None}
    box.fail_next(method="GET", path=f"/notebooks/{broken}/$", status=403, body=json.dumps(body))

    ended = folder.pull()

    assert ended.code == 1
    assert ended.err.startswith(f"Broken [{broken}].ipynb: You do not have access to this in PostHog.")
    assert ended.err.count("\n") == 1
    assert "1 new, 1 failed" in ended.out
    assert folder.file(fine).exists()
    assert folder.pull().out.endswith(": 1 new, 1 unchanged\n")


def test_a_host_that_goes_away_ends_the_pull_and_the_next_goes_on(folder: Folder, box: Box) -> None:
    for number in range(12):
        new(box, f"Page {number}")
    box.fail_next(
        method="GET",
        path=r"/notebooks/\w+/$",
        status=401,
        times=1,
        body=json.dumps(
            {"type": "authentication_error", "code": "authentication_failed", "detail": "Invalid.", "attr": None}
        ),
    )

    ended = folder.pull()

    assert ended.code == 1
    assert "does not know this key" in ended.err
    assert ended.err.count("\n") == 1
    known = json.loads((folder.path / MANIFEST).read_text())["notebooks"]
    assert {row["file"] for row in known.values()} == folder.names() - {MANIFEST}
    assert folder.pull().code == 0
    assert len(folder.names()) == 13


def test_half_a_character_and_control_characters_do_not_stop_a_pull(folder: Folder, box: Box) -> None:
    body = json.dumps({"title": "Tab\there", "content": DOCUMENTS["markdown"](*BLOCKS, "Half \ud83d")})
    answer = box.http.post("/api/projects/1/notebooks/", content=body, headers={"Content-Type": "application/json"})
    short_id = answer.raise_for_status().json()["short_id"]

    assert folder.pull().code == 0

    assert "Half �" in folder.file(short_id).read_text(encoding="utf-8")
    assert folder.pull().out == f"{folder.path}: 1 unchanged\n"
    file = folder.file(short_id)
    file.write_text(file.read_text().replace("The end.", "My end."))
    assert folder.push().code == 0
    assert "My end." in stored_text(box, short_id)
    assert r"Half \ud83d" in stored_text(box, short_id).encode("ascii", "backslashreplace").decode()


def test_ctrl_c_leaves_whole_files_and_the_next_pull_goes_on(folder: Folder, box: Box) -> None:
    short_ids = sorted(new(box, f"Page {number}") for number in range(40))
    program = str(Path(sys.executable).parent / "jupyter")
    # PostHog is silent from the middle on, so that the pull is surely interrupted there.
    box.fail_next(method="GET", path=f"/notebooks/({'|'.join(short_ids[20:])})/$", hold=True, times=40)
    process = subprocess.Popen(
        [program, "posthog", "pull", "--all", str(folder.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **box.environment()},
    )
    assert process.stdout is not None
    for _ in range(10):
        assert process.stdout.readline().startswith("new: ")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert err == "Stopped.\n"
    assert not [name for name in folder.names() if not name.endswith(".ipynb") and name != MANIFEST]
    known = json.loads((folder.path / MANIFEST).read_text())["notebooks"]
    assert {row["file"] for row in known.values()} == folder.names() - {MANIFEST}
    box.http.delete("/_box/faults").raise_for_status()
    assert folder.pull().code == 0
    assert len(folder.names()) == 41


def test_a_pull_that_was_killed_is_taken_up(folder: Folder, box: Box) -> None:
    """The files are there and nothing is known of them: what equals PostHog's is no edit."""
    for number in range(3):
        new(box, f"Page {number}")
    folder.pull()
    before = folder.texts()
    (folder.path / MANIFEST).unlink()

    assert folder.pull().out == f"{folder.path}: 3 unchanged\n"
    assert folder.texts() == before


@pytest.mark.parametrize("arguments", [
    ["pull", "--all", "a", "b"], ["pull", "x"], ["pull"], ["pull", "x", "y.ipynb", "--prune"], ["pull", "x", "y.ipynb", "--force"],
    ["push"], ["push", "x.ipynb", "--create"],
])  # fmt: skip
def test_wrong_use_is_one_line_and_exit_code_2(folder: Folder, arguments: list[str]) -> None:
    ended = folder.run(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1


def test_the_documented_server_is_backed_up_alike(
    boxes: Callable[[str], Box],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    legacy = boxes("legacy")
    connect(legacy, monkeypatch)
    folder = Folder(tmp_path / "notebooks", legacy, terminal_of(capsys))
    short_id = new(legacy, shape="rich")
    assert folder.pull().code == 0

    with Counted(legacy) as counted:
        assert set(folder.statuses(folder.pull("--json")).values()) == {"unchanged"}

    assert {path for _, path, _ in counted.requests} == {"/api/projects/1/notebooks/"}
    folder.edit(short_id, "The end.", "My end.")
    assert folder.push().code == 0
    assert "My end." in stored_text(legacy, short_id)


def test_a_terminal_sees_a_bar_and_what_a_person_should_read(folder: Folder, box: Box, tmp_path: Path) -> None:
    edited, _ = new(box, "Edited"), [new(box, f"Page {number}") for number in range(5)]
    folder.pull()
    folder.edit(edited, "The end.", "My end.")
    for short_id in box.http.get("/api/projects/1/notebooks/").json()["results"]:
        box.edit_elsewhere(short_id["short_id"], DOCUMENTS["markdown"](*BLOCKS, "Theirs."))
    ours, theirs = pty.openpty()
    program = str(Path(sys.executable).parent / "jupyter")
    environment = {**os.environ, **box.environment(), "COLUMNS": "60"}

    process = subprocess.Popen(
        [program, "posthog", "pull", "--all", str(folder.path)], stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while read := os.read(ours, 4096):
            seen += read
    os.close(ours)

    assert process.wait(60) == 0
    text = seen.decode()
    assert "█" in text
    assert "6/6" in text
    assert f"kept: Edited [{edited}].ipynb was edited here, and PostHog has a newer one" in text
    assert "updated: Page" not in text
    drawn = [line for line in re.split(r"\r\x1b\[K|\r\n", text) if "█" in line or "░" in line]
    assert max(map(len, drawn)) < 60
    assert text.split("\x1b[K")[-1].startswith(str(folder.path))


@pytest.fixture
def held(box: Box) -> Iterator[Callable[..., str]]:
    """Arrange that PostHog is silent at one request; the address that lets it go on is given."""

    def hold(**fault: Any) -> str:
        number = box.http.post("/_box/faults", json={"hold": True, **fault}).raise_for_status().json()["id"]
        return f"/_box/faults/{number}"

    yield hold
    box.http.delete("/_box/faults").raise_for_status()


def run_while(box: Box, held: str, arguments: list[str], meanwhile: Callable[[], object]) -> tuple[int, str]:
    """Run a command, do something while it waits for PostHog, and return its exit code and what it printed."""
    program = str(Path(sys.executable).parent / "jupyter")
    environment = {**os.environ, **box.environment()}
    process = subprocess.Popen(
        [program, "posthog", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    box.http.post(f"{held}/met").raise_for_status()
    meanwhile()
    box.http.post(f"{held}/release").raise_for_status()
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


def test_what_is_saved_into_a_file_during_its_pull_is_kept(folder: Folder, box: Box, held: Callable[..., str]) -> None:
    short_id = new(box)
    folder.pull()
    box.edit_elsewhere(short_id, DOCUMENTS["markdown"](*BLOCKS, "Theirs."))
    address = held(method="GET", path=f"/notebooks/{short_id}/$")

    code, out = run_while(
        box, address, ["pull", "--all", str(folder.path)], lambda: folder.edit(short_id, "The end.", "My end.")
    )

    assert code == 0, out
    assert "My end." in folder.file(short_id).read_text()
    assert "1 edited here and in PostHog" in out


def test_what_is_saved_into_a_file_during_its_push_is_kept_and_pushed_next(
    folder: Folder, box: Box, held: Callable[..., str]
) -> None:
    short_id = new(box)
    folder.pull()
    folder.edit(short_id, "The end.", "My end.")
    address = held(method="GET", path=f"/notebooks/{short_id}/$")  # the question for what PostHog kept, after the save

    code, out = run_while(
        box, address, ["push", str(folder.path)], lambda: folder.edit(short_id, "We saw growth.", "We saw more.")
    )

    assert code == 0, out
    assert "My end." in stored_text(box, short_id)
    assert "We saw more." in folder.file(short_id).read_text()
    assert folder.push().code == 0
    assert "We saw more." in stored_text(box, short_id)
    assert folder.statuses(folder.pull("--json")) == {f"Weekly [{short_id}].ipynb": "unchanged"}


def test_a_pause_that_posthog_asks_for_is_said_once_and_waited_out(folder: Folder, box: Box) -> None:
    for number in range(8):
        new(box, f"Page {number}")
    box.fail_next(method="GET", path=r"/notebooks/\w+/$", throttled_s=1, times=6)

    ended = folder.pull()

    assert ended.code == 0
    assert ended.err.count("request limit is used up") == 1
    assert "8 new" in ended.out
