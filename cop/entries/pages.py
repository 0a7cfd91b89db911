"""What the page of any entry shows beside its own facts: byline, dates, languages, notices, acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, request, url_for

from cop.core.i18n import _l
from cop.core.types import Lang
from cop.entries import policy, queries
from cop.entries.around import Around
from cop.entries.cards import in_circle
from cop.entries.kinds import KINDS, Kind
from cop.entries.models import Entry, Revision, Status, Text, Visibility
from cop.entries.policy import Act, Byline
from cop.entries.thread import Asked, Talk, talk
from cop.people import belonging, standing
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Reading:
    """An entry opened in one of its languages, as this reader sees it."""

    entry: Entry
    kind: Kind
    text: Text
    revision: Revision
    byline: Byline
    lang: Lang
    #: The languages it is told in.
    langs: Sequence[Lang]
    acts: frozenset[str]
    #: Whether this reader may ask the moderators to look at it, if only after signing in.
    may_be_flagged: bool = False
    #: Whether somebody else than this reader wrote it.
    is_anothers: bool = True
    #: Until when everything its author posts waits, where that is why it does; for her alone.
    waits_until: datetime | None = None
    #: Why it was hidden, for its author and the moderators.
    hidden_because: str = ""
    #: In words, the circle it is of, for those in it.
    circle: str = ""

    @property
    def is_published(self) -> bool:
        """Whether others read it now."""
        return self.entry.status == Status.PUBLISHED

    @property
    def published_at(self) -> datetime | date:
        """When it was published; of an unnamed entry the day alone."""
        return policy.told_time(self.entry, self.entry.published_at)

    @property
    def has_tools(self) -> bool:
        """Whether the page offers this reader anything to do with the entry."""
        return bool(
            self.acts
            & {Act.REVISE, Act.WITHDRAW, Act.HIDE, Act.UNHIDE, Act.LOCK, Act.UNLOCK, Act.GRADE}
        )

    @property
    def missing_lang(self) -> Lang | None:
        """The language it is not told in yet, if any."""
        return next((lang for lang in Lang if lang not in self.langs), None)

    def slug_in(self, lang: Lang) -> str:
        """Return the decoration of its address in one of its languages."""
        return next((text.slug for text in self.entry.texts if text.lang == lang), self.text.slug)

    def tellings(self, endpoint: str = "") -> list[tuple[str, str, bool, str]]:
        """Return (name, address, is it this one, tag) of each language it is told in, for a switch."""
        rows = []
        for lang in self.langs:
            values: dict[str, Any] = {"entry_id": self.entry.id, "text": lang.tag}
            if not endpoint:
                values["slug"] = self.slug_in(lang)
            href = url_for(endpoint or self.kind.endpoint, **values)
            rows.append((_NAMES[lang], href, lang == self.lang, lang.value))
        return rows


#: Languages as they name themselves.
_NAMES = {Lang.ZH: "中文", Lang.EN: "English"}


def reading(viewer: Viewer, entry: Entry, text: Text, revision: Revision) -> Reading:
    """Return the entry opened; expects author and texts to be loaded."""
    g.entry_shown = (request.environ, entry.id)
    because = ""
    joined = entry.visibility == Visibility.CIRCLE and entry.circle_id in viewer.circles
    circles = belonging.names_of(frozenset({entry.circle_id or 0})) if joined else []
    is_anothers = viewer.id is None or viewer.id != entry.author_id
    if entry.status == Status.HIDDEN:
        because = queries.reasons_of([entry.id], "EntryHidden").get(entry.id, "")
    return Reading(
        entry=entry,
        kind=KINDS[entry.kind],
        text=text,
        revision=revision,
        byline=policy.byline(viewer, entry),
        lang=Lang(text.lang),
        langs=[Lang(told.lang) for told in entry.texts],
        acts=frozenset(act.value for act in Act if policy.may(viewer, act, entry)),
        may_be_flagged=entry.status == Status.PUBLISHED and is_anothers,
        is_anothers=is_anothers,
        waits_until=standing.limit_of(entry.author)
        if entry.status == Status.HELD and not is_anothers
        else None,
        hidden_because=because,
        circle=in_circle(circles[0][1]) if circles else "",
    )


def shown_entry() -> int | None:
    """Return the entry whose words this request shows, as far as its view has got."""
    environ, entry_id = g.get("entry_shown", (None, None))
    return entry_id if environ is request.environ else None


#: What its author is told instead of that something is published, where it waits.
SENT = _l("It is sent. It is looked at first; you see here when others can read it.")
#: Query parameters of a page that name a part of its comments.
TALK_ARGS = ("comment", "after", "before")


def talk_of_request(viewer: Viewer, entry: Entry, there: Around) -> Talk:
    """Return the part of the comments on an entry that the address asks for; `there` is what is around it."""
    asked = Asked(
        comment=request.args.get("comment", type=int),
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )
    return talk(viewer, entry, asked, there)
