"""Discussions that are joined and split.

Revision: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("entries") as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("by_day", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch_op.create_index(batch_op.f("ix_entries_merged_into_id"), ["merged_into_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_entries_merged_into_id_entries"),
            "entries",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )
    with op.batch_alter_table("comments") as batch_op:
        batch_op.add_column(sa.Column("origin_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("mask", sa.String(length=16), server_default="", nullable=False)
        )
        batch_op.create_index(batch_op.f("ix_comments_origin_id"), ["origin_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_comments_origin_id_entries"),
            "entries",
            ["origin_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_table(
        "rearrangements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("ready", sa.String(length=24), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "before",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["users.id"],
            name=op.f("fk_rearrangements_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["entries.id"],
            name=op.f("fk_rearrangements_source_id_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["entries.id"],
            name=op.f("fk_rearrangements_target_id_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rearrangements")),
    )
    for column in ("by_id", "source_id", "target_id"):
        op.create_index(op.f(f"ix_rearrangements_{column}"), "rearrangements", [column])
    op.create_table(
        "moved_replies",
        sa.Column("rearrangement_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_moved_replies_comment_id_comments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rearrangement_id"],
            ["rearrangements.id"],
            name=op.f("fk_moved_replies_rearrangement_id_rearrangements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "rearrangement_id", "comment_id", name=op.f("pk_moved_replies")
        ),
    )
    op.create_index(op.f("ix_moved_replies_comment_id"), "moved_replies", ["comment_id"])


def downgrade() -> None:
    """Take back. What was joined stays where it stands; its address leads nowhere any more."""
    op.drop_table("moved_replies")
    op.drop_table("rearrangements")
    with op.batch_alter_table("comments") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_comments_origin_id_entries"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_comments_origin_id"))
        batch_op.drop_column("mask")
        batch_op.drop_column("origin_id")
    with op.batch_alter_table("entries") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_entries_merged_into_id_entries"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_entries_merged_into_id"))
        batch_op.drop_column("by_day")
        batch_op.drop_column("merged_into_id")
