"""Dates of workshops, and who signed up for them.

Revision: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "workshop_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("starts_local", sa.DateTime(timezone=False), nullable=False),
        sa.Column("ends_local", sa.DateTime(timezone=False), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("venue", sa.String(length=300), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("link", sa.String(length=1000), nullable=False),
        sa.Column("spoken", sa.String(length=8), nullable=False),
        sa.Column("takes_sign_ups", sa.Boolean(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_because", sa.String(length=500), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("invite_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_workshop_sessions_entry_id_entries"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["place_id"], ["terms.id"], name=op.f("fk_workshop_sessions_place_id_terms"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_sessions")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_workshop_sessions_entry_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_workshop_sessions_uid")),
    )
    op.create_index(op.f("ix_workshop_sessions_invite_hash"), "workshop_sessions", ["invite_hash"])
    op.create_index(op.f("ix_workshop_sessions_place_id"), "workshop_sessions", ["place_id"])
    op.create_index("ix_workshop_sessions_starts", "workshop_sessions", ["starts_at", "entry_id"])
    op.create_table(
        "workshop_sign_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["workshop_sessions.id"], name=op.f("fk_workshop_sign_ups_session_id_workshop_sessions"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_workshop_sign_ups_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_sign_ups")),
        sa.UniqueConstraint("session_id", "user_id", name=op.f("uq_workshop_sign_ups_session_id_user_id")),
    )
    op.create_index("ix_workshop_sign_ups_order", "workshop_sign_ups", ["session_id", "state", "queued_at", "id"])
    op.create_index(op.f("ix_workshop_sign_ups_token_hash"), "workshop_sign_ups", ["token_hash"])
    op.create_index("ix_workshop_sign_ups_user", "workshop_sign_ups", ["user_id", "state"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("workshop_sign_ups")
    op.drop_table("workshop_sessions")
