"""Documents and sounds beside images.

Revision: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "enclosed",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("licence", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("reading", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name=op.f("fk_enclosed_attachment_id_attachments"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_enclosed")),
    )
    op.create_index(op.f("ix_enclosed_reading"), "enclosed", ["reading"])
    with op.batch_alter_table("attachments") as batch:
        batch.alter_column("media_type", existing_type=sa.String(length=40), type_=sa.String(length=100), existing_nullable=False)


def downgrade() -> None:
    """Take back: images stay, files go."""
    op.execute("DELETE FROM attachments WHERE media_type != 'image/webp'")
    with op.batch_alter_table("attachments") as batch:
        batch.alter_column("media_type", existing_type=sa.String(length=100), type_=sa.String(length=40), existing_nullable=False)
    op.drop_index(op.f("ix_enclosed_reading"), "enclosed")
    op.drop_table("enclosed")
