"""Replies to a discussion on paper: who said it, when, its words, and what hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from cop.core.i18n import current_lang
from cop.core.types import Lang
from cop.entries import policy
from cop.entries.enclosures import NOTHING, File
from cop.entries.models import Comment, Entry
from cop.entries.pictures import Picture
from cop.entries.thread import html_of
from cop.handouts.around import can_be_seen, there
from cop.handouts.blocks import whole
from cop.handouts.gathering import Gathered
from cop.handouts.wording import WORDS
from cop.people.viewer import Viewer
from cop.web.codes import code
from cop.web.filters import as_date
from cop.web.negotiate import zone_of

#: The day of a paper is that of its readers, wherever it is made.
_ZONE = zone_of("Asia/Shanghai")


@dataclass(frozen=True)
class Reply:
    """A reply to a discussion; each stands in the language it was written in, `asked` is that of its labels."""

    asked: Lang
    byline: str
    day: str
    lang: str
    html: Markup
    is_answer: bool
    #: Where it stands online, and its code: where its files can be had.
    address: str
    code: Markup
    images: Sequence[Picture] = ()
    files: Sequence[File] = ()


def replies(eyes: Viewer, found: Gathered, entry: Entry, base: str) -> list[Reply]:
    """Return the replies to a discussion, in the language of the moment."""
    return [_reply(eyes, found, entry, one, base) for one in found.replies.get(entry.id, ())]


def _reply(eyes: Viewer, found: Gathered, entry: Entry, one: Comment, base: str) -> Reply:
    names = found.names.under(eyes, entry)
    attached = found.attached_to_replies.get(one.id, NOTHING)
    files = there(attached.files)
    address = f"{base}/comments/{one.id}"
    return Reply(
        asked=current_lang(),
        byline=policy.byline(eyes, one, entry).name,
        day=day_of(entry, one.created_at),
        lang=one.lang,
        html=whole(names.beside(one).html(html_of(one)), base),
        is_answer=found.accepted.get(entry.id) == one.id,
        address=address,
        code=code(address, str(WORDS["code"])) if files else Markup(),
        images=can_be_seen(attached.images),
        files=files,
    )


def day_of(entry: Entry, moment: datetime) -> str:
    """Return the day on which something was published, as far as it is told."""
    told = policy.told_time(entry, moment)
    return as_date(told.astimezone(_ZONE).date() if isinstance(told, datetime) else told)
