"""The kernelspec of the local kernel where Jupyter finds it, whether or not the package was installed anew."""

from __future__ import annotations

import shutil
from pathlib import Path

SPEC = Path(__file__).parents[2] / "kernelspec-local"


def put_kernelspec(folder: Path) -> str:
    """Copy the spec below a folder; return what JUPYTER_PATH must be."""
    shutil.copytree(SPEC, folder / "kernels" / "posthog-local")
    return str(folder)
