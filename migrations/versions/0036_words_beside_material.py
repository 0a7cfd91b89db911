"""Words beside material leave the search: workshops are rendered anew, and so are the words that they say to it.

Revision: 0036
Revises: 0035
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute(
        "UPDATE revisions SET html_version = 0 WHERE text_id IN (SELECT texts.id FROM texts "
        "JOIN entries ON entries.id = texts.entry_id WHERE entries.kind = 'workshop')"
    )


def downgrade() -> None:
    """Nothing was added."""
