"""Booklets as files.

Revision: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "printed_booklets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=8), nullable=False),
        sa.Column("reach", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=16), server_default="", nullable=False),
        sa.Column("sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("bytes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pages", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_printed_booklets_entry_id_entries"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_booklets")),
        sa.UniqueConstraint("words", name=op.f("uq_printed_booklets_words")),
    )
    op.create_index(op.f("ix_printed_booklets_entry_id"), "printed_booklets", ["entry_id"])
    op.create_index(op.f("ix_printed_booklets_sha256"), "printed_booklets", ["sha256"])
    op.create_index("ix_printed_booklets_asked", "printed_booklets", ["asked_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("printed_booklets")
