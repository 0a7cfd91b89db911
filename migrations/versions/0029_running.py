"""Who came to a date of a workshop, what they thought, and what came of it.

Revision: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "workshop_attendance",
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["workshop_sessions.id"], name=op.f("fk_workshop_attendance_session_id_workshop_sessions"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sign_up_id"], ["workshop_sign_ups.id"], name=op.f("fk_workshop_attendance_sign_up_id_workshop_sign_ups"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sign_up_id", name=op.f("pk_workshop_attendance")),
    )
    op.create_index(op.f("ix_workshop_attendance_session_id"), "workshop_attendance", ["session_id"])
    op.create_table(
        "workshop_evaluations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("useful", sa.String(length=8), nullable=False),
        sa.Column("will_try", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["workshop_sessions.id"], name=op.f("fk_workshop_evaluations_session_id_workshop_sessions"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_evaluations")),
    )
    op.create_index(op.f("ix_workshop_evaluations_session_id"), "workshop_evaluations", ["session_id"])
    op.create_table(
        "workshop_follow_ups",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shows_numbers", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["workshop_sessions.id"], name=op.f("fk_workshop_follow_ups_session_id_workshop_sessions"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_workshop_follow_ups")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("workshop_follow_ups")
    op.drop_table("workshop_evaluations")
    op.drop_table("workshop_attendance")
