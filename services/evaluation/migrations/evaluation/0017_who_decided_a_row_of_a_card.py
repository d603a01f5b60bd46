"""Who decided a row of a card."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FILL = {
    "sqlite": "UPDATE card_doubts SET third_by = coalesce(json_extract(keyings, '$[2].by'), '')",
    "postgresql": "UPDATE card_doubts SET third_by = coalesce(keyings -> 2 ->> 'by', '')",
}


def upgrade() -> None:
    with op.batch_alter_table("card_doubts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("third_by", sa.Text(), server_default="", nullable=False))

    op.execute(FILL[op.get_bind().dialect.name])
