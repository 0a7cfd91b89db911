"""The titles that entries have and had, which links by name lead to.

Revision: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from cop.search.text import fold

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: Revisions read at a time: the memory of a migration does not grow with the site.
_BATCH = 500
_LONGEST = 200


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "titles",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_titles_entry_id_entries"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "lang", "folded", name=op.f("pk_titles")),
    )
    op.create_index("ix_titles_folded", "titles", ["folded"])
    _fill()


def downgrade() -> None:
    """Take back."""
    op.drop_table("titles")


def _fill() -> None:
    texts = sa.table("texts", sa.column("id"), sa.column("entry_id"), sa.column("lang"), sa.column("title"))
    revisions = sa.table(
        "revisions", sa.column("text_id"), sa.column("title"), sa.column("suppressed_at")
    )
    titles = sa.table(
        "titles", sa.column("entry_id"), sa.column("lang"), sa.column("folded"), sa.column("current")
    )
    some = sa.select(texts).order_by(texts.c.id).limit(_BATCH)
    connection, last = op.get_bind(), 0
    while rows := connection.execute(some.where(texts.c.id > last)).all():
        had = connection.execute(
            sa.select(revisions.c.text_id, revisions.c.title)
            .where(
                revisions.c.text_id.in_([row.id for row in rows]),
                revisions.c.suppressed_at.is_(None),
            )
            .distinct()
        ).all()
        now = {row.id: (row.entry_id, row.lang, _folded(row.title)) for row in rows}
        names = {(*now[text_id][:2], _folded(title)) for text_id, title in had} | set(now.values())
        current = set(now.values())
        made = [
            {"entry_id": one[0], "lang": one[1], "folded": one[2], "current": one in current}
            for one in sorted(names)
            if one[2]
        ]
        if made:
            connection.execute(sa.insert(titles), made)
        last = rows[-1].id


def _folded(title: str) -> str:
    return " ".join(fold(title).split())[:_LONGEST].rstrip()
