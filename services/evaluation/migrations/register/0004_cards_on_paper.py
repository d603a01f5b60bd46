"""Cards on paper."""

import sqlalchemy as sa
from alembic import op

import chassis.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_runs",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("design_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("rater_group", sa.Text(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("first_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("printed_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", chassis.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("card_runs", schema=None) as batch_op:
        batch_op.create_index("card_runs_campaign", ["campaign_id", "id"], unique=False)

    op.create_table(
        "rater_cards",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("jurisdiction_path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("run_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rater_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("rater_group", sa.Text(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("serial_hash", sa.LargeBinary(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("since", chassis.columns.Instant(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("serial_hash"),
    )
    with op.batch_alter_table("rater_cards", schema=None) as batch_op:
        batch_op.create_index("rater_cards_number", ["campaign_id", "number"], unique=True)
        batch_op.create_index("rater_cards_rater", ["rater_id", "issue"], unique=True)
        batch_op.create_index("rater_cards_run", ["run_id", "number"], unique=False)

    with op.batch_alter_table("raters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card_run", sa.Text(), server_default="", nullable=False))
