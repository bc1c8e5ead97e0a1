"""Who and where: users/@me, the key about itself, projects, organizations (posthog-api.md 16)."""

from __future__ import annotations

from jupyter_posthog.box.credentials import KEYS, check_not_bound
from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.people import MOMENT, ORGANIZATION, PROJECT
from jupyter_posthog.box.refusals import not_found

PAGE_SIZE = 100


class UserHandler(BoxHandler):
    """``/api/users/@me/``."""

    def get(self) -> None:
        """Answer the person behind the credential; keys that are bound to a project may ask too (16.1)."""
        organization = ORGANIZATION | {"teams": [PROJECT]}
        places = {"team": PROJECT, "organization": organization, "organizations": [ORGANIZATION]}
        own = {"pending_email": None, "is_staff": False, "has_password": True, "theme_mode": None}
        self.answer(self.caller.person | places | own)


class CurrentKeyHandler(BoxHandler):
    """``/api/personal_api_keys/@current/``."""

    def get(self) -> None:
        """Answer the key about itself; a session and an OAuth token have none."""
        key = self.caller.key
        if key is None or key.name == "oauth":
            raise not_found()
        self.answer(
            {
                "id": f"box-{key.name}",
                "label": f"box {key.name}",
                "value": None,
                "mask_value": f"{key.value[:4]}...{key.value[-4:]}",
                "created_at": MOMENT,
                "last_used_at": MOMENT,
                "last_rolled_at": None,
                "user_id": self.caller.person["id"],
                "scopes": list(key.scopes) or ["*"],
                "scoped_teams": list(key.projects),
                "scoped_organizations": [],
            }
        )


class IntrospectHandler(BoxHandler):
    """``/oauth/introspect``: what a key is to itself, for an OAuth token (16.2; the form is RFC 7662's)."""

    def post(self) -> None:
        """Answer what a token may do; one that is unknown is not active, and nothing more is said of it."""
        token = self.body().get("token")
        key = next((key for key in KEYS.values() if key.value == token and key.name == "oauth"), None)
        if key is None:
            self.answer({"active": False})
            return
        bound = {"scoped_teams": list(key.projects), "scoped_organizations": []}
        self.answer(
            {"active": True, "scope": " ".join(key.scopes), "client_id": "box", "token_type": "Bearer", **bound}
        )


class ProjectsHandler(BoxHandler):
    """``/api/projects/``."""

    def get(self) -> None:
        """List projects; a key bound to projects may not (16.3)."""
        check_not_bound(self.caller)
        self.answer(page_of(self, [PROJECT]))


class ProjectHandler(BoxHandler):
    """``/api/projects/:p/``."""

    def get(self, project_id: str) -> None:
        """Answer one project."""
        self.answer(PROJECT)


class OrganizationsHandler(BoxHandler):
    """``/api/organizations/``."""

    def get(self) -> None:
        """List organizations; a key bound to projects may not."""
        check_not_bound(self.caller)
        self.answer(page_of(self, [ORGANIZATION]))


class OrganizationProjectsHandler(BoxHandler):
    """``/api/organizations/:id/projects/``."""

    def get(self, organization_id: str) -> None:
        """List the projects of one organization."""
        check_not_bound(self.caller)
        if organization_id not in {"@current", ORGANIZATION["id"]}:
            raise not_found()
        self.answer(page_of(self, [PROJECT]))


def page_of(handler: BoxHandler, rows: list[Json]) -> Json:
    """Return the page of a list that a request asks for; there is never a second one."""
    limit, offset = handler.integer("limit", PAGE_SIZE, least=1), handler.integer("offset", 0)
    return {"count": len(rows), "next": None, "previous": None, "results": rows[offset : offset + limit]}
