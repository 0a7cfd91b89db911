"""Documents and sounds of entries: kept while somebody writes, given to what is published. Actor first, no commit.

What happens to them afterwards (let go, deleted, tidied) happens as it does to images: `attaching`, `tidying`.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l, _ln
from cop.core.types import Json
from cop.entries import attaching, file_words
from cop.entries.draft import (
    Enclosure,
    enclosures_from_json,
    enclosures_to_json,
    images_to_json,
)
from cop.entries.enclosure_models import Enclosed, Reading
from cop.entries.image_models import Attachment
from cop.entries.models import Comment, Entry
from cop.people.viewer import Viewer
from cop.storage.documents import FILE_LIMIT, MEDIA_TYPES, SOUNDS, Vetted, vetted
from cop.storage.process import NotTaken
from cop.storage.store import StorageFull

#: The field of forms that what is wrong with files is said beside.
FIELD = "enclose"
#: Files one entry, or one comment, can have.
LIMIT, COMMENT_LIMIT = 20, 4
#: Longest description, and longest source, in characters.
ABOUT_LIMIT = 300
_NAME_LIMIT = 120
#: The terms on which a file is shown.
LICENCES: Mapping[str, Any] = {
    "cc-by-sa": _l("CC BY-SA 4.0: pass it on and change it, on the same terms"),
    "cc-by": _l("CC BY 4.0: pass it on and change it, naming who made it"),
    "cc-by-nc-sa": _l("CC BY-NC-SA 4.0: as above, but not to earn money"),
    "free": _l("Free of rights (public domain, CC0)"),
    "asked": _l("Shown here with permission: ask before you pass it on"),
}


def sentence(why: str, name: str) -> Any:
    """Say why a file was not taken, and what to do."""
    said = {
        "empty": _l("“%(name)s” is empty. Choose another file.", name=name),
        "heavy": _l(
            "“%(name)s” was not kept: it is larger than %(limit)s MB. Make it smaller, and choose it again.",
            name=name,
            limit=FILE_LIMIT // 1024 // 1024,
        ),
        "locked": _l(
            "“%(name)s” was not kept: it is protected with a password. Save it without one, and choose it again.",
            name=name,
        ),
        "old": _l(
            "“%(name)s” was not kept: it is in the old format of DOC, XLS or PPT, which can hold programs. Save it as "
            "DOCX, XLSX, PPTX or PDF, and choose it again.",
            name=name,
        ),
        "macros": _l(
            "“%(name)s” was not kept: it holds programs (macros), which can do harm. Save it without them, as DOCX, "
            "XLSX, PPTX or PDF, and choose it again.",
            name=name,
        ),
        "embedded": _l(
            "“%(name)s” was not kept: it holds another file that cannot be looked into. Take that out of it, or save "
            "it as PDF, and choose it again.",
            name=name,
        ),
        "bomb": _l(
            "“%(name)s” was not kept: unpacked, it is far too large. Save it as PDF, and choose it again.",
            name=name,
        ),
        "image": _l("“%(name)s” is an image. Add it under “Images”.", name=name),
        "archive": _l(
            "“%(name)s” was not kept: it is a packed folder, or a format that cannot be added. Add the files in it "
            "one by one, as PDF, DOCX, PPTX or XLSX.",
            name=name,
        ),
        "video": _l(
            "“%(name)s” was not kept: it is a film. Only documents and sound can be added; link to the film instead.",
            name=name,
        ),
        "unknown": _l(
            "“%(name)s” was not kept: by what it holds it is neither a document nor a sound, whatever its name says. "
            "PDF, DOCX, PPTX, XLSX, MP3, M4A, OGG and WAV can be added.",
            name=name,
        ),
        "large": _l(
            "“%(name)s” was not kept: looking through it takes too long. Make it smaller or part it, and choose it "
            "again.",
            name=name,
        ),
        "broken": _l(
            "“%(name)s” was not kept: it is damaged or not whole. Open it on your device, save it anew, and choose it "
            "again.",
            name=name,
        ),
        "busy": _l(
            "“%(name)s” was not kept: many files are being looked through at this moment. Choose it again in a minute.",
            name=name,
        ),
        "full": _l(
            "“%(name)s” was not kept: the site has no room for files at the moment. What you wrote is not lost; "
            "go on without the file, and tell the moderators.",
            name=name,
        ),
    }
    return said[why]


def prepared(data: bytes, name: str, *, clean: bool) -> Vetted:
    """Return a file looked through, or raise Invalid. It takes a while: hold no transaction meanwhile."""
    try:
        return vetted(data, clean=clean)
    except NotTaken as error:
        raise Invalid(FIELD, sentence(error.why, name)) from error


def require_room(by: Viewer) -> None:
    """Raise Invalid where somebody has sent as much today as one person can."""
    if attaching.sent_today(by) >= attaching.DAILY_LIMIT:
        raise Invalid(
            FIELD,
            _l(
                "You have sent as many files today as one person can (%(limit)s). What you wrote is kept; add "
                "more tomorrow.",
                limit=attaching.DAILY_LIMIT,
            ),
        )


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
        raise Invalid(FIELD, sentence("full", named)) from error
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
