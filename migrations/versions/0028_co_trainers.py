"""Co-trainers of workshops.

Revision: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "co_trainers",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_co_trainers_entry_id_entries"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_co_trainers_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "user_id", name=op.f("pk_co_trainers")),
    )
    with op.batch_alter_table("co_trainers") as batch:
        batch.create_index(batch.f("ix_co_trainers_user_id"), ["user_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("co_trainers")
