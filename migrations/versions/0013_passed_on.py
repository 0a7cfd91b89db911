"""What somebody in a circle passes on to the moderators.

Revision: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("cases") as batch_op:
        batch_op.add_column(
            sa.Column("passed_on", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_column("passed_on")
