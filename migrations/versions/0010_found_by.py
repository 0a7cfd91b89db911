"""What people are found by as somebody types their name.

Revision: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from cop.people.sought import sought_by

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_users = sa.table(
    "users",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("handle", sa.String),
    sa.column("sought", sa.Text),
)


def upgrade() -> None:
    """Apply."""
    # Not in a batch: that would make the table anew, and every other one refers to it.
    op.add_column("users", sa.Column("sought", sa.Text(), server_default="", nullable=False))
    bind = op.get_bind()
    for row in bind.execute(sa.select(_users.c.id, _users.c.name, _users.c.handle)).all():
        bind.execute(
            _users.update()
            .where(_users.c.id == row.id)
            .values(sought=sought_by(row.name, row.handle))
        )


def downgrade() -> None:
    """Take back."""
    op.drop_column("users", "sought")
