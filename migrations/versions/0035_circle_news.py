"""What became of members in circles, waiting for their digests.

Revision: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "circle_news",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_circle_news_event_id_events"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_circle_news_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "user_id", name=op.f("pk_circle_news")),
    )
    op.create_index("ix_circle_news_user", "circle_news", ["user_id", "written_at"])
    op.create_index("ix_circle_news_written", "circle_news", ["written_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("circle_news")
