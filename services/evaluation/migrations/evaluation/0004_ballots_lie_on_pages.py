"""Ballots lie on pages.

A leaf of before cannot become one of now, since its hash is under a signed head. So a box that holds ballots is not carried
over; one that holds none is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HOLDS_BALLOTS = (
    "This box holds ballots whose leaves say neither class nor re-vote. They cannot be carried over, for their hashes are "
    "signed: finish and publish those campaigns with the version that took the ballots in, and begin with an empty box."
)


def upgrade() -> None:
    database = op.get_bind()
    if database.execute(sa.text("SELECT 1 FROM ballots LIMIT 1")).first():
        raise RuntimeError(HOLDS_BALLOTS)
    op.drop_table("ballots")
    op.create_table(
        "pages",
        sa.Column("campaign_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("first", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_hashes", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hashes", sa.LargeBinary(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "first"),
    )
    op.add_column("codes", sa.Column("only_object", sa.Uuid(as_uuid=False), nullable=True))
    op.add_column("codes", sa.Column("page", BIG, nullable=True))
    if database.dialect.name == "postgresql":
        for column in ("code_hashes", "leaf_hashes", "leaves"):  # as they are: a part is read without the rest
            op.execute(f"ALTER TABLE pages ALTER COLUMN {column} SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE codes SET (fillfactor = 60)")  # room to mark a code as used where it lies
