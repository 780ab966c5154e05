"""Check-ins and the weekly summary."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_people",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_channel_people_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", "external_id", name=op.f("pk_channel_people")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkins",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active", "paused", "deleted", name="checkinstate", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("close_after_days", sa.Integer(), nullable=False),
        sa.Column("close_at", sa.Time(), nullable=False),
        sa.Column("nudge_share_pct", sa.Integer(), nullable=True),
        sa.Column("audience_channel_id", sa.String(), nullable=True),
        sa.Column("audience_channel_name", sa.String(), nullable=True),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("channel_name", sa.String(), nullable=True),
        sa.CheckConstraint("close_after_days BETWEEN 0 AND 14", name=op.f("ck_checkins_close_after_days")),
        sa.CheckConstraint("nudge_share_pct BETWEEN 1 AND 99", name=op.f("ck_checkins_nudge_share_pct")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_checkins_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("checkins", schema=None) as batch_op:
        batch_op.create_index("ix_checkins_workspace_id", ["workspace_id", "state"], unique=False)

    op.create_table(
        "sites",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_sites_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_sites")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "summary_rules",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("channel_name", sa.String(), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_summary_rules_weekday")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_summary_rules_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_summary_rules")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkin_questions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("checkin_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column(
            "type",
            sa.Enum(
                "scale",
                "choice",
                "multi",
                "text",
                "example",
                name="questiontype",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_nl", sa.String(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("options_nl", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("pulse_key", sa.String(), nullable=True),
        sa.CheckConstraint("(type = 'scale') = (pulse_key IS NOT NULL)", name=op.f("ck_checkin_questions_pulse")),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkins.id"], name=op.f("fk_checkin_questions_checkin_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "pulse_key"],
            ["pulse_questions.workspace_id", "pulse_questions.key"],
            name=op.f("fk_checkin_questions_workspace_id_pulse_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_checkin_questions_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_questions")),
        sa.UniqueConstraint("checkin_id", "position", name=op.f("uq_checkin_questions_checkin_id_position")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkin_rounds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("checkin_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "closed", "cancelled", name="roundstate", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkins.id"], name=op.f("fk_checkin_rounds_checkin_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_checkin_rounds_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_rounds")),
        sa.UniqueConstraint("checkin_id", "day", "number", name=op.f("uq_checkin_rounds_checkin_id_day_number")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("checkin_rounds", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_rounds_workspace_id", ["workspace_id", "state", "closes_at"], unique=False)

    op.create_table(
        "checkin_sides",
        sa.Column("checkin_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkins.id"], name=op.f("fk_checkin_sides_checkin_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("checkin_id", "side", name=op.f("pk_checkin_sides")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "site_holidays",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "site"],
            ["sites.workspace_id", "sites.key"],
            name=op.f("fk_site_holidays_workspace_id_site"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "site", "day", name=op.f("pk_site_holidays")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_absences_days")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_absences_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_absences_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index("ix_absences_member", ["member_id", "last_day"], unique=False)

    op.create_table(
        "checkin_asked",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "waiting",
                "asked",
                "declined",
                "away",
                "day_off",
                "no_time",
                "left",
                "undisturbed",
                "not_delivered",
                "stopped",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudge_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_checkin_asked_member_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["checkin_rounds.id"], name=op.f("fk_checkin_asked_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "member_id", name=op.f("pk_checkin_asked")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("checkin_asked", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_asked_ask_at", ["round_id", "outcome", "ask_at"], unique=False)
        batch_op.create_index("ix_checkin_asked_member", ["member_id"], unique=False)
        batch_op.create_index("ix_checkin_asked_nudge_at", ["round_id", "nudge_at"], unique=False)

    op.create_table(
        "checkin_choices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("change_token_hash", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"], ["checkin_questions.id"], name=op.f("fk_checkin_choices_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["checkin_rounds.id"], name=op.f("fk_checkin_choices_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_choices")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("checkin_choices", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_choices_round", ["round_id", "question_id", "side", "option"], unique=False)

    op.create_table(
        "checkin_people",
        sa.Column("checkin_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("is_observer", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkins.id"], name=op.f("fk_checkin_people_checkin_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_checkin_people_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("checkin_id", "member_id", name=op.f("pk_checkin_people")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkin_texts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("change_token_hash", sa.String(), nullable=True),
        sa.CheckConstraint("author_id IS NULL OR change_token_hash IS NULL", name=op.f("ck_checkin_texts_side_only")),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("fk_checkin_texts_author_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["checkin_questions.id"], name=op.f("fk_checkin_texts_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["checkin_rounds.id"], name=op.f("fk_checkin_texts_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_texts")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("checkin_texts", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_texts_author", ["author_id"], unique=False)
        batch_op.create_index("ix_checkin_texts_round", ["round_id", "question_id"], unique=False)

    op.create_table(
        "disturbances",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "new_customer",
                "demand_jump",
                "new_combination",
                name="disturbancekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("announced_by_id", sa.String(), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("linked_until", sa.Date(), nullable=False),
        sa.Column("checkin_id", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["announced_by_id"], ["members.id"], name=op.f("fk_disturbances_announced_by_id")),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkins.id"], name=op.f("fk_disturbances_checkin_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_disturbances_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disturbances")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("disturbances", schema=None) as batch_op:
        batch_op.create_index("ix_disturbances_workspace_id", ["workspace_id", "linked_until"], unique=False)

    op.create_table(
        "private_items",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "checkin",
                "nudge",
                "ask",
                "brief",
                "appointed",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outbox_id", sa.String(), nullable=True),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.Column("message", sa.JSON(), nullable=True),
        sa.Column("helps_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_private_items_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_private_items_outbox_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_private_items_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_items")),
        sa.UniqueConstraint("key", name=op.f("uq_private_items_key")),
        sa.UniqueConstraint("member_id", "day", "position", name=op.f("uq_private_items_member_id_day_position")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("private_items", schema=None) as batch_op:
        batch_op.create_index("ix_private_items_day", ["workspace_id", "day"], unique=False)
        batch_op.create_index("ix_private_items_outbox_id", ["outbox_id"], unique=False)
        batch_op.create_index("ix_private_items_subject", ["subject_id", "kind"], unique=False)

    op.create_table(
        "checkin_examples",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_checkin_examples_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["checkin_rounds.id"], name=op.f("fk_checkin_examples_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_checkin_examples")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("checkin_examples", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_examples_round", ["round_id"], unique=False)

    op.create_table(
        "disturbance_entries",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("disturbance_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disturbance_id"],
            ["disturbances.id"],
            name=op.f("fk_disturbance_entries_disturbance_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_disturbance_entries_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_disturbance_entries")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("disturbance_entries", schema=None) as batch_op:
        batch_op.create_index("ix_disturbance_entries_disturbance", ["disturbance_id"], unique=False)

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "timezone_from",
                sa.Enum(
                    "own", "site", "workspace", name="zonefrom", native_enum=False, create_constraint=True, length=24
                ),
                server_default="own",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("working_days", sa.String(), nullable=True))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_schedules_schedulekind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_schedules_schedulekind"),
            "kind IN ('brief', 'brief_reminder', 'brief_close', 'ask_again', 'ask_end', 'help_lesson', 'series_ahead',"
            " 'checkin', 'checkin_ask', 'checkin_close', 'weekly_summary', 'private_item')",
        )
