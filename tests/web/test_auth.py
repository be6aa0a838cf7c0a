"""Staff's own door: who gets in, who does not, and when a session ends."""

from __future__ import annotations

from screener.store.workflow import Role


def test_sign_in_leads_to_the_roles_first_page(sign_in):
    assert sign_in(Role.ADMIN).get("/sign-in").headers["Location"] == "/admin/"
