"""Which cases of jupyter_server's suite run against our manager, and why the others cannot: the table of docs/contents.md."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "contents.md"
_BEGIN, _END = "<!-- suite: begin -->\n", "<!-- suite: end -->\n"

_TEXT = "PostHog keeps notebooks only: no text file"
_BLOB = "PostHog keeps notebooks only: no binary file"
_FOLDER = "Folders are connections and projects: none is made, copied or deleted here"
_HIDDEN = "Nothing is hidden: a title may begin with a dot"
_NAMES = "PostHog allows equal titles, so no name is counted up or refused; the short_id tells notebooks apart"
_VERSIONS = "Checkpoints are the versions seen here: every save makes one, and none is deleted"

#: Names of the suite's cases that cannot hold, with the reason.
CANNOT: dict[str, str] = {
    "test_get_nb_invalid": "The case writes an invalid file; every document of PostHog opens as a valid notebook",
    "test_get_text_file_contents": _TEXT,
    "test_get_text_file_hash": _TEXT,
    "test_create_untitled_txt": _TEXT,
    "test_upload_txt": _TEXT,
    "test_file_checkpoints": _TEXT,
    "test_get_binary_file_contents": _BLOB,
    "test_upload_b64": _BLOB,
    "test_mkdir": _FOLDER,
    "test_mkdir_untitled": _FOLDER,
    "test_copy_dir": _FOLDER,
    "test_delete_dirs": _FOLDER,
    "test_delete_non_empty_dir": _FOLDER,
    "test_get_404_hidden": _HIDDEN,
    "test_mkdir_hidden_400": _HIDDEN,
    "test_upload_txt_hidden": _HIDDEN,
    "test_copy_put_400_hidden": _HIDDEN,
    "test_copy_400_hidden": _HIDDEN,
    "test_delete_hidden_dir": _HIDDEN,
    "test_delete_hidden_file": _HIDDEN,
    "test_rename_400_hidden": _HIDDEN,
    "test_regression_is_hidden": _HIDDEN,
    "test_create_untitled": _NAMES,
    "test_copy": _NAMES,
    "test_copy_path": _NAMES,
    "test_rename_existing": _NAMES,
    "test_get_bad_type": "It asks for Jupyter's exact words; ours are held by test_contents_contract.py (400, wrong_kind)",
    "test_checkpoints": _VERSIONS,
    "test_checkpoints_follow_file": _VERSIONS,
}


def write_page(counts: dict[str, int]) -> str:
    """Return the page with the table of these cases, by name and number of parameters."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{_table(counts)}{_END}{after}"


def _table(counts: dict[str, int]) -> str:
    ran = sorted(name for name in counts if name not in CANNOT)
    lines = [
        f"{sum(counts[name] for name in ran)} cases of {len(ran)} tests run; {len(CANNOT)} tests cannot.\n\n",
        "| Test | Cases |\n|---|---|\n",
        *(f"| `{name}` | {counts[name]} |\n" for name in ran),
        "\n| Cannot | Why |\n|---|---|\n",
        *(f"| `{name}` | {CANNOT[name]} |\n" for name in sorted(CANNOT)),
    ]
    return "\n" + "".join(lines) + "\n"


def read_table(text: str) -> tuple[dict[str, int], dict[str, str]]:
    """Return what a page says runs, with numbers, and what cannot, with reasons."""
    section = text.partition(_BEGIN)[2].partition(_END)[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
    ran = {name: int(what) for name, what in rows if what.isdigit()}
    return ran, {name: what for name, what in rows if not what.isdigit()}
