"""Terms that members suggest.

Revision: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from cop.core.db import JSONType

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "term_suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("name", JSONType, nullable=False),
        sa.Column("definition", JSONType, nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("tags_entry", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_term_suggestions_author_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_term_suggestions_decided_by_id_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_term_suggestions_entry_id_entries"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_term_suggestions_scheme_id_schemes"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_term_suggestions_term_id_terms"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_suggestions")),
        sa.UniqueConstraint("key", name=op.f("uq_term_suggestions_key")),
    )
    op.create_index("ix_term_suggestions_author", "term_suggestions", ["author_id", "opened_at", "id"])
    op.create_index(op.f("ix_term_suggestions_decided_by_id"), "term_suggestions", ["decided_by_id"])
    op.create_index("ix_term_suggestions_draft", "term_suggestions", ["author_id", "draft_id"])
    op.create_index(op.f("ix_term_suggestions_entry_id"), "term_suggestions", ["entry_id"])
    op.create_index(op.f("ix_term_suggestions_scheme_id"), "term_suggestions", ["scheme_id"])
    op.create_index("ix_term_suggestions_state", "term_suggestions", ["state", "opened_at", "id"])
    op.create_index(op.f("ix_term_suggestions_term_id"), "term_suggestions", ["term_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("term_suggestions")
