"""Raters of one object, and who opened names."""

import sqlalchemy as sa
from alembic import op

import chassis.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "openings",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("opened_at", chassis.columns.Instant(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("rater_group", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("names", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index("openings_campaign", ["campaign_id", "opened_at", "id"], unique=False)

    with op.batch_alter_table("raters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("object_id", sa.Text(), server_default="", nullable=False))
