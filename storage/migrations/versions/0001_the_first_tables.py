"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_request_keys")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("request_keys", schema=None) as batch_op:
        batch_op.create_index("ix_request_keys_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column(
            "platform",
            sa.Enum("slack", "teams", name="platform", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("channel_name", sa.String(), nullable=True),
        sa.Column("help_channel_id", sa.String(), nullable=True),
        sa.Column("help_channel_name", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("platform", "external_id", name=op.f("uq_workspaces_platform_external_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "brief_rules",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "product_review",
                "demand_review",
                "supply_review",
                "pre_sop",
                "executive_sop",
                "dialog_retro",
                name="meetingtype",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("lead_working_days", sa.Integer(), nullable=True),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.CheckConstraint("lead_working_days >= 1", name=op.f("ck_brief_rules_lead_working_days")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_brief_rules_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "type", name=op.f("pk_brief_rules")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("permalink", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_drafts_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index("ix_drafts_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_drafts_external_id", ["workspace_id", "external_id"], unique=False)

    op.create_table(
        "holidays",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_holidays_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", name=op.f("pk_holidays")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "objective_actuals",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("objective_key", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_objective_actuals_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "objective_key", "month", name=op.f("pk_objective_actuals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "objective_translations",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("objective_key", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_objective_translations_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "objective_key", "side", name=op.f("pk_objective_translations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "objectives",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_nl", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("indicator_nl", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("target_date", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("direction IN ('up', 'down')", name=op.f("ck_objectives_direction")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_objectives_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_objectives")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column("thread_of", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message", sa.JSON(), nullable=True),
        sa.Column("delivery_key", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sending",
                "sent",
                "failed",
                name="outboxstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_channel_id", sa.String(), nullable=True),
        sa.Column("sent_message_id", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["replaces"], ["outbox.id"], name=op.f("fk_outbox_replaces"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["thread_of"], ["outbox.id"], name=op.f("fk_outbox_thread_of"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_outbox_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_lane", ["workspace_id", "state", "not_before", "position"], unique=False)
        batch_op.create_index("ix_outbox_ready", ["state", "not_before"], unique=False)
        batch_op.create_index("ix_outbox_replaces", ["replaces", "position"], unique=False)
        batch_op.create_index("ix_outbox_thread_of", ["thread_of", "position"], unique=False)

    op.create_table(
        "pulse_questions",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "cadence",
            sa.Enum("weekly", "monthly", name="cadence", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "measure",
            sa.Enum("pulse", "recall", name="pulsemeasure", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_nl", sa.String(), nullable=False),
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.Column("lowest_words", sa.String(), nullable=False),
        sa.Column("highest_words", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_pulse_questions_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_pulse_questions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "schedules",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "brief",
                "brief_reminder",
                "brief_close",
                "ask_again",
                "ask_end",
                "help_lesson",
                "series_ahead",
                name="schedulekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_schedules_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_schedules_kind_subject_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.create_index("ix_schedules_next_due_at", ["next_due_at"], unique=False)

    op.create_table(
        "sides",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("counterpart", "bridge", name="sidekind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_sides_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_sides")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tensions",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_nl", sa.String(), nullable=False),
        sa.Column("first_interest", sa.String(), nullable=False),
        sa.Column("second_interest", sa.String(), nullable=False),
        sa.Column("shared_interest", sa.String(), nullable=False),
        sa.Column("metrics", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_tensions_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_tensions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member", "facilitator", "admin", name="role", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("plant", sa.String(), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("sealed_default", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "side"], ["sides.workspace_id", "sides.key"], name=op.f("fk_members_workspace_id_side")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_members_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_members_workspace_id_external_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index("ix_members_side", ["workspace_id", "side"], unique=False)

    op.create_table(
        "occurrences",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("schedule_id", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "done",
                "late",
                "skipped",
                "failed",
                name="occurrencestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("materialised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_occurrences_schedule_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_occurrences_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("schedule_id", "due_at", name=op.f("uq_occurrences_schedule_id_due_at")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pulse_rounds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("question_key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "question_key"],
            ["pulse_questions.workspace_id", "pulse_questions.key"],
            name=op.f("fk_pulse_rounds_workspace_id_question_key"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_pulse_rounds_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_rounds")),
        sa.UniqueConstraint(
            "workspace_id", "question_key", "label", name=op.f("uq_pulse_rounds_workspace_id_question_key_label")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pulse_rounds", schema=None) as batch_op:
        batch_op.create_index("ix_pulse_rounds_closes_at", ["workspace_id", "closes_at"], unique=False)

    op.create_table(
        "agreements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_in", sa.String(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("original_owner_id", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "open",
                "kept",
                "partly_kept",
                "not_kept",
                "superseded",
                name="agreementstatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("tension_key", sa.String(), nullable=True),
        sa.Column("objective_key", sa.String(), nullable=True),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("score_first", sa.Integer(), nullable=True),
        sa.Column("score_second", sa.Integer(), nullable=True),
        sa.Column("score_objective", sa.Integer(), nullable=True),
        sa.Column("evaluation_note", sa.String(), nullable=True),
        sa.Column("evaluated_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["original_owner_id"], ["members.id"], name=op.f("fk_agreements_original_owner_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name=op.f("fk_agreements_owner_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["members.id"], name=op.f("fk_agreements_partner_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "objective_key"],
            ["objectives.workspace_id", "objectives.key"],
            name=op.f("fk_agreements_workspace_id_objective_key"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "tension_key"],
            ["tensions.workspace_id", "tensions.key"],
            name=op.f("fk_agreements_workspace_id_tension_key"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_agreements_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_agreements_workspace_id_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.create_index("ix_agreements_due_on", ["workspace_id", "status", "due_on"], unique=False)

    op.create_table(
        "audit_records",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["members.id"], name=op.f("fk_audit_records_actor_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_audit_records_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("audit_records", schema=None) as batch_op:
        batch_op.create_index("ix_audit_records_at", ["workspace_id", "at"], unique=False)

    op.create_table(
        "entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "clash",
                "went_well",
                "not_so_well",
                "improve",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum("named", "side_only", name="visibility", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "source",
            sa.Enum("capture", "checkin", "retro", name="source", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("what_happened", sa.String(), nullable=False),
        sa.Column("own_interest", sa.String(), nullable=True),
        sa.Column("other_interest", sa.String(), nullable=True),
        sa.Column("effect", sa.String(), nullable=True),
        sa.Column("effect_type", sa.String(), nullable=True),
        sa.Column("effect_eur", sa.Integer(), nullable=True),
        sa.Column("lesson", sa.String(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "strategic",
                "implementation",
                "day_to_day",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("tension_key", sa.String(), nullable=True),
        sa.Column("objective_key", sa.String(), nullable=True),
        sa.Column("plant", sa.String(), nullable=True),
        sa.Column("product_family", sa.String(), nullable=True),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "agreed",
                "resolved",
                "parked",
                "adopted",
                name="entrystatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("pair_id", sa.String(), nullable=True),
        sa.Column("recurrence_of", sa.String(), nullable=True),
        sa.Column("permalink", sa.String(), nullable=True),
        sa.Column("change_token_hash", sa.String(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("hidden_reason", sa.String(), nullable=True),
        sa.Column("shared_channel_id", sa.String(), nullable=True),
        sa.Column("shared_message_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "visibility = 'named' OR (author_id IS NULL AND created_at IS NULL AND permalink IS NULL)",
            name=op.f("ck_entries_side_only"),
        ),
        sa.CheckConstraint("visibility = 'side_only' OR created_at IS NOT NULL", name=op.f("ck_entries_named")),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("fk_entries_author_id")),
        sa.ForeignKeyConstraint(
            ["recurrence_of"], ["entries.id"], name=op.f("fk_entries_recurrence_of"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "objective_key"],
            ["objectives.workspace_id", "objectives.key"],
            name=op.f("fk_entries_workspace_id_objective_key"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "tension_key"],
            ["tensions.workspace_id", "tensions.key"],
            name=op.f("fk_entries_workspace_id_tension_key"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_entries_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("workspace_id", "ref", name=op.f("uq_entries_workspace_id_ref")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index("ix_entries_author", ["workspace_id", "author_id", "created_on"], unique=False)
        batch_op.create_index(
            "ix_entries_created_on",
            ["workspace_id", "created_on", "kind", "created_at", "withdrawn_on", "hidden_reason"],
            unique=False,
        )
        batch_op.create_index("ix_entries_pair_id", ["pair_id"], unique=False)
        batch_op.create_index("ix_entries_tension", ["workspace_id", "tension_key", "created_on"], unique=False)

    op.create_table(
        "meeting_series",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "product_review",
                "demand_review",
                "supply_review",
                "pre_sop",
                "executive_sop",
                "dialog_retro",
                name="meetingtype",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "shift",
            sa.Enum("next", "previous", "skip", name="shift", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("chair_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["chair_id"], ["members.id"], name=op.f("fk_meeting_series_chair_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_meeting_series_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("meeting_series", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_series_workspace_id", ["workspace_id"], unique=False)

    op.create_table(
        "pulse_asked",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column(
            "answered",
            sa.Enum("no", "in_time", "late", name="answered", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_pulse_asked_member_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["pulse_rounds.id"], name=op.f("fk_pulse_asked_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "member_id", name=op.f("pk_pulse_asked")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pulse_asked", schema=None) as batch_op:
        batch_op.create_index("ix_pulse_asked_member", ["member_id"], unique=False)

    op.create_table(
        "pulse_scores",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("change_token_hash", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["pulse_rounds.id"], name=op.f("fk_pulse_scores_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_scores")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pulse_scores", schema=None) as batch_op:
        batch_op.create_index("ix_pulse_scores_round", ["round_id", "side", "score"], unique=False)

    op.create_table(
        "agreement_entries",
        sa.Column("agreement_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_agreement_entries_agreement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_agreement_entries_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agreement_id", "entry_id", name=op.f("pk_agreement_entries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "asks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("asked_id", sa.String(), nullable=True),
        sa.Column("asked_side", sa.String(), nullable=True),
        sa.Column("show_words", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "taken",
                "answered",
                "refused",
                "expired",
                "withdrawn",
                name="askstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["asked_id"], ["members.id"], name=op.f("fk_asks_asked_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_asks_entry_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_asks_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_asks_entry_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("asks", schema=None) as batch_op:
        batch_op.create_index("ix_asks_asked", ["workspace_id", "asked_id", "state"], unique=False)

    op.create_table(
        "meetings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "product_review",
                "demand_review",
                "supply_review",
                "pre_sop",
                "executive_sop",
                "dialog_retro",
                name="meetingtype",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="meetingstatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("chair_id", sa.String(), nullable=True),
        sa.Column("brief_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("series_id", sa.String(), nullable=True),
        sa.Column("occurs_on", sa.Date(), nullable=True),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["chair_id"], ["members.id"], name=op.f("fk_meetings_chair_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meetings_series_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_meetings_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("series_id", "occurs_on", name=op.f("uq_meetings_series_id_occurs_on")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_meetings_workspace_id_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index("ix_meetings_starts_at", ["workspace_id", "starts_at"], unique=False)

    op.create_table(
        "series_participants",
        sa.Column("series_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_series_participants_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["meeting_series.id"], name=op.f("fk_series_participants_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "member_id", name=op.f("pk_series_participants")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agenda_items",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_agenda_items_entry_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_agenda_items_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_agenda_items_member_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_agenda_items_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.create_index("ix_agenda_items_meeting_id", ["meeting_id"], unique=False)

    op.create_table(
        "brief_reach",
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_brief_reach_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_brief_reach")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "briefs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_briefs_meeting_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_briefs_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefs")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_briefs_meeting_id_version")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "decide",
                "ratify",
                "escalate",
                name="decisionkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("recommendation", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("co_owner_id", sa.String(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "taken",
                "carried_over",
                "escalated",
                name="decisionstatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("taken_option", sa.String(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows_id", sa.String(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name=op.f("ck_decisions_answered")),
        sa.CheckConstraint("(status = 'taken') = (taken_option IS NOT NULL)", name=op.f("ck_decisions_taken")),
        sa.CheckConstraint("co_owner_id IS NULL OR co_owner_id <> owner_id", name=op.f("ck_decisions_owners")),
        sa.ForeignKeyConstraint(["co_owner_id"], ["members.id"], name=op.f("fk_decisions_co_owner_id")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["decisions.id"], name=op.f("fk_decisions_follows_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_decisions_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name=op.f("fk_decisions_owner_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_decisions_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_decisions_workspace_id_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("ix_decisions_follows_id", ["follows_id"], unique=False)
        batch_op.create_index("ix_decisions_meeting_id", ["meeting_id", "rank"], unique=False)

    op.create_table(
        "meeting_participants",
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_participants_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_meeting_participants_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_meeting_participants")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "brief_openings",
        sa.Column("brief_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["briefs.id"], name=op.f("fk_brief_openings_brief_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_brief_openings_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("brief_id", "member_id", name=op.f("pk_brief_openings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision_agreements",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("agreement_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_decision_agreements_agreement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_agreements_decision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "agreement_id", name=op.f("pk_decision_agreements")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision_entries",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_entries_decision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_decision_entries_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "entry_id", name=op.f("pk_decision_entries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision_objections",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_objections_decision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_decision_objections_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "member_id", name=op.f("pk_decision_objections")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision_objectives",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("objective_key", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_objectives_decision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "objective_key"],
            ["objectives.workspace_id", "objectives.key"],
            name=op.f("fk_decision_objectives_workspace_id_objective_key"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_decision_objectives_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "objective_key", name=op.f("pk_decision_objectives")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision_options",
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("price", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_options_decision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "letter", name=op.f("pk_decision_options")),
        sqlite_with_rowid=False,
    )
