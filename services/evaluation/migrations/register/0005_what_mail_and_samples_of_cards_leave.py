"""What the mail room told, rows of samples, indexes of progress."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import chassis.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_mail_told",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("cards", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("told_at", chassis.columns.Instant(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
