"""Proposals, what is said about them, and who is at work on what waits.

Revision: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from cop.core.db import JSONType

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("facts", JSONType, nullable=False),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("section", sa.String(length=40), server_default="", nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sections", JSONType, nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("significance", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_reserved", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_proposals_author_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["base_id"], ["revisions.id"], name=op.f("fk_proposals_base_id_revisions"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_proposals_decided_by_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_proposals_entry_id_entries"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_proposals_revision_id_revisions"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("key", name=op.f("uq_proposals_key")),
    )
    op.create_index("ix_proposals_author", "proposals", ["author_id", "id"])
    op.create_index(op.f("ix_proposals_decided_by_id"), "proposals", ["decided_by_id"])
    op.create_index("ix_proposals_entry", "proposals", ["entry_id", "id"])
    op.create_index(op.f("ix_proposals_revision_id"), "proposals", ["revision_id"])
    op.create_index("ix_proposals_state", "proposals", ["state", "opened_at", "id"])
    op.create_table(
        "proposal_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_proposal_remarks_author_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_remarks_proposal_id_proposals"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_remarks")),
        sa.UniqueConstraint("key", name=op.f("uq_proposal_remarks_key")),
    )
    op.create_index(op.f("ix_proposal_remarks_proposal_id"), "proposal_remarks", ["proposal_id"])
    op.create_table(
        "claims",
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_claims_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_user_id"), "claims", ["user_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("claims")
    op.drop_table("proposal_remarks")
    op.drop_table("proposals")
