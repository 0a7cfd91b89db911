"""The mails that tell at once. Each is written at the moment it is sent, from what its reader may read then."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from cop.core.db import db
from cop.core.i18n import speaking
from cop.entries import policy
from cop.entries.kinds import KINDS
from cop.entries.models import Comment, CommentStatus, Entry
from cop.entries.policy import Act
from cop.events.models import Event
from cop.mail.message import Message, domain_of
from cop.notifications import lines, queries, quoted
from cop.notifications.links import Link, token_of
from cop.notifications.models import (
    ADDRESSED,
    ALWAYS,
    Because,
    Frequency,
    Level,
    LineKind,
    Notice,
    Watch,
)
from cop.people.models import User
from cop.people.queries import viewer_of
from cop.web.negotiate import on_clock_of

if TYPE_CHECKING:
    from collections.abc import Sequence, Set as AbstractSet

    from cop.notifications.lines import Line
    from cop.people.viewer import Viewer
    from cop.settings import Settings

#: What the keys of these mails begin with.
TOLD = queries.TOLD_BY_MAIL
_WATCHED = (
    Because.ENTRY,
    Because.TERM,
    Because.PERSON,
    Because.SEARCH,
    Because.SPACE,
    Because.CIRCLE,
)
#: Events whose mails carry the words of a comment.
_OF_COMMENTS = ("CommentPosted", "CommentEdited", "AnswerAccepted")
#: Edits tell of nothing but mentions.
_EDITS = ("CommentEdited", "EntryRevised", "TextAdded")
#: Lines of all comments since she looked last.
_COUNTING = (LineKind.TALK, LineKind.ANSWER)
#: Lines that nobody is asked to answer.
_ASKING_NOTHING = (LineKind.ACCEPTED, LineKind.DECISION, LineKind.EDIT)
_LONGEST_TITLE = 250
#: A path that ends with a number and the words of a title; without them it leads to the same page.
_TITLE = re.compile(r"^(/[a-z]+/\d+)-[^/]*$")


def settings() -> Settings:
    """Return the settings of the site."""
    found: Settings = current_app.extensions["settings"]
    return found


def url(path: str) -> str:
    """Return the whole address of a path of this site, without the words of a title.

    Mail programs end a link in plain text at the first Chinese character.
    """
    return settings().base_url.rstrip("/") + _TITLE.sub(r"\1", path)


def message_id_of(event: Event, comment: Comment | None) -> str:
    """Return the Message-ID of a mail about an event; that of a comment is known to the mails that answer it."""
    if event.verb == "CommentPosted" and comment is not None:
        return _id("comment", comment.id)
    if event.verb == "EntryPublished" and event.entry_id is not None:
        return _id("entry", event.entry_id)
    return _id("event", event.id)


def _id(kind: str, number: int) -> str:
    return f"<{kind}-{number}@{domain_of(settings().mail_from)}>"


def written(key: str) -> Message | None:
    """Write the mail of a key `told:<person>:<event>`, or return None where it may not or need not be sent any more."""
    _told, user_id, event_id = key.split(":")
    user = db.session.get(User, int(user_id), populate_existing=True)
    event = db.session.get(Event, int(event_id))
    if user is None or not user.active or not user.email or event is None:
        return None
    viewer = viewer_of(user)
    if queries.chosen(viewer).mail is not Frequency.NOW:
        return None
    with speaking(user.language), on_clock_of(user.timezone):
        told = _told_of(viewer, event)
        return _letter(viewer, user, told) if told is not None else None


@dataclass(frozen=True)
class _Told:
    """What a mail tells: the line of its event, its entry with author and texts, and the very comment."""

    row: Notice
    line: Line
    entry: Entry
    event: Event
    comment: Comment | None


def _told_of(viewer: Viewer, event: Event) -> _Told | None:
    comment = None
    if event.verb in _OF_COMMENTS:
        comment = db.session.get(
            Comment,
            event.data["comment_id"],
            populate_existing=True,
            options=[joinedload(Comment.author)],
        )
        if comment is None or comment.status != CommentStatus.PUBLISHED:
            return None
    row = _row_of(viewer, event, comment)
    if row is None or not still_wanted(viewer, [row]):
        return None
    # What she has seen on the site meanwhile need not be told again.
    if row.read_at is not None and row.kind != LineKind.DECISION:
        return None
    if comment is not None and row.kind in _COUNTING and comment.id < (row.since_id or 0):
        return None
    found = lines.lines(viewer, [row], of=comment)
    return _Told(row, found[0], _entry(row.entry_id), event, comment) if found else None


def _entry(entry_id: int) -> Entry:
    loaded = [joinedload(Entry.author), selectinload(Entry.texts)]
    return db.session.get_one(Entry, entry_id, populate_existing=True, options=loaded)


def _row_of(viewer: Viewer, event: Event, comment: Comment | None) -> Notice | None:
    """Return the line that tells of an event; where it mentions her, that is what it tells."""
    keys = [] if event.verb in _EDITS else [_key_of(viewer, event, comment)]
    if event.verb in (*_EDITS, "EntryPublished", "CommentPosted"):
        keys.append(f"{LineKind.MENTION}:{_place(event.entry_id, comment)}")
    found = db.session.scalars(
        queries.SHOWN.where(Notice.key.in_(keys)), queries.reader_of(viewer)
    ).all()
    if not found:
        # What something was built on is told with that, which may be another entry; edits in a line of the page.
        renewed = or_(Notice.because == Because.BUILT.value, Notice.kind == LineKind.EDIT.value)
        by_event = queries.SHOWN.where(Notice.event_id == event.id, renewed)
        found = db.session.scalars(by_event, queries.reader_of(viewer)).all()
    mentions_her = [row for row in found if row.kind == LineKind.MENTION]
    others = [row for row in found if row.kind != LineKind.MENTION]
    of_this = [row for row in mentions_her if row.event_id == event.id]
    return next(iter((*of_this, *others)), None)


def built_key(entry_id: int) -> str:
    """Return the key of the one line that says what became of what a workshop is built on."""
    return f"{LineKind.DECISION}:b{entry_id}"


def mention_key(entry: Entry, comment: Comment | None) -> str:
    """Return the key of the line that says somebody is mentioned: one for each comment, one for each entry."""
    return f"{LineKind.MENTION}:{_place(entry.id, comment)}"


def _place(entry_id: int | None, comment: Comment | None) -> str:
    return f"c{comment.id}" if comment is not None else f"e{entry_id}"


def _key_of(viewer: Viewer, event: Event, comment: Comment | None) -> str:
    if event.verb in ("EntryPublished", "NoteTriedAfter"):
        return f"{LineKind.ENTRY}:{event.entry_id}"
    if event.verb == "AnswerAccepted" and comment is not None:
        return f"{LineKind.ACCEPTED}:{comment.id}"
    if comment is None:
        return f"{LineKind.DECISION}:{event.id}"
    answered = db.session.get(Comment, comment.answers_id) if comment.answers_id else None
    to_her = answered is not None and answered.author_id == viewer.id
    return f"{LineKind.ANSWER if to_her else LineKind.TALK}:{comment.entry_id}"


def still_wanted(viewer: Viewer, rows: Sequence[Notice]) -> list[Notice]:
    """Return the lines whose reason still holds: nothing was muted, ended or turned off since. Two queries at most."""
    if all(Because(row.because) in ALWAYS for row in rows):
        return list(rows)
    chosen = queries.chosen(viewer)
    watched, muted, addressed = _watched_now(viewer, rows)

    def holds(row: Notice) -> bool:
        because = Because(row.because)
        if because in ALWAYS:
            return True
        if row.entry_id in muted:
            return False
        if because in ADDRESSED:
            return True
        if row.entry_id in addressed:
            return False
        return _still_holds(row, chosen, watched, muted)

    return [row for row in rows if holds(row)]


def _still_holds(
    row: Notice,
    chosen: queries.Chosen,
    watched: AbstractSet[tuple[Because, int | None]],
    muted: AbstractSet[int],
) -> bool:
    """Tell whether what somebody watches, by choice or because she wrote it, is still the reason of a line."""
    because = Because(row.because)
    if because in (Because.WROTE, Because.PREPARES, Because.COMMENTED):
        return chosen.own
    if because is Because.KNOWS:
        return chosen.asked
    if because is Because.TRIED:
        return chosen.own and row.because_id not in muted
    if because is Because.TRIED_WATCHED:
        return (Because.ENTRY, row.because_id) in watched
    if because in _WATCHED:
        target = row.entry_id if because is Because.ENTRY else row.because_id
        return (because, target) in watched
    return True


def _watched_now(
    viewer: Viewer, rows: Sequence[Notice]
) -> tuple[set[tuple[Because, int | None]], set[int], set[int]]:
    """Return what of this is watched at this moment (a search by its watch), and the entries that are muted.

    The last are those of which she hears only what is addressed to her. A circle she is in counts as watched
    unless she says otherwise.
    """
    targets = {row.entry_id for row in rows} | {row.because_id or 0 for row in rows}
    found = db.session.execute(
        _WATCHES, {"reader": viewer.id, "targets": sorted(targets), "ids": sorted(targets)}
    )
    watched: set[tuple[Because, int | None]] = set()
    muted, addressed, silent = set(), set(), set()
    circles = {row.because_id for row in rows if row.because == Because.CIRCLE}
    for watch_id, kind, target_id, level in found:
        if level == Level.MENTIONS:
            addressed.add(target_id)
        elif level != Level.MUTE:
            watched.add((Because(kind), watch_id if kind == Because.SEARCH else target_id))
        elif kind == Because.ENTRY:
            muted.add(target_id)
        elif kind == Because.CIRCLE:
            silent.add(target_id)
    watched |= {(Because.CIRCLE, one) for one in circles - silent}
    return watched, muted, addressed


_WATCHES = select(Watch.id, Watch.kind, Watch.target_id, Watch.level).where(
    Watch.user_id == bindparam("reader"),
    or_(
        Watch.target_id.in_(bindparam("targets", expanding=True)),
        Watch.id.in_(bindparam("ids", expanding=True)),
    ),
)


def _letter(viewer: Viewer, user: User, told: _Told) -> Message:
    line, comment = told.line, told.comment
    said = _quoted(viewer, told)
    is_reply = told.comment is not None or told.row.kind in (LineKind.DECISION, LineKind.EDIT)
    title = line.title[:_LONGEST_TITLE]
    words: dict[str, Any] = {
        "line": line,
        "said": replace(said, html=_absolute(said.html)),
        "link": url(f"/comments/{comment.id}" if comment else line.href),
        "answer": _answer_box(viewer, told),
        "mute": mute_link(user, line),
    }
    return letter(
        user,
        "notice",
        # A reply carries the same title in every language, so that mail programs keep the thread together.
        subject=f"Re: {title}" if is_reply else title,
        words=words,
        headers=_threading(told),
    )


def mute_link(user: User, line: Line) -> str:
    """Return the address that ends what is told of one thread, or "" where everybody is told."""
    if line.kind == LineKind.DECISION:
        return ""
    return url("/mails/" + token_of(Link(user.id, line.entry_id)))


def _answer_box(viewer: Viewer, told: _Told) -> str:
    """Return the address of the form that answers, or "" where a mail asks for no answer or nothing can be added."""
    if told.row.kind in _ASKING_NOTHING or not policy.may(viewer, Act.COMMENT, told.entry):
        return ""
    form = url(f"/entries/{told.entry.id}/comments/new")
    if told.comment is not None:
        return f"{form}?answer={told.comment.id}"
    is_asked = told.row.kind == LineKind.MENTION or KINDS[told.entry.kind].is_mailed_whole
    return form if is_asked else ""


def _quoted(viewer: Viewer, told: _Told) -> quoted.Quoted:
    """Return what a mail quotes; what was decided about something is told without its words."""
    if told.comment is not None:
        return quoted.of_comment(viewer, told.entry, told.comment)
    is_new = told.row.kind in (LineKind.ENTRY, LineKind.MENTION)
    return quoted.of_entry(viewer, told.entry) if is_new else quoted.NOTHING


def _threading(told: _Told) -> dict[str, str]:
    """Return the headers that hold the mails about one entry together, the answers below what they answer."""
    if told.event.verb == "EntryPublished":
        return {}
    above = [_id("entry", told.row.entry_id)]
    if told.comment is not None:
        if told.comment.thread_id != told.comment.id:
            above.append(_id("comment", told.comment.thread_id))
        if told.comment.answers_id not in (None, told.comment.thread_id):
            above.append(_id("comment", told.comment.answers_id or 0))
        if told.row.kind == LineKind.ACCEPTED:
            above.append(_id("comment", told.comment.id))
    return {"In-Reply-To": above[-1], "References": " ".join(above)}


def letter(
    user: User, template: str, *, subject: str, words: dict[str, Any], headers: dict[str, str]
) -> Message:
    """Render a mail of this package; the language must be spoken already."""
    off = url("/mails/" + token_of(Link(user.id)))
    domain = domain_of(settings().mail_from)
    words = {
        **words,
        "subject": subject,
        "site": settings().site_name,
        "home": url("/"),
        "off": off,
        "watching": url("/account/watching"),
        "absolute": url,
        "mail_lang": user.language,
    }
    # Not `render_template`: a mail belongs to no request and to no signed-in person.
    env = current_app.jinja_env
    return Message(
        to=user.email or "",
        name=user.name,
        subject=subject,
        text=env.get_template(f"email/{template}.txt").render(words),
        html=env.get_template(f"email/{template}.html").render(words),
        lang=user.language,
        headers={
            "List-Id": f"<notices.{domain}>",
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **headers,
        },
    )


def _absolute(html: str) -> str:
    """Return rendered text whose links to pages of this site lead there from a mail too."""
    return html.replace('href="/', f'href="{url("/")}')
