"""Watches and notices.

Revision: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('notice_settings',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('mail', sa.String(length=8), nullable=False),
    sa.Column('own', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('digested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_digest_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notice_settings_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_notice_settings'))
    )
    with op.batch_alter_table('notice_settings', schema=None) as batch_op:
        batch_op.create_index('ix_notice_settings_due', ['next_digest_at', 'user_id'], unique=False)

    op.create_table('watches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('target_id', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('address', sa.String(length=1000), server_default='', nullable=False),
    sa.Column('level', sa.String(length=16), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_watches_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watches')),
    sa.UniqueConstraint('user_id', 'kind', 'target_id', 'address', name=op.f('uq_watches_user_id_kind_target_id_address'))
    )
    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.create_index('ix_watches_target', ['kind', 'target_id', 'user_id'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=True),
    sa.Column('since_id', sa.Integer(), nullable=True),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('because', sa.String(length=16), nullable=False),
    sa.Column('because_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_notices_comment_id_comments'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_notices_entry_id_entries'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_notices_event_id_events'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notices_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_notices_user_id_key'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index('ix_notices_at', ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_comment_id'), ['comment_id'], unique=False)
        batch_op.create_index('ix_notices_entry', ['entry_id', 'user_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_notices_list', ['user_id', 'at', 'id'], unique=False)
        batch_op.create_index('ix_notices_unread', ['user_id', 'read_at', 'at'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index('ix_notices_unread')
        batch_op.drop_index('ix_notices_list')
        batch_op.drop_index(batch_op.f('ix_notices_event_id'))
        batch_op.drop_index('ix_notices_entry')
        batch_op.drop_index(batch_op.f('ix_notices_comment_id'))
        batch_op.drop_index('ix_notices_at')

    op.drop_table('notices')
    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.drop_index('ix_watches_target')

    op.drop_table('watches')
    with op.batch_alter_table('notice_settings', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_settings_due')

    op.drop_table('notice_settings')
