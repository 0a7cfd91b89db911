"""Whether somebody is told of questions on what her notes are about.

Revision: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("notice_settings") as batch_op:
        batch_op.add_column(
            sa.Column("asked", sa.Boolean(), nullable=False, server_default=sa.text("true"))
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("notice_settings") as batch_op:
        batch_op.drop_column("asked")
