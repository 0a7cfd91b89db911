"""The plain text of what is published stands beside its title.

Revision: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from markupsafe import Markup
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Texts read and written at a time: the memory of a migration does not grow with the site.
_BATCH = 500
#: The sections of a note as they stood then; what is no section came first.
_ORDER = ("context", "what_we_did", "what_happened", "what_we_learned", "when_it_applies")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("texts") as batch:
        batch.add_column(sa.Column("plain", sa.Text(), server_default="", nullable=False))
    _fill()


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("texts") as batch:
        batch.drop_column("plain")


def _fill() -> None:
    json = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True), "postgresql"
    )
    texts = sa.table("texts", sa.column("id"), sa.column("number"), sa.column("plain"))
    revisions = sa.table(
        "revisions", sa.column("text_id"), sa.column("number"), sa.column("html", json)
    )
    published = (
        sa.select(texts.c.id, revisions.c.html)
        .join(
            revisions,
            (revisions.c.text_id == texts.c.id) & (revisions.c.number == texts.c.number),
        )
        .order_by(texts.c.id)
        .limit(_BATCH)
    )
    connection, last = op.get_bind(), 0
    while rows := connection.execute(published.where(texts.c.id > last)).all():
        connection.execute(
            sa.update(texts).where(texts.c.id == sa.bindparam("row")).values(plain=sa.bindparam("words")),
            [{"row": row.id, "words": _plain(row.html)} for row in rows],
        )
        last = rows[-1].id


def _plain(html: dict[str, str]) -> str:
    keys = [*(key for key in sorted(html) if key not in _ORDER), *_ORDER]
    return "\n".join(Markup(html[key]).striptags() for key in keys if html.get(key))  # noqa: S704  only to strip it
