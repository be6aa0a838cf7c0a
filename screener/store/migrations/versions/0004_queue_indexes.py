"""The orders of the queue: an index for each, so that a page is one range however many submissions are kept."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_submission_waiting": ["is_open", "submitted_at", "id"],
    "ix_submission_since": ["is_open", "status_at", "id"],
    "ix_submission_status_queue": ["is_open", "status", "severity_rank", "submitted_at", "id"],
    "ix_submission_status_waiting": ["is_open", "status", "submitted_at", "id"],
    "ix_submission_status_since": ["is_open", "status", "status_at", "id"],
}


def upgrade() -> None:
    """Make the indexes of the orders; the one by status alone gives way to that by status within open or closed."""
    op.drop_index(op.f("ix_submission_status_severity_rank_submitted_at_id"), table_name="submission")
    for name, columns in INDEXES.items():
        op.create_index(name, "submission", columns, unique=False)
    op.create_index("ix_flag_unresolved", "flag", ["resolved_at", "submission_id"], unique=False)
