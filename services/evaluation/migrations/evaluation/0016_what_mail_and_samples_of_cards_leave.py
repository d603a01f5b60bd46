"""What the mail room told, rows of samples, indexes of progress."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_sample_rows",
        sa.Column("doubt_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sample_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.PrimaryKeyConstraint("doubt_id"),
    )
    with op.batch_alter_table("card_sample_rows", schema=None) as batch_op:
        batch_op.create_index("card_sample_rows_sample", ["sample_id"], unique=False)

    with op.batch_alter_table("card_sides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("card_sides_faults"))
        batch_op.create_index(
            "card_sides_faults",
            ["campaign_id", "id", "reason"],
            unique=False,
            sqlite_where=sa.text("reason <> ''"),
            postgresql_where=sa.text("reason <> ''"),
        )
        batch_op.create_index(
            "card_sides_read",
            ["campaign_id", "read_at"],
            unique=False,
            sqlite_where=sa.text("reason = ''"),
            postgresql_where=sa.text("reason = ''"),
        )

    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.create_index("scans_state", ["campaign_id", "state"], unique=False)
