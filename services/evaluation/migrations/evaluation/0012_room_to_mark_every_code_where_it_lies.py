"""Room to mark every code where it lies: also when all codes of a page are used by one batch."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE codes SET (fillfactor = 45)")
