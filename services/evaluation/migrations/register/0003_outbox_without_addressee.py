"""Outbox without addressee."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("outbox_unsent"), sqlite_where=sa.text("sent_at IS NULL"))
        batch_op.create_index(
            "outbox_unsent",
            ["id"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        )
        batch_op.drop_column("addressee")
        batch_op.drop_column("attempts")
        batch_op.drop_column("next_at")
