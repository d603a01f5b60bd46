"""A closing head, and heads that are told apart by their times.

Before, a head signed again over as many ballots under the same rules took the place of the first one.
"""

import sqlalchemy as sa
from alembic import op

import chassis.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = """
    INSERT INTO tree_heads_in_order (campaign_id, tree_size, signed_at, rules_hash, root_hash, suite, signature, public_key)
    SELECT campaign_id, tree_size, signed_at, rules_hash, root_hash, suite, signature, public_key FROM tree_heads
"""


def upgrade() -> None:
    op.create_table(
        "tree_heads_in_order",
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("tree_size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("signed_at", chassis.columns.Instant(), nullable=False),
        sa.Column("rules_hash", sa.LargeBinary(), nullable=False),
        sa.Column("root_hash", sa.LargeBinary(), nullable=False),
        sa.Column("suite", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("closing", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "tree_size", "signed_at", "rules_hash"),
    )
    op.execute(KEPT)
    op.drop_table("tree_heads")
    op.rename_table("tree_heads_in_order", "tree_heads")
