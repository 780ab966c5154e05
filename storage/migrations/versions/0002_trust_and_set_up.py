"""Trust and set-up.

The two UPDATEs were written by hand: `python -m storage.migrate 0002` would lose them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointments",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member", "facilitator", "admin", name="role", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_appointments_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "external_id", name=op.f("pk_appointments")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lanes",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interval_seconds", sa.Float(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_lanes_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_lanes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setup_answers",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column(
            "question",
            sa.Enum(
                "sides",
                "channels",
                "place",
                "facilitators",
                "meeting",
                name="setupquestion",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_setup_answers_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "question", name=op.f("pk_setup_answers")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("audit_records", schema=None) as batch_op:
        batch_op.alter_column("actor_id", existing_type=sa.VARCHAR(), nullable=True)

    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_on", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_entries_hidden_on",
            ["workspace_id", "hidden_on"],
            unique=False,
            sqlite_where=sa.text("hidden_reason IS NOT NULL"),
            postgresql_where=sa.text("hidden_reason IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_entries_named_on",
            ["workspace_id", "created_on"],
            unique=False,
            sqlite_where=sa.text("author_id IS NOT NULL"),
            postgresql_where=sa.text("author_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_entries_recurrence_of",
            ["recurrence_of"],
            unique=False,
            sqlite_where=sa.text("recurrence_of IS NOT NULL"),
            postgresql_where=sa.text("recurrence_of IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_entries_withdrawn_on",
            ["workspace_id", "withdrawn_on"],
            unique=False,
            sqlite_where=sa.text("withdrawn_on IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_on IS NOT NULL"),
        )

    # the day was not kept until now: what is hidden counts from today
    op.execute("UPDATE entries SET hidden_on = CURRENT_DATE WHERE hidden_reason IS NOT NULL")

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("platform_timezone", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("ended_by_platform", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("undisturbed", sa.Boolean(), server_default=sa.false(), nullable=False))

    # nobody could choose a zone in the chat until now: all of them go on following the platform
    op.execute("UPDATE members SET platform_timezone = timezone")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topic", sa.String(), nullable=True))
        batch_op.create_index("ix_outbox_target", ["workspace_id", "target_id", "state"], unique=False)
        batch_op.create_index("ix_outbox_topic", ["workspace_id", "topic"], unique=False)

    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("disconnected_at", sa.DateTime(timezone=True), nullable=True))
