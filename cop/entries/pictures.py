"""Images as a reader sees them, and which of their files she may have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import selectinload

from cop.core.db import db
from cop.core.errors import Forbidden, Gone, Moved, NotFound
from cop.core.i18n import _, _l, pick
from cop.core.types import Json
from cop.entries import comment_policy, policy, queries
from cop.entries.attaching import is_image
from cop.entries.comment_policy import CommentAct
from cop.entries.commenting import get_comment
from cop.entries.draft import Image, images_from_json
from cop.entries.image_models import Attachment, Rendition
from cop.entries.licences import LICENCES
from cop.entries.models import CommentStatus, Entry
from cop.people.viewer import Viewer
from cop.storage.documents import MEDIA_TYPES
from cop.storage.files import files
from cop.storage.images import MEDIA_TYPE

_PUBLIC = "public"
#: What is served as → what its address ends in.
_ENDINGS = {served: kind for kind, served in MEDIA_TYPES.items()}
_WITH_SIZES = selectinload(Attachment.renditions)


@dataclass(frozen=True)
class Picture:
    """An image on a page: its sizes, the smallest first, and what it shows in words."""

    id: int
    #: (width, height, address) of each size.
    sizes: tuple[tuple[int, int, str], ...]
    alt: str = ""
    lang: str = ""
    #: One of `LICENCES`, and who made it; "" where its text says both.
    licence: str = ""
    source: str = ""
    #: The licence in words.
    terms: str = ""
    #: What its uploader calls it; for her alone, while she writes.
    name: str = ""
    #: Whether its file is not in the store any more.
    is_lost: bool = False
    #: Whether a moderator removed it.
    is_removed: bool = False

    @property
    def width(self) -> int:
        """The width of the largest."""
        return self.sizes[-1][0]

    @property
    def height(self) -> int:
        """The height of the largest."""
        return self.sizes[-1][1]

    @property
    def small(self) -> str:
        """The address of the smallest."""
        return self.sizes[0][2]

    @property
    def href(self) -> str:
        """The address of the largest."""
        return self.sizes[-1][2]

    @property
    def srcset(self) -> str:
        """All sizes, for the browser to choose from."""
        return ", ".join(f"{address} {width}w" for width, _height, address in self.sizes)


def with_sizes(attachment: Attachment) -> Attachment:
    """Return the image with its renditions loaded."""
    statement = select(Attachment).where(Attachment.id == attachment.id).options(_WITH_SIZES)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def address_of(attachment: Attachment, size: Rendition) -> str:
    """Return where one size of an image is, or a file; it names what that holds, so that it may be kept for long."""
    sort = "" if size.width else _ENDINGS.get(attachment.media_type, "bin")
    name = f"{size.sha256[:12]}.{sort}" if sort else f"{size.width}-{size.sha256[:12]}.webp"
    return f"/files/{attachment.id}/{name}"


def picture(attachment: Attachment, said: Image | None = None) -> Picture:
    """Return an image whose renditions are loaded, described by `said` or as it is now."""
    words, lang = pick(attachment.alt if said is None else said.alt)
    whose: Attachment | Image = attachment if said is None else said
    sizes = tuple(
        (size.width, size.height, address_of(attachment, size)) for size in attachment.renditions
    )
    removed = attachment.removed_at is not None
    lost = not removed and not (
        sizes and all(files().has(size.sha256) for size in attachment.renditions)
    )
    return Picture(
        attachment.id,
        sizes,
        words,
        lang.value if words else "",
        whose.licence,
        whose.source,
        str(LICENCES.get(whose.licence, "")),
        is_lost=lost,
        is_removed=removed,
    )


# Built once: the page of every entry asks them, and most have no image.
_GALLERIES = (
    select(Attachment)
    .where(
        Attachment.entry_id.in_(bindparam("ids", expanding=True)),
        Attachment.comment_id.is_(None),
        Attachment.position.is_not(None),
    )
    .order_by(Attachment.entry_id, Attachment.position)
    .options(_WITH_SIZES)
)
_OF_COMMENTS = (
    select(Attachment)
    .where(
        Attachment.comment_id.in_(bindparam("ids", expanding=True)),
        Attachment.position.is_not(None),
    )
    .order_by(Attachment.comment_id, Attachment.position)
    .options(_WITH_SIZES)
)


def galleries(entry_ids: Sequence[int]) -> dict[int, list[Picture]]:
    """Return the images of entries as they are now; expects the viewer to read them."""
    found: dict[int, list[Picture]] = {}
    for one in attached(entry_ids):
        if is_image(one):
            found.setdefault(one.entry_id or 0, []).append(picture(one))
    return found


def attached(entry_ids: Sequence[int]) -> Sequence[Attachment]:
    """Return the images and files of entries as they are now, each with what holds it."""
    return db.session.scalars(_GALLERIES, {"ids": list(entry_ids)}).all()


def attached_to_comments(comment_ids: Iterable[int]) -> Sequence[Attachment]:
    """Return the images and files of comments as they are now, each with what holds it."""
    ids = list(comment_ids)
    return db.session.scalars(_OF_COMMENTS, {"ids": ids}).all() if ids else ()


def shown_then(entry: Entry, states: Sequence[Sequence[Image]]) -> list[tuple[Picture, ...]]:
    """Return the images of each earlier state, with the words it described them by, in one query."""
    ids = {image.id for state in states for image in state}
    if not ids:
        return [() for _state in states]
    statement = (
        select(Attachment)
        .where(Attachment.entry_id == entry.id, Attachment.id.in_(ids))
        .options(_WITH_SIZES)
    )
    found = {one.id: one for one in db.session.scalars(statement)}
    return [
        tuple(picture(found[one.id], one) for one in state if one.id in found) for state in states
    ]


def in_words(kept: Json) -> str:
    """Return what the images of a state show, in words, for a comparison of two states."""
    said = []
    for image in images_from_json(kept):
        shows = f"“{pick(image.alt)[0]}”" if image.alt else _("(decoration)")
        whose = (image.source, str(LICENCES.get(image.licence, "")))
        said.append(" · ".join(filter(None, (shows, *whose))))
    return " ".join(said)


def while_writing(viewer: Viewer, ids: Sequence[int]) -> dict[int, Picture]:
    """Return by id those of the images that somebody may use in what she writes: her own, and her entry's."""
    if not ids:
        return {}
    statement = select(Attachment).where(
        Attachment.id.in_(ids), Attachment.media_type == MEDIA_TYPE
    )
    found = db.session.scalars(statement.options(_WITH_SIZES)).all()
    mine = usable(viewer, found)
    return {
        one.id: replace(picture(one), name=one.name if one.uploader_id == viewer.id else "")
        for one in found
        if one.id in mine
    }


def usable(viewer: Viewer, found: Iterable[Attachment]) -> set[int]:
    """Return the ids of those attachments that somebody may use in what she writes."""
    readable: dict[tuple[int | None, int | None], bool] = {}
    mine: set[int] = set()
    for one in found:
        own = viewer.id is not None and one.uploader_id == viewer.id
        of = (one.entry_id, one.comment_id)
        if one.entry_id is not None and of not in readable:
            readable[of] = may_see(viewer, one)
        if readable.get(of, own):
            mine.add(one.id)
    return mine


def may_see(viewer: Viewer, attachment: Attachment) -> bool:
    """Tell whether the viewer may see an image at this moment."""
    try:
        _is_public(viewer, attachment)
    except (NotFound, Gone):
        return False
    return True


def _is_public(viewer: Viewer, attachment: Attachment) -> bool:
    """Return whether everybody may see an image, or raise NotFound or Gone where the viewer may not."""
    if attachment.entry_id is None:
        if viewer.id is None or attachment.uploader_id != viewer.id:
            raise NotFound
        return False
    if attachment.comment_id is None:
        try:
            return queries.get(viewer, attachment.entry_id).audience == _PUBLIC
        except Moved:
            if policy.reads_joined(viewer, db.session.get_one(Entry, attachment.entry_id)):
                return False
            raise NotFound from None
    entry, comment = get_comment(viewer, attachment.comment_id)
    if not comment_policy.may(viewer, CommentAct.READ, comment, entry):
        raise NotFound
    return entry.audience == _PUBLIC and comment.status == CommentStatus.PUBLISHED


def to_remove(viewer: Viewer, attachment_id: int) -> tuple[Attachment, Entry]:
    """Return an image that others see and its entry, for who looks after that; else raise NotFound, Gone or Forbidden.

    Whoever else changes the entry waits.
    """
    found = db.session.get(Attachment, attachment_id) if _is_number(attachment_id) else None
    if found is None or found.entry_id is None:
        raise NotFound
    _is_public(viewer, found)
    entry = queries.get(viewer, found.entry_id, to_change=True)
    if not policy.looks_after(viewer, entry):
        raise Forbidden(_l("You may read this, but you may not change it."))
    return found, entry


def _is_number(attachment_id: int) -> bool:
    return 0 < attachment_id <= queries.MAX_ID


def file_of(viewer: Viewer, attachment_id: int, name: str) -> tuple[Attachment, Rendition, bool]:
    """Return an image, the size that is named, and whether everybody may see it; else raise NotFound or Gone.

    What an entry or comment does not let its reader read, its images do not show her.
    """
    if not _is_number(attachment_id):
        raise NotFound
    attachment = db.session.scalar(
        select(Attachment).where(Attachment.id == attachment_id).options(_WITH_SIZES)
    )
    if attachment is None:
        raise NotFound
    public = _is_public(viewer, attachment)
    if attachment.removed_at is not None:
        raise Gone
    wanted = f"/files/{attachment.id}/{name}"
    for size in attachment.renditions:
        if address_of(attachment, size) == wanted:
            return attachment, size, public
    raise NotFound
