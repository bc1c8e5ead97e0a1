"""Who and where: users/@me, the key about itself, projects, organizations (posthog-api.md 16)."""

from __future__ import annotations

from jupyter_posthog.box.handling import BoxHandler, Json
from jupyter_posthog.box.people import ADA, MOMENT, ORGANIZATION, PROJECT
from jupyter_posthog.box.refusals import forbidden, not_found


def page_of(rows: list[Json]) -> Json:
    """Return rows as the one page of a list."""
    return {"count": len(rows), "next": None, "previous": None, "results": rows}


class UserHandler(BoxHandler):
    """``/api/users/@me/``."""

    scopes = {"GET": ("user:read",)}  # noqa: RUF012

    def get(self) -> None:
        """Answer the person behind the credential."""
        self.answer(ADA | {"team": PROJECT, "organization": ORGANIZATION, "organizations": [ORGANIZATION]})


class CurrentKeyHandler(BoxHandler):
    """``/api/personal_api_keys/@current/``."""

    def get(self) -> None:
        """Answer the key about itself; a session has none."""
        key = self.caller.key
        if key is None or not self.box.profile.has_markdown:
            raise not_found()
        self.answer(
            {
                "id": f"box-{key.name}",
                "label": f"box {key.name}",
                "value": None,
                "mask_value": f"{key.value[:4]}...{key.value[-4:]}",
                "created_at": MOMENT,
                "last_used_at": MOMENT,
                "user_id": ADA["id"],
                "scopes": list(key.scopes) or ["*"],
                "scoped_teams": list(key.projects),
                "scoped_organizations": [],
            }
        )


class ProjectsHandler(BoxHandler):
    """``/api/projects/``."""

    scopes = {"GET": ("project:read",)}  # noqa: RUF012

    def get(self) -> None:
        """List projects; a key bound to projects may not (16.3)."""
        if self.caller.key is not None and self.caller.key.projects:
            raise forbidden("API keys with scoped projects are only supported on project-based endpoints.")
        self.answer(page_of([PROJECT]))


class ProjectHandler(BoxHandler):
    """``/api/projects/:p/``."""

    scopes = {"GET": ("project:read",)}  # noqa: RUF012

    def get(self, project_id: str) -> None:
        """Answer one project."""
        self.answer(PROJECT)


class OrganizationsHandler(BoxHandler):
    """``/api/organizations/``."""

    scopes = {"GET": ("organization:read",)}  # noqa: RUF012

    def get(self) -> None:
        """List organizations."""
        self.answer(page_of([ORGANIZATION]))


class OrganizationProjectsHandler(BoxHandler):
    """``/api/organizations/:id/projects/``."""

    scopes = {"GET": ("project:read",)}  # noqa: RUF012

    def get(self, organization_id: str) -> None:
        """List the projects of one organization."""
        if organization_id not in {"@current", ORGANIZATION["id"]}:
            raise not_found()
        self.answer(page_of([PROJECT]))
