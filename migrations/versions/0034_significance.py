"""How much each revision changes of what was said before.

Revision: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("revisions", sa.Column("significance", sa.String(length=16), server_default="", nullable=False))
    # What proposals said of the edits that were let through is told by those now.
    op.execute(
        "UPDATE revisions SET significance = (SELECT max(proposals.significance) FROM proposals"
        " WHERE proposals.revision_id = revisions.id)"
        " WHERE revisions.number > 1"
        " AND EXISTS (SELECT 1 FROM proposals WHERE proposals.revision_id = revisions.id)"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("revisions", "significance")
