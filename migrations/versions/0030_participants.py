"""The circle of a workshop, and drafts that its trainers are let read.

Revision: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "workshop_circles",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["circle_id"], ["circles.id"], name=op.f("fk_workshop_circles_circle_id_circles"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_workshop_circles_entry_id_entries"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_workshop_circles")),
        sa.UniqueConstraint("circle_id", name=op.f("uq_workshop_circles_circle_id")),
    )
    op.create_table(
        "draft_shares",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_shares_draft_id_drafts"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_draft_shares_entry_id_entries"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_draft_shares")),
    )
    op.create_index(op.f("ix_draft_shares_entry_id"), "draft_shares", ["entry_id"])
    op.create_table(
        "draft_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_draft_remarks_author_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_remarks_draft_id_drafts"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_remarks")),
    )
    op.create_index(op.f("ix_draft_remarks_author_id"), "draft_remarks", ["author_id"])
    op.create_index("ix_draft_remarks_draft", "draft_remarks", ["draft_id", "id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("draft_remarks")
    op.drop_table("draft_shares")
    op.drop_table("workshop_circles")
