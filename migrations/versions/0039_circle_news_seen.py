"""What became of members in circles stands behind their bell: of which circle, and since when it is read.

Revision: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("circle_news", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("circle_news", sa.Column("circle_id", sa.Integer(), nullable=True))
    _fill()
    with op.batch_alter_table("circle_news") as batch:
        batch.alter_column("circle_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            op.f("fk_circle_news_circle_id_circles"), "circles", ["circle_id"], ["id"], ondelete="CASCADE"
        )


def _fill() -> None:
    """Say of which circle the news are that wait for digests."""
    news = sa.table("circle_news", sa.column("event_id", sa.Integer), sa.column("circle_id", sa.Integer))
    events = sa.table("events", sa.column("id", sa.Integer), sa.column("data", sa.JSON))
    bind = op.get_bind()
    rows = bind.execute(sa.select(events.c.id, events.c.data).where(events.c.id.in_(sa.select(news.c.event_id)))).all()
    for event_id, data in rows:
        bind.execute(news.update().where(news.c.event_id == event_id).values(circle_id=data["circle_id"]))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("circle_news") as batch:
        batch.drop_constraint(op.f("fk_circle_news_circle_id_circles"), type_="foreignkey")
        batch.drop_column("circle_id")
        batch.drop_column("read_at")
