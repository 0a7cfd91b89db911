"""Discussions in spaces, and links between entries.

Revision: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('spaces',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('name', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('purpose', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=False),
    sa.Column('lang', sa.String(length=16), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('import_sha256', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spaces')),
    sa.UniqueConstraint('key', name=op.f('uq_spaces_key'))
    )
    op.create_table('links',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_links_entry_id_entries'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['target_id'], ['entries.id'], name=op.f('fk_links_target_id_entries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', 'target_id', 'kind', name=op.f('pk_links'))
    )
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_links_target_id'), ['target_id'], unique=False)

    op.create_table('discussions',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=16), nullable=False),
    sa.Column('accepted_id', sa.Integer(), nullable=True),
    sa.Column('pinned', sa.Boolean(), nullable=False),
    sa.Column('unanswered', sa.Boolean(), nullable=False),
    sa.Column('active_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('audience', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['accepted_id'], ['comments.id'], name=op.f('fk_discussions_accepted_id_comments'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_discussions_entry_id_entries'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['space_id'], ['spaces.id'], name=op.f('fk_discussions_space_id_spaces')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_discussions'))
    )
    with op.batch_alter_table('discussions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_discussions_accepted_id'), ['accepted_id'], unique=False)
        batch_op.create_index('ix_discussions_latest', ['active_at', 'entry_id', 'audience'], unique=False)
        batch_op.create_index('ix_discussions_space', ['space_id', 'pinned', 'active_at', 'entry_id', 'audience'], unique=False)
        batch_op.create_index('ix_discussions_unanswered', ['unanswered', 'active_at', 'entry_id', 'audience'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('discussions', schema=None) as batch_op:
        batch_op.drop_index('ix_discussions_unanswered')
        batch_op.drop_index('ix_discussions_space')
        batch_op.drop_index('ix_discussions_latest')
        batch_op.drop_index(batch_op.f('ix_discussions_accepted_id'))

    op.drop_table('discussions')
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_links_target_id'))

    op.drop_table('links')
    op.drop_table('spaces')
