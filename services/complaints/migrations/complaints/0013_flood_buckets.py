"""Flood buckets."""

import sqlalchemy as sa
from alembic import op

import chassis.columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flood_buckets",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("empty_at", chassis.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("bucket"),
    )
    with op.batch_alter_table("flood_buckets", schema=None) as batch_op:
        batch_op.create_index("flood_buckets_empty", ["empty_at"], unique=False)
