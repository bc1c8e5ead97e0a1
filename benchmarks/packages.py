"""How much is downloaded: the page's bundle and the wheel."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure

ROOT = Path(__file__).parent.parent
BUNDLE = ROOT / "labextension" / "static"


def figures() -> Iterator[Figure]:
    """Yield the figures of this file."""
    scripts = sorted(BUNDLE.glob("*.js"))
    yield Figure(
        name="bundle.gzip",
        value=sum(len(gzip.compress(script.read_bytes(), mtime=0)) for script in scripts) / 1000,
        unit="kB",
        note=f"{len(scripts)} scripts, styles inside; React, Lumino and CodeMirror come from Lab",
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
        subprocess.run([*command, "--wheel-dir", folder, str(ROOT)], check=True, capture_output=True)
        (wheel,) = Path(folder).glob("*.whl")
        yield Figure(name="wheel", value=wheel.stat().st_size / 1000, unit="kB", note="the box and its data included")
