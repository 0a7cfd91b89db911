"""Words of replies and notes that pages took up, and proposals to do so.

Revision: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_COLUMNS = (("source_id", "entries"), ("source_comment_id", "comments"))
_KEYS = (
    ("revision_id", "revisions", False),
    ("page_id", "entries", False),
    ("source_id", "entries", False),
    ("comment_id", "comments", True),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "taken_up",
        *(sa.Column(name, sa.Integer(), nullable=nullable) for name, _table, nullable in _KEYS),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_taken_up_{name}_{table}"), ondelete="CASCADE")
            for name, table, _nullable in _KEYS
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_taken_up")),
    )
    for name, _table, _nullable in _KEYS[1:]:
        op.create_index(op.f(f"ix_taken_up_{name}"), "taken_up", [name])
    with op.batch_alter_table("proposals") as batch_op:
        for name, table in _COLUMNS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_proposals_{name}_{table}"), table, [name], ["id"], ondelete="SET NULL")
            batch_op.create_index(batch_op.f(f"ix_proposals_{name}"), [name])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("proposals") as batch_op:
        for name, table in _COLUMNS:
            batch_op.drop_index(batch_op.f(f"ix_proposals_{name}"))
            batch_op.drop_constraint(batch_op.f(f"fk_proposals_{name}_{table}"), type_="foreignkey")
            batch_op.drop_column(name)
    op.drop_table("taken_up")
