"""Which names published texts link by; those of today's texts are filled in when they are rendered anew.

Revision: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "page_links",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("typed", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_page_links_entry_id_entries"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "lang", "target", name=op.f("pk_page_links")),
    )
    op.create_index("ix_page_links_target", "page_links", ["target", "entry_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("page_links")
