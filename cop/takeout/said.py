"""What she said under entries: her own words, and of what they answer the title and the lasting address alone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from cop.core.db import db
from cop.core.i18n import _l
from cop.core.types import Lang
from cop.entries import mentions, policy
from cop.entries.models import Comment, CommentStatus, Entry
from cop.exchange import talk
from cop.exchange.dumping import dump
from cop.people.mails import url
from cop.takeout.owner import Owner, number_of
from cop.takeout.parts import Part
from cop.takeout.sheets import SAID_AND_BEGUN, Row, Sheet, Words
from cop.takeout.written import OPEN, is_open

#: What nobody reads any more, its writer neither.
_GONE = (CommentStatus.DELETED.value, CommentStatus.CIRCLE_GONE.value)
_STATES: dict[str, Any] = {
    CommentStatus.REMOVED.value: _l("taken away by a moderator"),
    CommentStatus.HELD.value: _l("waits for a moderator"),
    CommentStatus.REFUSED.value: _l("was not let through"),
}
#: What stands for quoted words in hers.
CUT = "> […]"
_FENCES = ("```", "~~~")


def without_quotations(body: str) -> str:
    """Return a comment without the words it quotes: those are somebody else's."""
    lines: list[str] = []
    fenced = ""
    for line in body.splitlines():
        mark = line.lstrip()[:3]
        if mark in _FENCES and (not fenced or mark == fenced):
            fenced = "" if fenced else mark
        quoted = not fenced and line.lstrip().startswith(">")
        if not quoted:
            if line.strip() and lines and lines[-1] == CUT:
                # Without a gap Markdown would take her words for more of the quotation.
                lines.append("")
            lines.append(line)
        elif not lines or lines[-1] != CUT:
            lines.append(CUT)
    return "\n".join(lines)


def _own(user_id: int) -> Select[Comment]:
    return select(Comment).where(
        Comment.author_id == user_id, Comment.status.not_in(_GONE), Comment.body != ""
    )


def _count(owner: Owner) -> int:
    return number_of(_own(owner.id))


def _rows(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.scalars(
        _own(owner.id).where(Comment.id > after).order_by(Comment.id).limit(most)
    ).all()
    under = _entries(owner, {one.entry_id for one in found})
    answered = _answered({one.answers_id for one in found if one.answers_id})
    names = mentions.names(owner.viewer, None, [one.body for one in found])
    rows: list[tuple[int, Row]] = []
    for one in found:
        entry = under.get(one.entry_id)
        words = without_quotations(one.body)
        known = names.under(owner.viewer, entry).beside(one) if entry else names
        rows.append(
            (
                one.id,
                {
                    "id": one.key,
                    "written": one.created_at,
                    "changed": one.edited_at,
                    "under": owner.link(entry) if entry else None,
                    "link": url(f"/comments/{one.id}") if entry else None,
                    "answers": _link(answered.get(one.answers_id or 0)) if entry else None,
                    "state": str(_STATES[one.status]) if one.status in _STATES else None,
                    "lang": Lang(one.lang).tag,
                    "words": Words(known.words(words), owner.shown(words, known)),
                },
            )
        )
    return rows


def _entries(owner: Owner, ids: set[int]) -> dict[int, Entry]:
    """Return those of the entries that she may read now, and hear what is said there."""
    rows = db.session.scalars(
        select(Entry)
        .where(Entry.id.in_(sorted(ids)), policy.readable(owner.viewer))
        .options(joinedload(Entry.author), joinedload(Entry.texts))
    ).unique()
    return {row.id: row for row in rows if row.texts and policy.hears(owner.viewer, row)}


def _answered(ids: set[int]) -> dict[int, int]:
    """Return which of the comments stand there still."""
    there = select(Comment.id).where(
        Comment.id.in_(sorted(ids)), Comment.status == CommentStatus.PUBLISHED.value
    )
    return {one: one for one in db.session.scalars(there)} if ids else {}


def _link(comment_id: int | None) -> str | None:
    return url(f"/comments/{comment_id}") if comment_id else None


class _Comments(Sheet):
    """Her comments, and those under her own open entries once more in the form an import takes."""

    def write(self, owner: Owner, after: int, most: int, part: Part) -> tuple[int, int | None]:
        """Put comments into a part."""
        number, last = super().write(owner, after, most, part)
        upto = last or 2**31 - 1
        rows = db.session.execute(
            select(Comment.key, Entry)
            .join(Entry, Entry.id == Comment.entry_id)
            .where(
                Comment.author_id == owner.id,
                Comment.status == CommentStatus.PUBLISHED.value,
                Entry.author_id == owner.id,
                Comment.id > after,
                Comment.id <= upto,
            )
            .order_by(Comment.id)
        ).all()
        keys = [key for key, entry in rows if is_open(entry)]
        states = talk.comments(keys) if keys else {}
        for key in keys:
            record = {
                name: value
                for name, value in states[key].record.items()
                if name not in ("author", "former", "answers")
            }
            record["body"] = without_quotations(record["body"])
            part.add(f"{OPEN}/comments.yaml", "\n" + dump(record))
        return number, last


COMMENTS = _Comments(
    "comments",
    _l("Comments and replies"),
    {
        "id": _l("Key"),
        "written": _l("Written"),
        "changed": _l("Changed"),
        "under": _l("Under"),
        "link": _l("Where it stands"),
        "answers": _l("Answers"),
        "state": _l("State"),
        "lang": _l("Language"),
        "words": _l("Your words"),
    },
    _rows,
    _count,
    SAID_AND_BEGUN,
)
