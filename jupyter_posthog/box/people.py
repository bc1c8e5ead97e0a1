"""The three people of the box, their organization and project (posthog-api.md 6.1, 16)."""

from __future__ import annotations

from typing import Any

ORGANIZATION_ID = "0191c3e0-0000-7000-8000-0000000000a0"
TEAM_UUID = "0191c3e0-0000-7000-8000-0000000000b0"
MOMENT = "2026-09-01T09:00:00.000000Z"


def _person(number: int, first_name: str, last_name: str) -> dict[str, Any]:
    return {
        "id": number,
        "uuid": f"0191c3e0-0000-7000-8000-0000000000{number:02d}",
        "distinct_id": f"box-{first_name.lower()}",
        "first_name": first_name,
        "last_name": last_name,
        "email": f"{first_name.lower()}@hedgebox.example",
        "is_email_verified": True,
        "hedgehog_config": None,
        "role_at_organization": "engineering",
    }


ADA = _person(7, "Ada", "Lovelace")
GRACE = _person(8, "Grace", "Hopper")
VERA = _person(9, "Vera", "Rubin")
# Who may look at notebooks that they did not make, and no more (2.5).
VIEWERS = (VERA["id"],)
ORGANIZATION = {
    "id": ORGANIZATION_ID,
    "name": "Hedgebox",
    "slug": "hedgebox",
    "membership_level": 8,
    "members_can_use_personal_api_keys": True,
}
PROJECT = {
    "id": 1,
    "uuid": TEAM_UUID,
    "organization": ORGANIZATION_ID,
    "project_id": 1,
    "api_token": "phc_box",
    "name": "Web app",
    "completed_snippet_onboarding": True,
    "has_completed_onboarding_for": {},
    "ingested_event": True,
    "is_demo": True,
    "timezone": "UTC",
    "access_control": False,
}
