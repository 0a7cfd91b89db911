"""Documents and sounds of entries: kept while somebody writes, given to what is published. Actor first, no commit.

What happens to them afterwards (let go, deleted, tidied) happens as it does to images: `attaching`, `tidying`.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l, _ln
from cop.core.types import Json
from cop.entries import attaching, file_words, not_kept
from cop.entries.draft import (
    Enclosure,
    enclosures_from_json,
    enclosures_to_json,
    images_to_json,
)
from cop.entries.enclosure_models import Enclosed, Reading
from cop.entries.image_models import Attachment
from cop.entries.licences import LICENCES
from cop.entries.models import Comment, Entry
from cop.people.viewer import Viewer
from cop.storage.documents import MEDIA_TYPES, SOUNDS, Vetted, vetted
from cop.storage.process import NotTaken
from cop.storage.store import StorageFull

#: The field of forms that what is wrong with files is said beside.
FIELD = "enclose"
#: Files one entry, or one comment, can have.
LIMIT, COMMENT_LIMIT = 20, 4
#: Longest description, and longest source, in characters.
ABOUT_LIMIT = 300
_NAME_LIMIT = 120


def prepared(data: bytes, name: str, *, clean: bool) -> Vetted:
    """Return a file looked through, or raise Invalid. It takes a while: hold no transaction meanwhile."""
    try:
        return vetted(data, clean=clean)
    except NotTaken as error:
        raise Invalid(FIELD, not_kept.file(error.why, name)) from error


def require_room(by: Viewer) -> None:
    """Raise Invalid where somebody has sent as much today as one person can."""
    attaching.require_room(by, FIELD)


def keep(*, by: Viewer, name: str, file: Vetted) -> Attachment:
    """Keep a file for what somebody is writing; until that is published she alone has it."""
    require_room(by)
    named = name_of(name, file.format)
    made = Attachment(
        uploader_id=by.id,
        alt={},
        media_type=MEDIA_TYPES[file.format],
        name=named,
        created_at=clock.now(),
    )
    try:
        made.renditions = [attaching.stored(file.data)]
    except StorageFull as error:
        raise Invalid(FIELD, not_kept.file("full", named)) from error
    db.session.add(made)
    db.session.flush()
    reading = Reading.NONE if file.format in SOUNDS else Reading.WAITS
    db.session.add(Enclosed(attachment_id=made.id, format=file.format, reading=reading.value))
    if reading is Reading.WAITS:
        file_words.to_be_read(made.id)
    db.session.flush()
    return made


def name_of(given: str, kind: str) -> str:
    """Return what a file is called: one line without folders, ending as what it is."""
    last = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 5:
        stem = shown
    return f"{stem.strip(' .')[:_NAME_LIMIT] or 'file'}.{kind}"


def lacking(files: Sequence[Enclosure], *, limit: int = LIMIT) -> Iterator[Invalid]:
    """Yield everything that is wrong with files as somebody hands them in."""
    if len(files) > limit:
        yield Invalid(
            FIELD,
            _ln(
                "At most %(num)d file fits here; take some away.",
                "At most %(num)d files fit here; take some away.",
                limit,
            ),
        )
    if any(not one.about for one in files):
        yield Invalid(
            FIELD,
            _l(
                "Say in a few words what each file is, for people who cannot open it and for search."
            ),
        )
    if any(one.licence not in LICENCES for one in files):
        yield Invalid(FIELD, _l("Choose for each file on what terms others may use it."))
    told = [words for one in files for words in (*one.about.values(), one.source)]
    if any(len(words) > ABOUT_LIMIT for words in told):
        yield Invalid(
            FIELD,
            _l(
                "Say what a file is, and where it is from, in at most %(limit)s characters each.",
                limit=ABOUT_LIMIT,
            ),
        )


def check(files: Sequence[Enclosure], *, limit: int = LIMIT) -> None:
    """Raise Invalid for files that cannot be taken as they are."""
    for error in lacking(files, limit=limit):
        raise error


def files_of(comment: Comment) -> tuple[Enclosure, ...]:
    """Return the files of a comment as its author would hand them in again."""
    statement = (
        select(Attachment.id, Attachment.alt, Enclosed.licence, Enclosed.source)
        .join(Enclosed, Enclosed.attachment_id == Attachment.id)
        .where(Attachment.comment_id == comment.id, Attachment.position.is_not(None))
        .order_by(Attachment.position)
    )
    return tuple(Enclosure(*row) for row in db.session.execute(statement))


def shown_by(comment: Comment) -> Json:
    """Return the images and files of a comment as its history keeps them."""
    images = images_to_json(attaching.images_of(comment))
    return images | enclosures_to_json(files_of(comment))


def show(*, by: Viewer, entry: Entry, facts: Json) -> None:
    """Show the images and files that an entry's facts name; the history keeps those it showed."""
    attaching.show(by=by, entry=entry, facts=facts)
    place(by=by, entry=entry, files=enclosures_from_json(facts.get("files", {})))


def place(
    *, by: Viewer, entry: Entry, files: Sequence[Enclosure], comment: Comment | None = None
) -> None:
    """Show exactly these files with an entry or a comment, in this order. Raises Invalid where one cannot be."""
    check(files)
    found = attaching.put(
        by=by, entry=entry, comment=comment, ids=[one.id for one in files], are_images=False
    )
    for attachment, file in zip(found, files, strict=True):
        if attachment is None:
            raise Invalid(
                FIELD,
                _l(
                    "A file was kept for a day only and is gone. Take it away here, and choose it again."
                ),
            )
        attachment.alt = dict(file.about)
        known = db.session.get_one(Enclosed, attachment.id)
        known.licence, known.source = file.licence, file.source
    db.session.flush()
