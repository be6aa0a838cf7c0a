"""Drafts are sealed: what a patient has not sent opens with the patient's own secret alone.

The key of a sealed draft is wrapped with its secret, and the secret itself was never stored: drafts of the old form cannot be
sealed, so they are deleted with their contacts. Whoever was filling in during the last 24 hours begins again; what was handed
in stays, but a browser no longer opens its summary.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Delete the old drafts, replace their columns, and make the tables of the ways in and of what is counted."""
    _delete_drafts()
    _seal_draft()
    _create_draft_access()
    _create_attempt()


def _delete_drafts() -> None:
    draft = sa.table("draft", sa.column("contact_id", sa.Integer()))
    contact = sa.table("contact", sa.column("id", sa.Integer()))
    word = sa.table("contact_word", sa.column("contact_id", sa.Integer()))
    connection = op.get_bind()
    contacts = connection.execute(sa.select(draft.c.contact_id).where(draft.c.contact_id.is_not(None))).scalars().all()
    op.execute(draft.delete())
    for number in contacts:
        op.execute(word.delete().where(word.c.contact_id == number))
        op.execute(contact.delete().where(contact.c.id == number))


def _seal_draft() -> None:
    op.drop_index(op.f("ix_draft_contact_id"), table_name="draft")
    with op.batch_alter_table("draft") as batch:
        batch.drop_constraint(op.f("fk_draft_contact_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_draft_token_hash"), type_="unique")
        for name in ("token_hash", "contact_id", "answers", "acknowledged"):
            batch.drop_column(name)
        batch.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=False))


def _create_draft_access() -> None:
    op.create_table(
        "draft_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("cookie", "code", name="access_kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_access_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_access")),
        sa.UniqueConstraint("lookup", name=op.f("uq_draft_access_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_draft_access_draft_id"), "draft_access", ["draft_id"], unique=False)
    op.create_index(op.f("ix_draft_access_expires_at"), "draft_access", ["expires_at"], unique=False)


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("counted", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attempt_at"), "attempt", ["at"], unique=False)
    op.create_index(op.f("ix_attempt_kind_counted_at"), "attempt", ["kind", "counted", "at"], unique=False)
