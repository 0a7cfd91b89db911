"""Images say whose they are and on what terms, as files do.

Revision: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_LENGTHS = {"licence": 20, "source": 300}


def upgrade() -> None:
    """Apply."""
    for name, length in _LENGTHS.items():
        op.add_column(
            "attachments", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )


def downgrade() -> None:
    """Undo."""
    for name in reversed(_LENGTHS):
        op.drop_column("attachments", name)
