"""Accountability begins."""

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
        "appeals",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("party_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("filed_at", chassis.columns.Instant(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("measures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("decided_at", chassis.columns.Instant(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index("appeals_case", ["case_id", "id"], unique=False)

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
        "case_keys",
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "case_links",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ref", "case_id"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("origins", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("suspected_conduct", sa.Text(), nullable=False),
        sa.Column("parties", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("opened_at", chassis.columns.Instant(), nullable=False),
        sa.Column("triggers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("investigators", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("recused", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("leader_question", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("decider", sa.Text(), nullable=False),
        sa.Column("discussion", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("filed_at", chassis.columns.Instant(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("decided_at", chassis.columns.Instant(), nullable=True),
        sa.Column("ended_at", chassis.columns.Instant(), nullable=True),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("cases_opened", ["jurisdiction_path", "opened_at", "id"], unique=False)
        batch_op.create_index("cases_unit", ["unit_path", "state"], unique=False)

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
        "effects",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("official_id", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("bars", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.create_index("effects_case", ["case_id"], unique=False)
        batch_op.create_index("effects_due", ["state", "ends_on"], unique=False)
        batch_op.create_index("effects_official", ["official_id", "starts_on"], unique=False)

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
        "proposals",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("proposed_at", chassis.columns.Instant(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rules", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("parties", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index("proposals_case", ["case_id"], unique=False)

    op.create_table(
        "recommendations",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("party_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("measures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sent_at", chassis.columns.Instant(), nullable=False),
        sa.Column("decided_measures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.create_index("recommendations_case", ["case_id", "id"], unique=False)

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
        "rule_versions",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("instrument_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("pack_text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("imported_at", chassis.columns.Instant(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("review_opinion", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("approved_at", chassis.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("jurisdiction_path", "sha256"),
    )
    with op.batch_alter_table("rule_versions", schema=None) as batch_op:
        batch_op.create_index(
            "rule_versions_instrument", ["jurisdiction_path", "instrument_key", "valid_from"], unique=False
        )

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
    op.create_table(
        "texts",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("texts", schema=None) as batch_op:
        batch_op.create_index("texts_case", ["case_id"], unique=False)

    op.create_table(
        "timeline",
        sa.Column("case_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("at", chassis.columns.Instant(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq"),
        sa.UniqueConstraint("id"),
    )
