"""Which names comments link by; those of today's comments are filled in when they are rendered anew.

Revision: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "comment_links",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_comment_links_comment_id_comments"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("comment_id", "target", name=op.f("pk_comment_links")),
    )
    op.create_index("ix_comment_links_target", "comment_links", ["target", "comment_id"])
    op.execute("UPDATE comments SET html_version = 0 WHERE body LIKE '%[[%' OR body LIKE '%【【%'")


def downgrade() -> None:
    """Take back."""
    op.drop_table("comment_links")
