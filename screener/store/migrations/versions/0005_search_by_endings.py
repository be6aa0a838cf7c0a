"""Phone numbers are found by their last digits too, and events by person, kind and day: an index for each, however many are kept.

Each contact gets the digits of its phone number once more, from the last to the first, so that an ending is a range of an index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_ONCE = 1000
EVENT_INDEXES = {
    "ix_event_at": ["at", "id"],
    "ix_event_actor": ["actor_id", "at", "id"],
    "ix_event_name": ["name", "at", "id"],
    "ix_event_actor_name": ["actor_id", "name", "at", "id"],
}


def upgrade() -> None:
    """Make the column and fill it, then the indexes; those by person and by kind alone give way to wider ones."""
    digits = sa.String(length=50).with_variant(sa.String(length=50, collation="C"), "postgresql")
    op.add_column("contact", sa.Column("phone_reversed", digits, nullable=True))
    _fill_phone_reversed()
    op.create_index(op.f("ix_contact_phone_reversed"), "contact", ["phone_reversed"], unique=False)
    op.drop_index(op.f("ix_event_actor_id"), table_name="event")
    op.drop_index(op.f("ix_event_name"), table_name="event")
    for name, columns in EVENT_INDEXES.items():
        op.create_index(name, "event", columns, unique=False)
    op.create_index(op.f("ix_response_created_at"), "response", ["created_at"], unique=False)
    op.create_index(op.f("ix_decision_decided_at"), "decision", ["decided_at"], unique=False)


def _fill_phone_reversed() -> None:
    """For everyone who left a number, some at a time."""
    contact = sa.table("contact", sa.column("id"), sa.column("phone_digits"), sa.column("phone_reversed"))
    wanted = sa.select(contact.c.id, contact.c.phone_digits).where(contact.c.phone_digits.is_not(None))
    turned = (
        sa.update(contact).where(contact.c.id == sa.bindparam("number")).values(phone_reversed=sa.bindparam("turned"))
    )
    connection, last = op.get_bind(), 0
    while rows := connection.execute(wanted.where(contact.c.id > last).order_by(contact.c.id).limit(AT_ONCE)).all():
        connection.execute(turned, [{"number": number, "turned": digits[::-1]} for number, digits in rows])
        last = rows[-1].id
