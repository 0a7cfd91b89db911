"""Where what is coming is near to a member.

Revision: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "own_places",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_own_places_user_id_users"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["place_id"], ["terms.id"], name=op.f("fk_own_places_place_id_terms"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_own_places")),
    )
    op.create_index(op.f("ix_own_places_place_id"), "own_places", ["place_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("own_places")
