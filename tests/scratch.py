"""A person's scratch folder beside a box, in which the commands of help texts and docs are run as they stand."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from tests.box_fixture import Box, start_box

ROOT = Path(__file__).parent.parent
#: The notebook of every example.
SHORT_ID = "aB3dE5gH"
MARKDOWN = (
    "# Weekly funnel\n\nNumbers for this week.\n\n"
    '<SQLV2 nodeId="q1" title="Orders" code="SELECT event, count() AS n FROM events GROUP BY event LIMIT 3"'
    ' returnVariable="orders" />\n\n'
    '<PythonV2 nodeId="p1" code="print(len(orders))" returnVariable="df" />'
)
RICH = {
    "type": "doc",
    "content": [
        {"type": "heading", "attrs": {"level": 1}, "content": [{"type": "text", "text": "Old"}]},
        {"type": "paragraph", "content": [{"type": "text", "text": "Text"}]},
    ],
}
TIMEOUT_S = 150
#: What does not end by itself: the line, and what it writes once it serves.
SERVERS = {
    r"jupyter posthog box\b": "answers at",
    r"jupyter posthog demo\b": r"/lab\?token=",
    r"jupyter lab\b": r"http://\S+/lab",
}


@dataclass(frozen=True)
class Ran:
    """What a line left behind."""

    code: int
    out: str
    err: str


class Scratch:
    """One person's folder, environment and box."""

    def __init__(self, folder: Path, box: Box) -> None:
        self.folder = folder
        self.box = box
        self.environment = self._environment()
        self._fill()

    def _environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTHOG_")}
        for name in ("CONFIG", "DATA", "RUNTIME"):
            (self.folder / f".{name.lower()}").mkdir(parents=True, exist_ok=True)
            environment[f"JUPYTER_{name}_DIR"] = str(self.folder / f".{name.lower()}")
        environment["HOME"] = str(self.folder)
        environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")])
        # The template as the wheel installs it; what is installed beside these tests may be older.
        templates = self.folder / ".share" / "nbconvert" / "templates"
        templates.mkdir(parents=True)
        (templates / "posthog").symlink_to(ROOT / "nbconvert-template")
        environment["JUPYTER_PATH"] = str(self.folder / ".share")
        git = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com"}
        git |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in git.items()}
        return environment | git | self.box.environment()

    def _fill(self) -> None:
        """Put there what the examples speak of."""
        self._store(MARKDOWN)
        short_id = self.box.new_markdown("Before", "Old")
        self.box.put_content(short_id, RICH)
        record = self.box.fetch(short_id)
        (self.folder / "record.json").write_text(json.dumps(record))
        (self.folder / "document.json").write_text(json.dumps(record["content"]))
        (self.folder / "key.txt").write_text(self.box.keys["full"] + "\n")
        analysis = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
        analysis.cells.append(nbformat.v4.new_markdown_cell("# Mine"))
        nbformat.write(analysis, self.folder / "analysis.ipynb")
        for line in (
            "jupyter posthog convert record.json notebook.ipynb",
            *(f"jupyter posthog pull {SHORT_ID} {name}.ipynb" for name in ("weekly", "funnel", "pulled")),
            "jupyter posthog pull --all notebooks",
        ):
            ran = self.run(line)
            assert ran.code == 0, ran.err

    def _store(self, markdown: str) -> None:
        notebooks = "/api/projects/1/notebooks/"
        if self.box.http.get(f"{notebooks}{SHORT_ID}/").status_code == 404:
            self.box.http.post(notebooks, json={"short_id": SHORT_ID, "title": "Weekly funnel"}).raise_for_status()
        attributes = {"nodeId": "markdown-notebook-v2", "markdown": markdown}
        document = {"type": "doc", "content": [{"type": "ph-markdown-notebook", "attrs": attributes}]}
        self.box.put_content(SHORT_ID, document)

    def of_this_box(self, text: str) -> str:
        """Return a text in which what stands for a person's own PostHog is the box."""
        text = re.sub(r"https://(eu\.posthog\.com|posthog\.example\.com)", self.box.url, text)
        text = text.replace("--region eu", f"--host {self.box.url} --name eu")
        text = re.sub(r"(jupyter posthog login)(?! ?-)", rf"\1 --host {self.box.url}", text)
        text = text.replace("SHORT_ID", SHORT_ID)
        text = re.sub(r"(POSTHOG_PERSONAL_API_KEY=)(…|phx_…)", rf"\g<1>{self.box.keys['full']}", text)
        text = re.sub(r"(jupyter posthog box\b)(?! .*--port)", r"\1 --port 0", text)
        text = re.sub(r"(jupyter posthog box .*--port) 80\d\d", r"\1 0", text)
        text = re.sub(r"(jupyter posthog demo .*--port) 8888", r"\1 0", text)
        return re.sub(r"jupyter lab\b", "jupyter lab --no-browser --allow-root --port 0", text)

    def run(self, text: str, *, without: str = "\0", **changes: str) -> Ran:
        """Run lines as a shell does, and stop at the first that fails.

        Args:
            without: Variables that begin so are left out.
        """
        environment = {name: value for name, value in self.environment.items() if not name.startswith(without)}
        ran = subprocess.run(
            ["bash", "-eu", "-c", self.of_this_box(text)],
            cwd=self.folder,
            env=environment | changes,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            stdin=subprocess.DEVNULL,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def serve(self, text: str) -> None:
        """Run lines whose last one does not end by itself, until it serves; then end it as Ctrl-C does."""
        (sign,) = [sign for line, sign in SERVERS.items() if re.search(line, text)]
        process = subprocess.Popen(
            # Outside a container nothing of a test is for other machines.
            ["bash", "-eu", "-c", self.of_this_box(text).replace("0.0.0.0", "127.0.0.1")],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        seen = ""
        try:
            while not re.search(sign, seen):
                line = process.stdout.readline()
                assert line, f"it ended before it served:\n{seen}"
                seen += line
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.communicate(timeout=TIMEOUT_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scratch]:
    """One folder and one box for everything that people are told to type."""
    boxes = start_box("cloud", tmp_path_factory.mktemp("box-scratch"), "--no-rate-limits")
    yield Scratch(tmp_path_factory.mktemp("scratch"), next(boxes))
    next(boxes, None)


def is_server(text: str) -> bool:
    """Whether lines do not end by themselves."""
    return any(re.search(line, text) for line in SERVERS)
