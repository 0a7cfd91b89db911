"""When lines were written.

Revision: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("notices") as batch_op:
        batch_op.add_column(sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
    # Of what is there, that is known best by when it happened.
    op.execute("UPDATE notices SET written_at = at")
    with op.batch_alter_table("notices") as batch_op:
        batch_op.alter_column(
            "written_at", existing_type=sa.DateTime(timezone=True), nullable=False
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("notices") as batch_op:
        batch_op.drop_column("written_at")
