"""Every error this package raises, in one tree.

An error holds facts and a constant ``reason``; the sentence a person reads is made by
``messages.py`` (kernel, terminal) and ``src/common/messages.ts`` (page).

::

    PosthogError
    ├── SettingsError
    │   ├── NotConnectedError          no connection is set up
    │   ├── UnknownConnectionError     no connection has this name
    │   ├── MixedCredentialsError      a key and a session in one source
    │   ├── NoCredentialError          a host without a key
    │   ├── NotAnApiKeyError           phc_… or phs_… in place of a personal API key
    │   ├── InsecureHostError          http to a host that is not this machine
    │   ├── OpenKeyFileError           a file with keys that others can read
    │   ├── SettingsFileError          a file of settings that cannot be read or understood
    │   ├── ProjectNotAnIdError        a project's name in place of its number
    │   ├── InvalidReferenceError      neither a short_id nor a notebook's address
    │   ├── InvalidConnectionError     a connection that cannot be added as it is named
    │   ├── ConnectionNotStoredError   a connection that cannot be removed here
    │   ├── KeyNotStoredError          neither keyring nor file took a key
    │   ├── HostNotAllowedError        the administrator's policy does not list a host
    │   ├── PrivateHostError           a private address, added through the page or REST
    │   ├── FeatureOffError            the administrator's policy switches something off
    │   └── InsecureRequestError       a key over plain http from another machine
    ├── DocumentError
    │   ├── DocumentTooDeepError       more than 500 levels
    │   └── CellNotWritableError       a cell that PostHog's format cannot hold
    ├── ApiError                       PostHog answered, and the answer is no
    │   ├── KeyRefusedError            401
    │   │   └── WrongRegionError       401, and another cloud region knows the key
    │   ├── MissingScopeError          403, names the scope
    │   ├── KeyNotSupportedError       403, keys may never do this
    │   ├── AccessDeniedError          403, this person may not
    │   ├── NotebookNotFoundError      404
    │   ├── EndpointMissingError       404, this server has no such endpoint (or its flag is off)
    │   │   ├── FlagOffError           404, and the server is new enough: its feature flag is off
    │   │   └── ServerTooOldError      404, and the server is too old
    │   ├── MethodRefusedError         405
    │   ├── InvalidRequestError        400
    │   │   └── QueryRefusedError      400 on an SQL cell: the mistake is in the query
    │   ├── SaveConflictError          409 on a save
    │   ├── NotebookBusyError          409 on a run: one running cell per notebook
    │   ├── ProjectBusyError           429 on a run: ten running cells per project
    │   ├── RateLimitedError           429
    │   ├── TooLargeError              413, or over the body limit before sending
    │   ├── KernelUnavailableError     503 of a kernel or run endpoint
    │   ├── RunNotFoundError           404 on a run's id
    │   └── ServerFailedError          any other 5xx
    ├── RequestNotValidError           a request of the page against the contract; nothing was sent
    ├── HostAwayError                  no answer
    ├── AnswerTooLargeError            an answer larger than anything PostHog sends
    ├── NotPosthogError                an answer that is not PostHog's
    ├── ExecutionError
    │   ├── StreamCutError             the connection ended in the middle of a cell
    │   ├── RunDetachedError           PostHog is silent while a run goes on there
    │   ├── RunStuckError              a run is longer without an end than PostHog allows
    │   ├── StillRunningError          the person stopped waiting, PostHog cannot stop the cell
    │   ├── KernelLostError            the remote kernel ended, and its variables with it
    │   ├── NoInputError               remote code asked the person something
    │   ├── NotAgreedError             somebody else's code, and nobody has agreed to run it
    │   ├── QueryTimeoutError          a query that takes longer than PostHog lets one run
    │   ├── MagicNotUnderstoodError    a magic line with an option, a name or a word that is none
    │   ├── FrameNotReadError          the remote kernel gave no rows of this name
    │   ├── FrameStaleError            409 on a page: the frame was replaced, or its kernel is gone
    │   ├── FrameFileError             a frame cannot be written to this file
    │   ├── PackageMissingError        a package that only this needs is not installed
    │   ├── VariableNotUsableError     a variable of the notebook that PostHog would not take
    │   └── PythonUnavailableError     nothing here can run Python remotely
    ├── NotStartedError                a program the demo needs did not start
    └── StorageError
        ├── InvalidPathError           a drive path of no known form
        ├── WrongKindError             a folder where a notebook is asked for, or the other way round
        ├── OnlyNotebooksError         a folder or a file that somebody wants to make on the drive
        ├── TitleNotUsableError        a name that PostHog would not take as a title
        ├── ExportUnknownError         an export of no known format
        ├── BaseUnknownError           the version the page shows is not known here any more
        ├── WrongNotebookError         a file that does not belong to a PostHog notebook
        ├── VersionGoneError           an old version that is not kept any more
        ├── DraftGoneError             no such draft here
        └── CopyNotMadeError           a draft that cannot become a notebook
"""

from __future__ import annotations

from typing import ClassVar, dataclass_transform

Fact = str | int | float | bool | None


@dataclass_transform(kw_only_default=True, eq_default=False)
class PosthogError(Exception):
    """Something that a person should read as one sentence.

    Its annotated fields are its facts, given by keyword as to a dataclass. Forty dataclasses would cost every start
    of a server 7 ms, so the fields are collected here.
    """

    reason: ClassVar[str] = "unexpected"
    _fact_names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Of a class without annotations these are its parent's, whose names are known already.
        own = (name for name in cls.__annotations__ if name not in cls._fact_names)
        cls._fact_names = (*cls._fact_names, *own)

    def __init__(self, **facts: Fact) -> None:
        unknown = facts.keys() - set(self._fact_names)
        missing = [name for name in self._fact_names if name not in facts and not hasattr(type(self), name)]
        if unknown or missing:
            raise TypeError(f"{type(self).__name__}: unknown {sorted(unknown)}, missing {missing}")
        super().__init__()
        self.__dict__.update(facts)

    @property
    def facts(self) -> dict[str, Fact]:
        """The error's own fields, for a sentence or a REST answer."""
        return {name: getattr(self, name) for name in self._fact_names}

    def __str__(self) -> str:
        facts = " ".join(f"{name}={value}" for name, value in self.facts.items() if value is not None)
        return f"{self.reason} {facts}".strip()


class SettingsError(PosthogError):
    """The settings do not lead to a usable connection. Nothing was sent."""


class NotConnectedError(SettingsError):
    """No connection is set up on this machine."""

    reason = "not_connected"


class UnknownConnectionError(SettingsError):
    """No connection has this name."""

    reason = "unknown_connection"
    name: str


class MixedCredentialsError(SettingsError):
    """One source holds both a key and a session, so it is not clear as whom to speak."""

    reason = "mixed_credentials"
    source: str


class NoCredentialError(SettingsError):
    """A host is named but neither a key nor a session for it."""

    reason = "no_credential"
    host: str


class NotAnApiKeyError(SettingsError):
    """A project token or project secret stands where a personal API key belongs (posthog-api.md 2.1)."""

    reason = "not_an_api_key"
    prefix: str


class InsecureHostError(SettingsError):
    """A key may travel over plain http only on this machine."""

    reason = "insecure_host"
    host: str


class OpenKeyFileError(SettingsError):
    """A file with keys can be read by other users of the machine."""

    reason = "open_key_file"
    file_name: str


class SettingsFileError(SettingsError):
    """A file of settings cannot be read or understood, so nothing in it was used."""

    reason = "settings_file"
    file_name: str
    problem: str


class ProjectNotAnIdError(SettingsError):
    """A project's name stands where PostHog takes its number only (posthog-api.md 1.2)."""

    reason = "project_not_an_id"
    project: str


class InvalidReferenceError(SettingsError):
    """A text is neither a short_id nor the address of a notebook in PostHog."""

    reason = "invalid_reference"
    reference: str


class InvalidConnectionError(SettingsError):
    """A connection cannot be added as it was given; nothing was stored."""

    reason = "invalid_connection"
    problem: str


class ConnectionNotStoredError(SettingsError):
    """A connection does not stand in the person's own file, so it cannot be removed there."""

    reason = "connection_not_stored"
    name: str
    source: str


class KeyNotStoredError(SettingsError):
    """A key could be stored nowhere."""

    reason = "key_not_stored"
    problem: str


class HostNotAllowedError(SettingsError):
    """The administrator's policy does not list this host. Nothing was sent."""

    reason = "host_not_allowed"
    host: str


class PrivateHostError(SettingsError):
    """A connection to a private or link-local address cannot be added through the page or REST."""

    reason = "private_host"
    host: str


class FeatureOffError(SettingsError):
    """The administrator's policy switches this off. Nothing was sent."""

    reason = "feature_off"
    feature: str


class InsecureRequestError(SettingsError):
    """A key came over plain http from another machine; it was not used."""

    reason = "insecure_request"


class DocumentError(PosthogError):
    """A document cannot be converted. Nothing was changed."""


class DocumentTooDeepError(DocumentError):
    """A document is nested deeper than 500 levels."""

    reason = "document_too_deep"
    place: str


class CellNotWritableError(DocumentError):
    """PostHog's format cannot hold this cell as it is; nothing was written."""

    reason = "cell_not_writable"
    cell_number: int
    cell_id: str
    problem: str


class ApiError(PosthogError):
    """PostHog refused one request.

    ``detail`` is PostHog's own text, redacted; ``status`` the HTTP status.
    """

    reason = "request_refused"
    status: int
    detail: str = ""


class KeyRefusedError(ApiError):
    """PostHog does not know this credential (401)."""

    reason = "key_refused"


class WrongRegionError(KeyRefusedError):
    """No host was named, the default region does not know the key, and another one does (posthog-api.md 1.1)."""

    reason = "wrong_region"
    host: str


class MissingScopeError(ApiError):
    """The key lacks a scope (403, posthog-api.md 2.4)."""

    reason = "missing_scope"
    scope: str


class KeyNotSupportedError(ApiError):
    """PostHog lets no key do this, whatever its scopes (403, posthog-api.md 2.4 rule 3)."""

    reason = "key_not_supported"


class AccessDeniedError(ApiError):
    """The person behind the credential may not do this (403)."""

    reason = "access_denied"


class NotebookNotFoundError(ApiError):
    """PostHog has no such notebook, or it is in the trash (404)."""

    reason = "notebook_gone"
    short_id: str = ""


class EndpointMissingError(ApiError):
    """This server does not serve this endpoint, or its feature flag is off (404)."""

    reason = "endpoint_missing"


class FlagOffError(EndpointMissingError):
    """The server is new enough, so the feature flag is off for this person (posthog-api.md 12.1, 18)."""

    reason = "flag_off"


class ServerTooOldError(EndpointMissingError):
    """The server is older than this endpoint (posthog-api.md 18)."""

    reason = "server_too_old"


class MethodRefusedError(ApiError):
    """PostHog never allows this method here (405)."""

    reason = "method_refused"


class InvalidRequestError(ApiError):
    """PostHog found the request itself wrong (400)."""

    reason = "invalid_request"
    attr: str = ""


class QueryRefusedError(InvalidRequestError):
    """PostHog found a mistake in an SQL cell (400); ``detail`` says which."""

    reason = "query_refused"


class SaveConflictError(ApiError):
    """Somebody saved after the base version was loaded (409). Nothing was stored in PostHog.

    ``draft_id`` names the edits kept here, ``conflicts`` counts the blocks that both sides changed, ``merged`` those of
    others that would merge by themselves.
    """

    reason = "save_conflict"
    base_version: int | None = None
    stored_version: int | None = None
    editor: str = ""
    draft_id: str = ""
    conflicts: int = 0
    merged: int = 0


class NotebookBusyError(ApiError):
    """Another cell of this notebook is running (409, posthog-api.md 12.2). This one was not started."""

    reason = "notebook_busy"


class ProjectBusyError(ApiError):
    """The project already runs ten cells (429, posthog-api.md 12.2). This one was not started."""

    reason = "run_refused_busy"


class RateLimitedError(ApiError):
    """The request limit is used up (429). ``wait_s`` is the time PostHog asks to wait, in seconds."""

    reason = "rate_limited"
    wait_s: float


class TooLargeError(ApiError):
    """A body is over PostHog's limit of 20 MiB (posthog-api.md 1.5)."""

    reason = "too_large"
    size_mb: float = 0.0


class KernelUnavailableError(ApiError):
    """PostHog could not start or reach the kernel (503)."""

    reason = "kernel_unavailable"


class RunNotFoundError(ApiError):
    """PostHog knows no run with this id (404, posthog-api.md 12.3)."""

    reason = "run_gone"
    run_id: str = ""


class ServerFailedError(ApiError):
    """PostHog failed by itself (5xx)."""

    reason = "server_failed"


class RequestNotValidError(PosthogError):
    """A request for PostHog breaks its contract, so it was not sent.

    ``problem`` is the sentence without its full stop, ``code`` PostHog's word for this kind of mistake, ``attr`` the
    field, nested names joined with two underscores (posthog-api.md 3.1).
    """

    reason = "request_not_valid"
    attr: str
    code: str
    problem: str


class HostAwayError(PosthogError):
    """The host did not answer; ``cause`` names how, in two or three words.

    ``may_have_arrived`` is true where the request may have been carried out all the same.
    """

    reason = "host_away"
    host: str
    cause: str = ""
    may_have_arrived: bool = False


class AnswerTooLargeError(PosthogError):
    """An answer is larger than anything PostHog sends; it was not read further."""

    reason = "answer_too_large"
    host: str
    limit_mb: int


class NotPosthogError(PosthogError):
    """The address answers, but not as PostHog does: a proxy or a login page may be in between."""

    reason = "not_posthog"
    host: str
    status: int
    content_type: str = ""


class ExecutionError(PosthogError):
    """A cell could not be brought to its end."""


class StreamCutError(ExecutionError):
    """The output stream ended before PostHog said how the cell ended."""

    reason = "stream_cut"
    host: str = ""


class FrameNotReadError(ExecutionError):
    """PostHog's kernel gave no rows of this frame: no kernel is running, or nothing in it has this name."""

    reason = "frame_not_read"
    name: str


class RunDetachedError(ExecutionError):
    """PostHog does not answer any more, and a run may go on there; its id is kept for reattaching."""

    reason = "run_detached"
    host: str
    run_id: str


class RunStuckError(ExecutionError):
    """A run has not ended in the time that PostHog's own watchdogs give it (posthog-api.md 12.3)."""

    reason = "run_stuck"
    run_id: str
    minutes: int


class StillRunningError(ExecutionError):
    """The person stopped waiting for a cell that PostHog has no way to stop (posthog-api.md 11.6)."""

    reason = "still_running_remotely"


class KernelLostError(ExecutionError):
    """The remote kernel ended; ``why`` follows the word "ended", ``names`` are the variables known of it."""

    reason = "kernel_lost"
    names: str = ""
    why: str = ""


class NoInputError(ExecutionError):
    """Code in the remote kernel called ``input()``, which nobody can answer."""

    reason = "no_input"


class NotAgreedError(ExecutionError):
    """A notebook was written by somebody else, and nobody has agreed to run it here. Nothing ran."""

    reason = "not_agreed"
    author: str


class QueryTimeoutError(ExecutionError):
    """A query did not end within PostHog's own limit; it was cancelled."""

    reason = "query_timeout"
    limit_s: float


class MagicNotUnderstoodError(ExecutionError):
    """A magic line holds something that it does not know. Nothing ran."""

    reason = "magic_not_understood"
    problem: str


class FrameStaleError(ExecutionError):
    """The frame that a run made was replaced, or its kernel is gone (409, posthog-api.md 12.4)."""

    reason = "frame_stale"
    name: str


class FrameFileError(ExecutionError):
    """A frame cannot be written to this file; what was there is untouched."""

    reason = "frame_file"
    file_name: str
    problem: str


class PackageMissingError(ExecutionError):
    """A package that is needed for one thing only is not installed here."""

    reason = "package_missing"
    packages: str
    purpose: str


class VariableNotUsableError(ExecutionError):
    """A variable has a name or a value that PostHog does not take (posthog-api.md 6.3)."""

    reason = "variable_not_usable"
    name: str
    problem: str


class PythonUnavailableError(ExecutionError):
    """Nothing that this credential may use here runs Python; ``cause`` is a reason of this list."""

    reason = "python_unavailable"
    cause: str


class NotStartedError(PosthogError):
    """A program that a command needs did not start; ``log`` is the end of what it wrote."""

    reason = "not_started"
    program: str
    log: str


class StorageError(PosthogError):
    """A notebook cannot be opened, saved or renamed."""


class InvalidPathError(StorageError):
    """A path on the drive has no known form (design.md §3, Paths on the drive)."""

    reason = "invalid_path"
    path: str


class WrongKindError(StorageError):
    """A path of the drive names something else than was asked for."""

    reason = "wrong_kind"
    path: str
    kind: str
    asked: str


class OnlyNotebooksError(StorageError):
    """PostHog keeps notebooks; ``kind`` names what somebody wants to make. Nothing was made."""

    reason = "only_notebooks"
    kind: str


class TitleNotUsableError(StorageError):
    """A typed name that PostHog would not take as a title. Nothing was changed."""

    reason = "title_not_usable"
    problem: str


class ExportUnknownError(StorageError):
    """A notebook is wanted in a format that nothing here makes."""

    reason = "export_unknown"
    format: str
    known: str


class BaseUnknownError(StorageError):
    """The version a notebook was edited from is not known here, and PostHog holds another one by now."""

    reason = "base_unknown"
    base_version: int | None
    stored_version: int


class WrongNotebookError(StorageError):
    """A file does not belong to a PostHog notebook, or to another one than named."""

    reason = "wrong_notebook"
    problem: str


class VersionGoneError(StorageError):
    """An old version is not kept here any more, or an entry of PostHog's history holds no notebook."""

    reason = "version_gone"
    version: str


class DraftGoneError(StorageError):
    """There is no such draft here: it was saved, dropped, or belongs to another machine."""

    reason = "draft_gone"


class CopyNotMadeError(StorageError):
    """A draft cannot become a notebook of its own; it is kept."""

    reason = "copy_not_made"
    problem: str
