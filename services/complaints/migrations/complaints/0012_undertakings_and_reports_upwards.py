"""Undertakings and reports upwards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import chassis.columns

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "undertakings",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("complaint_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("effect_by", sa.Date(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("undertaken_by", sa.Text(), nullable=False),
        sa.Column("undertaken_at", chassis.columns.Instant(), nullable=False),
        sa.Column("clock", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("light", sa.Text(), nullable=False),
        sa.Column("due_at", chassis.columns.Instant(), nullable=True),
        sa.Column("pending_year", sa.Integer(), nullable=True),
        sa.Column("next_light_at", chassis.columns.Instant(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_at", chassis.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("undertakings", schema=None) as batch_op:
        batch_op.create_index("undertakings_complaint", ["complaint_id"], unique=False)
        batch_op.create_index("undertakings_effect", ["effect_by", "id"], unique=False)
        batch_op.create_index(
            "undertakings_next_light",
            ["next_light_at"],
            unique=False,
            sqlite_where=sa.text("next_light_at IS NOT NULL"),
            postgresql_where=sa.text("next_light_at IS NOT NULL"),
        )
        batch_op.create_index("undertakings_unit", ["unit_path", "effect_by", "id"], unique=False)

    op.create_table(
        "upward_reports",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("complaint_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_at", chassis.columns.Instant(), nullable=False),
        sa.Column("receipt_number", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("complaint_id"),
    )
    with op.batch_alter_table("upward_reports", schema=None) as batch_op:
        batch_op.create_index("upward_reports_reported", ["reported_at", "id"], unique=False)
        batch_op.create_index("upward_reports_year", ["year", "reported_at", "id"], unique=False)
