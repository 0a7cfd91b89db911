"""What people tell of themselves and to whom, how names are sorted, and when somebody was here.

Revision: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from cop.core.db import SortKeyType
from cop.core.text import sort_key

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("ask_about", sa.String(length=300), ""),
    ("languages", sa.String(length=120), ""),
    ("listed", sa.Boolean(), sa.text("false")),
    ("opened", sa.Boolean(), sa.text("false")),
    ("sort_name", SortKeyType, ""),
)
_users = sa.table(
    "users", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("sort_name")
)


def upgrade() -> None:
    """Apply."""
    # Not in a batch: that would make the table anew, and every other one refers to it.
    for name, kind, value in _COLUMNS:
        op.add_column("users", sa.Column(name, kind, server_default=value, nullable=False))
    for name in ("visited_before_at", "seen_at"):
        op.add_column("users", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_users_listed", "users", ["listed", "sort_name", "id"])
    bind = op.get_bind()
    for row in bind.execute(sa.select(_users.c.id, _users.c.name)).all():
        key = sort_key(row.name)[:200]
        bind.execute(_users.update().where(_users.c.id == row.id).values(sort_name=key))


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_users_listed", "users")
    for name in ("visited_before_at", "seen_at", *(one[0] for one in _COLUMNS)):
        op.drop_column("users", name)
