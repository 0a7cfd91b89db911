"""Under which name people appear: one function each, for pages, history, feeds, mail, search, export and logs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, and_, or_

from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries.models import Comment, Entry, NameMask, Revision
from cop.people.models import AccountStatus, User
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Byline:
    """A name as this reader may see it. `handle` is None where there is no profile to link to."""

    name: str
    handle: str | None = None
    lang: Lang | None = None


def byline(viewer: Viewer, of: Entry | Revision | Comment, entry: Entry | None = None) -> Byline:
    """Return the name under an entry, or under a revision or comment (then with its `entry`).

    It is the only way to a person's name. Expects `entry.author` (or `revision.editor`, `comment.author`)
    to be loaded. On an unnamed entry its author appears as "the author" on her own revisions and comments
    too, to everybody, moderators included.
    """
    if isinstance(of, Entry):
        return byline_of(viewer, of, of.author)
    if entry is None:
        message = "the byline of a revision or comment needs its entry"
        raise TypeError(message)
    if isinstance(of, Comment):
        return _masked(of, entry) if is_masked(of, entry) else _of_person(of.author)
    if entry.name_mask == NameMask.UNNAMED and of.editor_id in (entry.author_id, None):
        return Byline(_("The author"))
    return _of_person(of.editor)


def _masked(comment: Comment, entry: Entry) -> Byline:
    """Return "the author"; of what came from another entry, that one's: nobody may learn whether they are the same."""
    return Byline(_("The author of another discussion") if comment.mask else _("The author"))


def is_by_author(comment: Comment, entry: Entry) -> bool:
    """Tell whether a comment is by the author of the entry it was written under."""
    if comment.mask:
        return False
    return comment.author_id is not None and comment.author_id == entry.author_id


def told_time(entry: Entry, moment: datetime) -> datetime | date:
    """Return when something happened to an entry, as readers may know it; on an unnamed one the day alone.

    A second could be matched with other traces of its author. The day is that of UTC, as in exports:
    the day of each reader's own zone would tell the hour to who compares.
    """
    by_day = entry.by_day or entry.name_mask == NameMask.UNNAMED
    return moment.astimezone(UTC).date() if by_day else moment


def byline_of(viewer: Viewer, entry: Entry, author: User | None) -> Byline:
    """Return the name under an entry whose author was loaded apart (lists load all authors in one query)."""
    if entry.name_mask == NameMask.UNNAMED:
        return Byline(_("Unnamed practitioner"))
    return _of_person(author)


def name_of(user: User | None) -> str:
    """Return the name of somebody who acts as herself, as who looks after the site does; never for a byline."""
    return _of_person(user).name


def mentioned(user: User, *, known: bool) -> Byline:
    """Return the name a text mentions somebody by; where the reader must not know that she is here, no name."""
    if not user.system and (user.email is None or user.status == AccountStatus.UNCONFIRMED):
        return Byline(_("a former member"))
    return _of_person(user) if known or user.system else Byline(_("a member"))


def credited_to(entry: Entry, author: User | None) -> str | None:
    """Return the account name an export credits an entry to: a suspended author stays its author."""
    if entry.name_mask == NameMask.UNNAMED or author is None or author.system:
        return None
    return author.handle if author.email is not None else None


def is_masked(comment: Comment, entry: Entry) -> bool:
    """Tell whether a comment is signed "the author" instead of with a name."""
    if comment.mask:
        return comment.mask == NameMask.UNNAMED
    return entry.name_mask == NameMask.UNNAMED and is_by_author(comment, entry)


def masked() -> ColumnElement[bool]:
    """Return the same rule as `is_masked` as a criterion on `Comment`, joined with its `Entry`."""
    as_entry = and_(
        Comment.mask == "",
        Entry.name_mask == NameMask.UNNAMED,
        Entry.author_id == Comment.author_id,
    )
    return or_(Comment.mask == NameMask.UNNAMED, as_entry)


def credited_comment(comment: Comment, entry: Entry, author: User | None) -> str | None:
    """Return the account name an export credits a comment to."""
    if is_masked(comment, entry) or author is None or author.system or author.email is None:
        return None
    return author.handle


def _of_person(user: User | None) -> Byline:
    if user is None:
        return Byline(_("A former member"))
    if user.system:
        lang = current_lang()
        return Byline((user.names or {}).get(lang, user.name))
    if user.email is None:
        return Byline(_("A former member"))
    # Only who can sign in has a profile page.
    return Byline(user.name, user.handle if user.active else None)
