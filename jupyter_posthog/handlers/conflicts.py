"""``posthog/conflicts/ID``: the sides of a draft and what others saved, block by block; its resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyter_posthog.errors import RequestNotValidError
from jupyter_posthog.handlers.answering import AnsweringHandler

if TYPE_CHECKING:
    from jupyter_posthog.storage.merging import Answers

_ACTIONS = ("merge", "copy", "theirs")


class ConflictHandler(AnsweringHandler):
    """The conflict of one draft."""

    @web.authenticated
    @authorized
    async def get(self, draft_id: str) -> None:
        """Answer the blocks that need a person; none where the draft would merge by itself."""
        self.finish((await self.services.conflicts.describe(draft_id)).to_json())

    @web.authenticated
    @authorized
    async def post(self, draft_id: str) -> None:
        """Resolve it: ``{action: merge, answers}``, ``{action: copy}`` or ``{action: theirs}``.

        ``answers`` holds by block ``"mine"``, ``"theirs"`` or ``{"text": …}``. The answer to a merge is a model as
        after a save; to a copy, the new notebook's path.
        """
        body = self.get_json_body()
        action = body.get("action") if isinstance(body, dict) else None
        if not isinstance(body, dict) or action not in _ACTIONS:
            raise RequestNotValidError(
                attr="action", code="invalid_choice", problem=f"action is one of {', '.join(_ACTIONS)}"
            )
        if action == "theirs":
            self.services.conflicts.take_theirs(draft_id)
            self.finish({})
        elif action == "copy":
            facts = await self.services.conflicts.keep_as_copy(draft_id)
            self.finish({"path": facts.path, "base_version": facts.version})
        else:
            await self._merge(draft_id, _answers(body.get("answers", {})))

    async def _merge(self, draft_id: str, answers: Answers) -> None:
        services = self.services
        saved = await services.conflicts.resolve(draft_id, answers, saver=services.saver)
        merged = saved.merged
        self.finish(
            {
                "path": saved.facts.path if saved.facts is not None else None,
                "base_version": saved.base_version,
                "content": saved.stored,
                "merged": {"by": merged.by, "blocks": merged.blocks} if merged is not None else None,
            }
        )


def _answers(value: object) -> Answers:
    # Loaded at the first conflict, not at the start of every server (docs/decisions/0003).
    from jupyter_posthog.storage.merging import OwnText

    if not isinstance(value, dict):
        raise RequestNotValidError(attr="answers", code="invalid", problem="answers is an object")
    answers: dict[str, str | OwnText] = {}
    for block_id, answer in value.items():
        if answer in ("mine", "theirs"):
            answers[str(block_id)] = str(answer)
        elif isinstance(answer, dict) and isinstance(answer.get("text"), str):
            answers[str(block_id)] = OwnText(answer["text"])
        else:
            problem = "an answer is mine, theirs, or an object with text"
            raise RequestNotValidError(attr=f"answers__{block_id}", code="invalid", problem=problem)
    return answers
