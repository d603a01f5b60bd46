"""Years are corrected and published as their campaigns are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
IN_FORCE = """UPDATE year_scores SET in_force = released, table_path =
    (SELECT year_tables.jurisdiction_path FROM year_tables WHERE year_tables.id = year_scores.table_id)"""


def upgrade() -> None:
    with op.batch_alter_table("year_inputs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_by", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("confirmed_by", sa.Text(), server_default="", nullable=False))
        batch_op.drop_index(batch_op.f("year_inputs_record"))
        batch_op.create_index("year_inputs_record", ["record_id", "what", "unit_path"], unique=True)

    with op.batch_alter_table("year_scores", schema=None) as batch_op:
        batch_op.add_column(sa.Column("table_path", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("in_force", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("score_public", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("rank_public", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.drop_index(batch_op.f("year_scores_list"))
        batch_op.create_index("year_scores_list", ["latest", "year", "table_path", "group", "rank", "id"], unique=False)
        batch_op.create_index(
            "year_scores_in_force", ["in_force", "year", "table_path", "group", "rank", "id"], unique=False
        )

    with op.batch_alter_table("year_tables", schema=None) as batch_op:
        batch_op.add_column(sa.Column("released_edition", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column(
                "corrections", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="[]", nullable=False
            )
        )

    # What was released stands. What everybody may read of it was not noted, so nothing is shown until a correction notes it.
    op.execute(sa.text(IN_FORCE))
    op.execute(sa.text("UPDATE year_tables SET released_edition = edition WHERE released_at IS NOT NULL"))
