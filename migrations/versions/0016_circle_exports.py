"""How far the file of a circle is.

Revision: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("circle_exports") as batch_op:
        batch_op.add_column(
            sa.Column("last_id", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("circle_exports") as batch_op:
        batch_op.drop_column("last_id")
