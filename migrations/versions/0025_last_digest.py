"""Which digest was mailed last.

Revision: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("notice_settings", sa.Column("digest_key", sa.String(length=160), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("notice_settings") as batch:
        batch.drop_column("digest_key")
