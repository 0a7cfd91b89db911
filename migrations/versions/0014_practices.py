"""Practice pages.

Revision: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('practices',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=16), nullable=False),
    sa.Column('review_by', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_practices_entry_id_entries'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['term_id'], ['terms.id'], name=op.f('fk_practices_term_id_terms')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_practices')),
    sa.UniqueConstraint('term_id', name=op.f('uq_practices_term_id'))
    )
    with op.batch_alter_table('practices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_practices_review_by'), ['review_by'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('practices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_practices_review_by'))

    op.drop_table('practices')
