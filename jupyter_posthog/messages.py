"""The sentence a person reads for each error, in the kernel and in the terminal.

``src/common/messages.ts`` holds the translated ones of the page; a test compares both lists.
"""

from __future__ import annotations

from jupyter_posthog.errors import PosthogError

MESSAGES: dict[str, str] = {
    "unexpected": "Something unexpected happened. The server's log says more.",
    "not_connected": (
        "No PostHog is connected. Run `jupyter posthog login`, or set POSTHOG_HOST, POSTHOG_PROJECT_ID and "
        "POSTHOG_PERSONAL_API_KEY; `jupyter posthog demo` needs no account."
    ),
    "unknown_connection": "There is no PostHog connection named “{name}”.",
    "mixed_credentials": "The {source} names both a key and a browser session. Keep one of them; nothing was sent.",
    "no_credential": (
        "There is no key for {host}. Run `jupyter posthog login`, or set POSTHOG_PERSONAL_API_KEY "
        "to a personal API key."
    ),
    "not_an_api_key": (
        "This is not a personal API key ({prefix}…). Notebooks need one; make it in PostHog under "
        "Settings → Personal API keys."
    ),
    "insecure_host": "{host} is no https address. A key may travel over http only on this machine; nothing was sent.",
    "open_key_file": "Others on this machine can read {file_name}, so it was not used. Run chmod 600 on it.",
    "settings_file": "{file_name} cannot be used ({problem}), so nothing in it was used. Correct the file.",
    "project_not_an_id": (
        "“{project}” is not a project's number. Take it from PostHog's address, …/project/NUMBER/…; "
        "`jupyter posthog doctor` lists your projects."
    ),
    "invalid_reference": (
        "“{reference}” is neither a notebook's short id nor its address in PostHog, …/project/1/notebooks/SHORT_ID."
    ),
    "invalid_connection": "The connection cannot be added: {problem}. Nothing was stored.",
    "connection_not_stored": "“{name}” comes from {source}, so it can only be removed there.",
    "key_not_stored": "The key could not be stored ({problem}), so the connection was not added.",
    "host_not_allowed": (
        "The policy of this machine does not list {host}, so nothing was sent. Ask the machine's administrator."
    ),
    "private_host": (
        "{host} is inside a private network. Such a connection is added by `jupyter posthog login`, "
        "or where the administrator's policy lists the network."
    ),
    "feature_off": "The policy of this machine switches {feature} off, so nothing was sent. Ask its administrator.",
    "insecure_request": (
        "A key may travel over plain http only on this machine, so it was not used. "
        "Open Jupyter over https, or run `jupyter posthog login` there."
    ),
    "document_too_deep": "This notebook is nested deeper than 500 levels (at {place}), so it was not opened.",
    "cell_not_writable": (
        "Cell {cell_number} cannot be stored in PostHog: {problem}. Nothing was saved; your edits are kept here."
    ),
    "request_refused": "PostHog refused the request ({status}).",
    "key_refused": "PostHog does not know this key. Use another one.",
    "wrong_region": "This key belongs to {host}. Set POSTHOG_HOST, or the connection's host, to it.",
    "missing_scope": "This key lacks {scope}, so PostHog refused. Add the scope to the key or use another one.",
    "key_not_supported": (
        "PostHog lets no API key do this; a browser session can. To start a kernel, run a cell: that starts one."
    ),
    "access_denied": "You do not have access to this in PostHog. Ask its owner, or use another key.",
    "notebook_gone": "PostHog has no such notebook, or it is in the trash. Your edits are kept here.",
    "endpoint_missing": "This PostHog does not serve this, or it is not switched on for your account.",
    "flag_off": (
        "Running cells by key is not switched on for your PostHog account. HogQL cells work; "
        "Python cells run in the local kernel."
    ),
    "server_too_old": "This PostHog is older than this feature. Ask its administrator to update it.",
    "method_refused": "PostHog does not allow this. To delete a notebook, move it to the trash.",
    "invalid_request": "PostHog found the request wrong. Nothing was stored; your edits are kept here.",
    "query_refused": "PostHog cannot run this query.",
    "save_conflict": (
        "Somebody else saved this notebook after you opened it. Nothing was overwritten; your edits are kept here."
    ),
    "notebook_busy": (
        "Another cell of this notebook is running in PostHog. Wait for it to end, then run this one again."
    ),
    "run_refused_busy": "This project already runs as many cells as PostHog allows. Try again shortly.",
    "rate_limited": "Your team's request limit is used up. Try again in {wait_s:.0f} s.",
    "too_large": "PostHog takes at most 20 MB at once. Nothing was saved; your edits are kept here.",
    "kernel_unavailable": (
        "PostHog could not start or reach its kernel, so this did not run to its end. Try again; if it stays so, "
        "restart the kernel."
    ),
    "run_gone": "PostHog does not know this run any more. Run the cell again.",
    "server_failed": "PostHog failed by itself ({status}). Try again shortly; your edits are kept here.",
    "answer_too_large": "{host} answered with more than {limit_mb} MB, which is more than PostHog sends. "
    "Reading was stopped; a proxy may be in between.",
    "request_not_valid": "This request was not sent: {problem}.",
    "host_away": "{host} does not answer ({cause}). Check the address and the network; your edits are kept here.",
    "not_posthog": (
        "{host} answers, but not like PostHog (status {status}). A proxy or a login page may be in between."
    ),
    "stream_cut": (
        "The connection ended before PostHog said how the cell ended. It may still be running there; "
        "restart the remote kernel to be sure."
    ),
    "frame_not_read": (
        "PostHog's kernel has no frame named {name}, or is not running. Run the cell that makes it, then try again."
    ),
    "run_detached": (
        "{host} does not answer. The cell may still be running there; when PostHog is back, `%posthog attach` shows "
        "its output without running it again."
    ),
    "run_stuck": (
        "PostHog has said nothing of an end of this cell for {minutes} minutes, which is longer than it lets any cell "
        "run. It was asked to stop it; restart the remote kernel if the next cell has to wait."
    ),
    "still_running_remotely": (
        "Stopped waiting. PostHog has no way to stop this cell; it may still be running there. "
        "`%posthog restart` ends it, and the remote kernel's variables with it."
    ),
    "kernel_lost": "The remote kernel ended{why}. Lost: {names}. Code and saved results are kept; "
    "run the cells that make them again.",
    "no_input": "Code in PostHog's kernel cannot ask you anything, so input() does not work here. "
    "Write the value into the cell.",
    "not_agreed": (
        "{author} wrote this notebook, so its code was not run. Read it first; then add --yes, "
        "or answer yes on a terminal."
    ),
    "query_timeout": (
        "The query did not end within {limit_s:.0f} s, so it was cancelled. Ask for less, such as a shorter time."
    ),
    "magic_not_understood": "This cell was not run: {problem}.",
    "frame_stale": (
        "The frame {name} was replaced meanwhile, or its kernel has ended. Run the cell that makes it, then try again."
    ),
    "frame_file": "Nothing was written to {file_name}: {problem}.",
    "package_missing": "{purpose} needs {packages}, which is not installed here. Run `pip install {packages}`.",
    "variable_not_usable": "The variable “{name}” cannot be used: {problem}. Nothing ran.",
    "python_unavailable": (
        "This credential cannot run Python on this PostHog ({cause}). HogQL cells work. Python runs in the local "
        "kernel, with a key that has notebook:write and query:read where cell runs are on, or with a browser session."
    ),
    "not_started": "{program} did not start. It wrote last:\n{log}",
    "invalid_path": "“{path}” is not a path of a PostHog notebook.",
    "wrong_kind": "“{path}” is a {kind}, not a {asked}.",
    "only_notebooks": "PostHog keeps notebooks only, so no {kind} was made. Put it beside your local files.",
    "title_not_usable": "This name cannot be used: {problem}. Nothing was changed; choose another name.",
    "export_unknown": "“{format}” is no format of an export. Choose one of {known}.",
    "base_unknown": (
        "PostHog's notebook has changed and the version this one was made from is not known here. "
        "Nothing was overwritten; your edits are kept here."
    ),
    "wrong_notebook": "This file cannot be used: {problem}.",
    "version_gone": "This version is not kept here any more, so nothing was changed. Newer ones are in the history.",
    "draft_gone": "These edits are not kept here any more: they were saved or dropped meanwhile.",
    "copy_not_made": "No copy was made in PostHog: {problem}. Your edits are kept here.",
}

#: Why nothing runs Python here, in words that fit into a sentence.
CAUSES: dict[str, str] = {
    "flag_off": "cell runs are not switched on for your PostHog account",
    "server_too_old": "the server has no cell runs, and lets no key use its kernels",
    "endpoint_missing": "the server has no cell runs, or they are not switched on for your account",
    "missing_scope": "the key lacks notebook:write or query:read",
    "key_not_supported": "PostHog lets no key do this",
    "access_denied": "your account may not run cells here",
    "switched_off": "the setting `executor` is `query`",
}


def sentence(error: PosthogError) -> str:
    """Return one plain sentence for a person: what happened, what was kept, what to do next."""
    cause = error.facts.get("cause")
    in_words = {"cause": CAUSES.get(str(cause), cause)} if cause is not None else {}
    return MESSAGES[error.reason].format(**{**error.facts, **in_words})


def sentence_with_detail(error: PosthogError) -> str:
    """Return the sentence, with PostHog's own words behind it where it gave some."""
    detail = str(error.facts.get("detail") or "")
    return f"{sentence(error)} PostHog says: {detail}" if detail else sentence(error)
