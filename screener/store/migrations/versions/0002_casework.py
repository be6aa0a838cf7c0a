"""What staff need to organise their work: assignment, search, flags, tags, decisions, views, notifications, exports, sessions.

Submissions get whether they are open, their ruleset, their source, who works on them. Contacts get the words they are
searched by. Notes may be edited, may be the patient's, and may reply to another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from screener.store.search_words import name_words, phone_digits

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NOTE_KINDS = "kind IN ('note', 'urgent_action', 'contact', 'question', 'reply')"
SOURCES = "source IN ('web', 'phone', 'paper')"
STATUSES = "status IN ('draft', 'submitted', 'needs_information', 'accepted', 'in_review', 'signed_off', 'closed', 'withdrawn')"
ROLES = "role IN ('patient', 'intake', 'clinician', 'admin')"
NOTIFY = "notify IN ('never', 'at_once', 'daily')"
OPEN = "('submitted', 'needs_information', 'accepted', 'in_review')"


def upgrade() -> None:
    """Change the tables that were there, fill what they gain, then make the new ones."""
    _change_contact()
    _change_submission()
    _change_response()
    _change_note()
    _change_reviews()
    _change_user()
    op.create_index(op.f("ix_event_name"), "event", ["name"], unique=False)
    _create_contact_word()
    _create_submission_topic()
    _create_tag()
    _create_flag()
    _create_note_revision()
    _create_decision()
    _create_saved_view()
    _create_notification()
    _create_export()
    _create_setting()
    _create_staff_session()
    _fill_search_words()
    _fill_topics()


@contextmanager
def _change(table: str, **checks: str) -> Iterator[BatchOperations]:
    """Change a table. On SQLite it is replaced, and its checks must be said again; `checks` is name and condition."""
    if op.get_context().dialect.name != "sqlite":
        with op.batch_alter_table(table) as change:
            yield change
        return
    again = tuple(
        sa.CheckConstraint(sa.text(condition), name=op.f(f"ck_{table}_{name}")) for name, condition in checks.items()
    )
    # Newer SQLAlchemy reads the old checks back; beside the new ones they would still hold.
    before = sa.Table(table, sa.MetaData(), autoload_with=op.get_bind())
    old = [str(check.name) for check in before.constraints if isinstance(check, sa.CheckConstraint) and check.name]
    with op.batch_alter_table(table, table_args=again, table_kwargs={"sqlite_autoincrement": True}) as change:
        for name in old:
            change.drop_constraint(op.f(name), type_="check")
        yield change


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def _change_contact() -> None:
    with _change("contact") as contact:
        contact.add_column(sa.Column("phone_digits", sa.String(length=50), nullable=True))
        contact.create_index(op.f("ix_contact_birth_date"), ["birth_date"], unique=False)
        contact.create_index(op.f("ix_contact_phone_digits"), ["phone_digits"], unique=False)


def _change_submission() -> None:
    with _change("submission", status=STATUSES) as submission:
        submission.add_column(sa.Column("is_open", sa.Boolean(), nullable=True))
        submission.add_column(sa.Column("ruleset_hash", sa.String(length=64), nullable=True))
        submission.add_column(sa.Column("source", sa.String(length=20), nullable=True))
        submission.add_column(sa.Column("entered_by_id", sa.Integer(), nullable=True))
        submission.add_column(sa.Column("assignee_id", sa.Integer(), nullable=True))
        submission.add_column(sa.Column("held_by_id", sa.Integer(), nullable=True))
        submission.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        submission.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        submission.add_column(sa.Column("close_reason", sa.String(length=40), nullable=True))
    op.execute(f"UPDATE submission SET source = 'web', is_open = (status IN {OPEN})")
    op.execute(
        "UPDATE submission SET ruleset_hash = (SELECT ruleset_hash FROM response WHERE response.submission_id = submission.id "
        "ORDER BY number DESC LIMIT 1)"
    )
    with _change("submission", status=STATUSES, source=SOURCES) as submission:
        submission.alter_column("is_open", existing_type=sa.Boolean(), nullable=False)
        submission.alter_column("ruleset_hash", existing_type=sa.String(length=64), nullable=False)
        submission.alter_column("source", existing_type=sa.String(length=20), nullable=False)
        if _is_postgresql():
            submission.create_check_constraint(op.f("ck_submission_source"), sa.text(SOURCES))
        for column in ("entered_by_id", "assignee_id", "held_by_id"):
            submission.create_foreign_key(op.f(f"fk_submission_{column}"), "user", [column], ["id"])
        submission.create_foreign_key(op.f("fk_submission_merged_into_id"), "submission", ["merged_into_id"], ["id"])
        submission.create_foreign_key(op.f("fk_submission_ruleset_hash"), "ruleset", ["ruleset_hash"], ["hash"])
    for column in ("entered_by_id", "held_by_id", "merged_into_id", "ruleset_hash"):
        op.create_index(op.f(f"ix_submission_{column}"), "submission", [column], unique=False)
    order = ["is_open", "severity_rank", "submitted_at", "id"]
    op.create_index("ix_submission_queue", "submission", order, unique=False)
    op.create_index("ix_submission_assigned", "submission", ["assignee_id", *order], unique=False)


def _change_response() -> None:
    with _change("response") as response:
        response.add_column(sa.Column("entered_by_id", sa.Integer(), nullable=True))
        response.create_foreign_key(op.f("fk_response_entered_by_id"), "user", ["entered_by_id"], ["id"])
    op.create_index(op.f("ix_response_entered_by_id"), "response", ["entered_by_id"], unique=False)


def _change_note() -> None:
    with _change("note", kind=NOTE_KINDS) as note:
        note.add_column(sa.Column("detail", sa.JSON(), nullable=True))
        note.add_column(sa.Column("answers_id", sa.Integer(), nullable=True))
        note.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        if _is_postgresql():
            note.drop_constraint(op.f("ck_note_kind"), type_="check")
            note.create_check_constraint(op.f("ck_note_kind"), sa.text(NOTE_KINDS))
    op.execute("UPDATE note SET detail = '{}'")
    with _change("note", kind=NOTE_KINDS) as note:
        note.alter_column("detail", existing_type=sa.JSON(), nullable=False)
        note.alter_column("author_id", existing_type=sa.Integer(), nullable=True)
        note.create_foreign_key(op.f("fk_note_answers_id"), "note", ["answers_id"], ["id"])
    op.create_index(op.f("ix_note_answers_id"), "note", ["answers_id"], unique=False)


def _change_reviews() -> None:
    with _change("review") as review:
        review.add_column(sa.Column("disposition", sa.String(length=40), nullable=True))
        review.add_column(sa.Column("seen_items", sa.JSON(), nullable=True))
    op.execute("UPDATE review SET seen_items = '[]'")
    with _change("review") as review:
        review.alter_column("seen_items", existing_type=sa.JSON(), nullable=False)
    with _change("sign_off") as sign_off:
        sign_off.add_column(sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
        sign_off.add_column(sa.Column("void_reason", sa.String(length=40), nullable=True))


def _change_user() -> None:
    with _change("user", role=ROLES) as user:
        user.add_column(sa.Column("notify", sa.String(length=20), nullable=True))
    op.execute("""UPDATE "user" SET notify = 'never'""")
    with _change("user", role=ROLES, notify=NOTIFY) as user:
        user.alter_column("notify", existing_type=sa.String(length=20), nullable=False)
        if _is_postgresql():
            user.create_check_constraint(op.f("ck_user_notify"), sa.text(NOTIFY))


def _fill_search_words() -> None:
    contact = sa.table("contact", sa.column("id"), sa.column("name"), sa.column("phone"), sa.column("phone_digits"))
    word = sa.table("contact_word", sa.column("contact_id"), sa.column("word"))
    connection = op.get_bind()
    for number, name, phone in connection.execute(sa.select(contact.c.id, contact.c.name, contact.c.phone)).all():
        digits = phone_digits(phone)
        connection.execute(sa.update(contact).where(contact.c.id == number).values(phone_digits=digits))
        rows = [{"contact_id": number, "word": part} for part in name_words(name)]
        if rows:
            connection.execute(sa.insert(word), rows)


def _fill_topics() -> None:
    submission = sa.table("submission", sa.column("id"), sa.column("topics", sa.JSON()))
    topic = sa.table("submission_topic", sa.column("submission_id"), sa.column("topic"))
    connection = op.get_bind()
    for number, topics in connection.execute(sa.select(submission.c.id, submission.c.topics)).all():
        for name in topics:
            connection.execute(sa.insert(topic).values(submission_id=number, topic=name))


def _create_contact_word() -> None:
    op.create_table(
        "contact_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column(
            "word",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_word_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_word")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_word_contact_id"), "contact_word", ["contact_id"], unique=False)
    op.create_index(op.f("ix_contact_word_word"), "contact_word", ["word"], unique=False)


def _create_submission_topic() -> None:
    op.create_table(
        "submission_topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_topic_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_topic")),
        sa.UniqueConstraint("topic", "submission_id", name=op.f("uq_submission_topic_topic")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_submission_topic_submission_id"), "submission_topic", ["submission_id"], unique=False)


def _create_tag() -> None:
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_tag_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("submission_id", "word", name=op.f("uq_tag_submission_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_tag_word"), "tag", ["word"], unique=False)


def _create_flag() -> None:
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["raised_by_id"], ["user.id"], name=op.f("fk_flag_raised_by_id")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["user.id"], name=op.f("fk_flag_resolved_by_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_flag_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_flag_raised_by_id"), "flag", ["raised_by_id"], unique=False)
    op.create_index(op.f("ix_flag_resolved_by_id"), "flag", ["resolved_by_id"], unique=False)
    op.create_index(op.f("ix_flag_submission_id"), "flag", ["submission_id"], unique=False)


def _create_note_revision() -> None:
    op.create_table(
        "note_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["user.id"], name=op.f("fk_note_revision_editor_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_revision_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_revision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_note_revision_editor_id"), "note_revision", ["editor_id"], unique=False)
    op.create_index(op.f("ix_note_revision_note_id"), "note_revision", ["note_id"], unique=False)


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "agree",
                "not_relevant",
                "needs_work_up",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_decision_finding_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_decision_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("review_id", "finding_id", name=op.f("uq_decision_review_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decision_decided_by_id"), "decision", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_decision_finding_id"), "decision", ["finding_id"], unique=False)


def _create_saved_view() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id")),
        sqlite_autoincrement=True,
    )


def _create_notification() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_notification_submission_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notification_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notification_sent_at"), "notification", ["sent_at"], unique=False)
    op.create_index(op.f("ix_notification_submission_id"), "notification", ["submission_id"], unique=False)
    op.create_index(op.f("ix_notification_user_id"), "notification", ["user_id"], unique=False)


def _create_export() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_export_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_export_user_id"), "export", ["user_id"], unique=False)


def _create_setting() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["user.id"], name=op.f("fk_setting_changed_by_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_index(op.f("ix_setting_changed_by_id"), "setting", ["changed_by_id"], unique=False)


def _create_staff_session() -> None:
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_staff_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_session_user_id"), "staff_session", ["user_id"], unique=False)
