"""Her images and files as rows: what each shows, where it stands, and under which name it is in the file."""

from collections.abc import Sequence

from sqlalchemy.orm import selectinload

from cop.core.db import db
from cop.core.i18n import _, _l
from cop.core.types import Lang
from cop.entries.image_models import Attachment
from cop.takeout import attached
from cop.takeout.owner import Owner, number_of
from cop.takeout.sheets import SAID_AND_BEGUN, Row, Sheet


def _rows(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.scalars(
        attached.sent_by(owner.id)
        .where(Attachment.id > after)
        .limit(most)
        .options(selectinload(Attachment.renditions))
    ).all()
    links = owner.links(row.entry_id for row in found if row.entry_id)
    return [
        (
            row.id,
            {
                "called": row.name,
                "shows": {Lang(tag).tag: text for tag, text in row.alt.items() if text},
                "sent": row.created_at,
                "about": links.get(row.entry_id or 0),
                "file": sent.name
                if (sent := attached.in_file(row, owner.cut))
                else _("not in this file: it found no room"),
            },
        )
        for row in found
    ]


SENT = Sheet(
    "files",
    _l("Images and files"),
    {
        "called": _l("Name"),
        "shows": _l("What it shows"),
        "sent": _l("Sent"),
        "about": _l("Where it stands"),
        "file": _l("In this file"),
    },
    _rows,
    lambda owner: number_of(attached.sent_by(owner.id)),
    SAID_AND_BEGUN,
)
