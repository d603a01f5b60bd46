"""Complaints begin."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import chassis.columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("complaint_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", chassis.columns.Instant(), nullable=False),
        sa.Column("recorded_at", chassis.columns.Instant(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("complaint_id", "version"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", chassis.columns.Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("after", sa.LargeBinary(), nullable=True),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("audit_subject", ["subject_id", "seq"], unique=False)

    op.create_table(
        "audit_seals",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("audit_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("audit_seq"),
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("manner", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("accused_unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("accused_official_id", sa.Text(), nullable=False),
        sa.Column("received_at", chassis.columns.Instant(), nullable=False),
        sa.Column("recorded_at", chassis.columns.Instant(), nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("receipt_mac", sa.LargeBinary(), nullable=True),
        sa.Column("accepted_at", chassis.columns.Instant(), nullable=True),
        sa.Column("closed_at", chassis.columns.Instant(), nullable=True),
        sa.Column("clocks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("light", sa.Text(), nullable=False),
        sa.Column("due_at", chassis.columns.Instant(), nullable=True),
        sa.Column("pending_year", sa.Integer(), nullable=True),
        sa.Column("next_light_at", chassis.columns.Instant(), nullable=True),
        sa.Column("disposal", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("dispatched_by", sa.Text(), nullable=False),
        sa.Column("dispatched_at", chassis.columns.Instant(), nullable=True),
        sa.Column("signed_for_by", sa.Text(), nullable=False),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.Column("extension", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("report", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("closing", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("earlier_unit_paths", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("second_handling", sa.Boolean(), nullable=False),
        sa.Column("question_open", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Text(), nullable=False),
        sa.Column("stage_before", sa.Text(), nullable=True),
        sa.Column("outcome", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_number", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("receipt_mac"),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index(
            "complaints_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL AND closed_at IS NULL"),
        )
        batch_op.create_index("complaints_jurisdiction", ["jurisdiction_path", "received_at", "id"], unique=False)
        batch_op.create_index("complaints_light", ["light", "received_at", "id"], unique=False)
        batch_op.create_index(
            "complaints_matter",
            ["matter_id"],
            unique=False,
            sqlite_where=sa.text("matter_id <> ''"),
            postgresql_where=sa.text("matter_id <> ''"),
        )
        batch_op.create_index(
            "complaints_next_light",
            ["next_light_at"],
            unique=False,
            sqlite_where=sa.text("next_light_at IS NOT NULL"),
            postgresql_where=sa.text("next_light_at IS NOT NULL"),
        )
        batch_op.create_index(
            "complaints_pending",
            ["pending_year"],
            unique=False,
            sqlite_where=sa.text("pending_year IS NOT NULL"),
            postgresql_where=sa.text("pending_year IS NOT NULL"),
        )
        batch_op.create_index("complaints_received", ["received_at", "id"], unique=False)
        batch_op.create_index(
            "complaints_source",
            ["source", "source_number"],
            unique=True,
            sqlite_where=sa.text("source <> ''"),
            postgresql_where=sa.text("source <> ''"),
        )
        batch_op.create_index("complaints_stage", ["stage", "received_at", "id"], unique=False)
        batch_op.create_index("complaints_unit", ["unit_path", "received_at", "id"], unique=False)

    op.create_table(
        "contents",
        sa.Column("complaint_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("identity", sa.LargeBinary(), nullable=True),
        sa.Column("phone_mac", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_mac", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.JSON().with_variant(postgresql.ARRAY(sa.Text()), "postgresql"), nullable=True),
        sa.PrimaryKeyConstraint("complaint_id"),
    )
    with op.batch_alter_table("contents", schema=None) as batch_op:
        batch_op.create_index("contents_words", ["words"], unique=False, postgresql_using="gin")
        batch_op.create_index(
            "contents_id_number",
            ["id_number_mac"],
            unique=False,
            sqlite_where=sa.text("id_number_mac IS NOT NULL"),
            postgresql_where=sa.text("id_number_mac IS NOT NULL"),
        )
        batch_op.create_index(
            "contents_phone",
            ["phone_mac"],
            unique=False,
            sqlite_where=sa.text("phone_mac IS NOT NULL"),
            postgresql_where=sa.text("phone_mac IS NOT NULL"),
        )

    op.create_table(
        "copies",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
    with op.batch_alter_table("copies", schema=None) as batch_op:
        batch_op.create_index("copies_path", ["kind", "unit_path"], unique=False)

    op.create_table(
        "identity_log",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("at", chassis.columns.Instant(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("complaint_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("identity_request_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("identity_log", schema=None) as batch_op:
        batch_op.create_index("identity_log_at", ["at", "id"], unique=False)
        batch_op.create_index("identity_log_complaint", ["complaint_id", "at", "id"], unique=False)

    op.create_table(
        "identity_requests",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("complaint_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("asked_at", chassis.columns.Instant(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("good_until", chassis.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("identity_requests", schema=None) as batch_op:
        batch_op.create_index("identity_requests_complaint", ["complaint_id"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", chassis.columns.Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("traceparent", sa.Text(), nullable=False),
        sa.Column("received_at", chassis.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "inbox_waiting",
            ["state", "next_at"],
            unique=False,
            sqlite_where=sa.text("state <> 'applied'"),
            postgresql_where=sa.text("state <> 'applied'"),
        )

    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", chassis.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=False),
        sa.Column("occurred_at", chassis.columns.Instant(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("sent_at", chassis.columns.Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", chassis.columns.Instant(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "outbox_unsent",
            ["addressee", "id"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        )

    op.create_table(
        "requests",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("rpc", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", chassis.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "rpc", "request_id"),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index("requests_at", ["at"], unique=False)

    op.create_table(
        "sequences",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("series"),
    )
    op.create_table(
        "settings",
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction_path", "key", "valid_from"),
    )
    if op.get_context().dialect.name == "sqlite":
        # The words of complaints, hashed; PostgreSQL has them in contents.words under a GIN index.
        op.execute(
            "CREATE VIRTUAL TABLE complaint_words USING fts5(complaint_id UNINDEXED, words, detail=none, columnsize=0)"
        )
