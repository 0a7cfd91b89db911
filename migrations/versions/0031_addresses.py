"""Addresses outside the site that entries name.

Revision: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from cop.core.types import UTCDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False, server_default=""),
        sa.Column("reached_at", UTCDateTime(), nullable=True),
        sa.Column("failing_since", UTCDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("next_look_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("sha256", name=op.f("uq_addresses_sha256")),
    )
    op.create_index("ix_addresses_due", "addresses", ["next_look_at", "id"])
    op.create_table(
        "entry_addresses",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_entry_addresses_entry_id_entries"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_entry_addresses_address_id_addresses"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "address_id", name=op.f("pk_entry_addresses")),
    )
    op.create_index(op.f("ix_entry_addresses_address_id"), "entry_addresses", ["address_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("entry_addresses")
    op.drop_table("addresses")
