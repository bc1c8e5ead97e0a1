"""The examples run as they stand, against a box in place of a person's PostHog."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from tests.scratch import SHORT_ID, Scratch

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
WORKFLOWS = sorted((EXAMPLES / "github-actions").glob("*.yml"))


def workflow(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((EXAMPLES / "github-actions" / name).read_text(encoding="utf-8"))
    return found


def run_job(scratch: Scratch, name: str) -> list[tuple[str, int]]:
    """Run the steps of a workflow's only job as a runner does: a failed step ends it, but for steps that always run."""
    (job,) = workflow(name)["jobs"].values()
    given = {variable: value for variable, value in job["env"].items() if "${{" not in value}
    assert {variable for variable, value in job["env"].items() if "${{" in value} <= set(scratch.environment)
    codes: list[tuple[str, int]] = []
    for step in job["steps"]:
        if "run" not in step or "pip install" in step["run"]:
            continue
        has_failed = any(code for _, code in codes)
        if not has_failed or "!cancelled()" in step.get("if", ""):
            codes.append((step["name"], scratch.run(step["run"], **given).code))
    return codes


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_takes_its_key_from_a_secret_and_asks_for_no_more_rights(file: Path) -> None:
    found = workflow(file.name)
    (job,) = found["jobs"].values()

    assert job["env"]["POSTHOG_PERSONAL_API_KEY"] == "${{ secrets.POSTHOG_PERSONAL_API_KEY }}"
    assert set(found["permissions"] or {}) <= {"contents"}
    assert "cron" in found[True]["schedule"][0]  # YAML reads `on` as true
    assert job["timeout-minutes"]
    assert not re.search(r"\$\{\{ *(github\.event|inputs)", file.read_text(encoding="utf-8")), "code could be injected"


def test_the_nightly_notebook_becomes_a_page(scratch: Scratch) -> None:
    codes = run_job(scratch, "nightly-notebook.yml")

    assert codes == [("Run the notebook on PostHog", 0), ("Make a page of it", 0)]
    page = (scratch.folder / "report.html").read_text(encoding="utf-8")
    assert "Weekly funnel" in page
    assert nbformat.read(scratch.folder / "report.ipynb", as_version=4).cells[-1].outputs
    (upload,) = [
        step for step in workflow("nightly-notebook.yml")["jobs"]["report"]["steps"] if "artifact" in str(step)
    ]
    assert (scratch.folder / upload["with"]["path"]).exists()


def test_a_failing_notebook_is_red_and_a_page_all_the_same(scratch: Scratch) -> None:
    (scratch.folder / "report.html").unlink(missing_ok=True)
    before = scratch.box.fetch(SHORT_ID)["content"]
    failing = '<PythonV2 nodeId="p9" code="raise ValueError(42)" returnVariable="df" />'
    attributes = {"nodeId": "markdown-notebook-v2", "markdown": failing}
    scratch.box.put_content(
        SHORT_ID, {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": attributes}]}
    )

    codes = run_job(scratch, "nightly-notebook.yml")

    scratch.box.put_content(SHORT_ID, before)
    assert codes == [("Run the notebook on PostHog", 1), ("Make a page of it", 0)]
    assert "ValueError" in (scratch.folder / "report.html").read_text(encoding="utf-8")


def test_the_nightly_backup_commits_what_changed_and_nothing_else(scratch: Scratch, tmp_path: Path) -> None:
    remote, clone = tmp_path / "remote.git", tmp_path / "clone"
    scratch.run(f"git init --quiet --bare --initial-branch main {remote}; git clone --quiet {remote} {clone}")
    scratch.run(
        f"cd {clone}; git checkout -q -b main; git commit -q --allow-empty -m Start; git push -q -u origin main"
    )
    in_clone = Clone(scratch, clone)

    assert [code for _, code in run_job(in_clone, "nightly-backup.yml")] == [0, 0]
    first = in_clone.run("git rev-list --count origin/main; git ls-files | wc -l").out.split()
    assert [code for _, code in run_job(in_clone, "nightly-backup.yml")] == [0, 0]

    assert first == ["2", str(scratch.box.count() + 1)]
    assert in_clone.run("git rev-list --count origin/main").out == "2\n"
    assert in_clone.run("git status --porcelain").out == ""


class Clone(Scratch):
    """The same person and box, in a clone of a repository."""

    def __init__(self, scratch: Scratch, folder: Path) -> None:
        self.folder, self.box, self.environment = folder, scratch.box, scratch.environment


def test_papermill_makes_a_page_for_each_country(scratch: Scratch) -> None:
    for name in ("report.ipynb", "reports.sh"):
        shutil.copy(EXAMPLES / "papermill" / name, scratch.folder / name)

    ran = scratch.run("sh reports.sh DE US")

    assert ran.code == 0, ran.err
    sums = []
    for country in ("DE", "US"):
        notebook = nbformat.read(scratch.folder / f"report-{country}.ipynb", as_version=4)
        text = notebook.cells[-1].outputs[-1].text
        assert re.fullmatch(rf"{country}: \d+ page views in \d+ days\n", text)
        assert text.strip() in (scratch.folder / f"report-{country}.html").read_text(encoding="utf-8")
        sums.append(int(text.split()[1]))
    assert 0 < sums[0] < sums[1]
