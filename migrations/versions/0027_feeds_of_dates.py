"""Secret addresses under which calendars read what somebody signed up for.

Revision: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "workshop_feeds",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_workshop_feeds_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_workshop_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_workshop_feeds_token_hash")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("workshop_feeds")
