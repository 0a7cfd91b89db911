"""How a text comes to say what a draft says: its revisions, rendered, and its words for lists, search and links."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from cop import markup
from cop.core import clock
from cop.core.db import db
from cop.core.text import excerpt, slugify
from cop.core.types import Json, Lang
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Revision, Text
from cop.entries.reasons import REASON_LIMIT
from cop.entries.significance import UNSAID, Change
from cop.entries.titles import keep_links, keep_titles
from cop.people.viewer import Viewer

_SUMMARY_LENGTH = 240


def first_text(*, by: Viewer, entry: Entry, draft: TextDraft, facts: Json) -> Text:
    """Tell an entry in a language it is not told in yet."""
    text = Text(entry_id=entry.id, lang=draft.lang.value, number=1, title="", slug="")
    html = _tell(entry, text, draft)
    db.session.add(text)
    db.session.flush()
    _revision(by=by, text=text, draft=draft, html=html, facts=facts, change=UNSAID)
    keep_titles(entry, text)
    keep_links(text, html.values())
    return text


def next_revision(
    *, by: Viewer, entry: Entry, text: Text, draft: TextDraft, facts: Json, change: Change
) -> Revision:
    """Let a text say something else from now on."""
    text.number += 1
    html = _tell(entry, text, draft)
    revision = _revision(by=by, text=text, draft=draft, html=html, facts=facts, change=change)
    keep_titles(entry, text)
    keep_links(text, html.values())
    return revision


def _tell(entry: Entry, text: Text, draft: TextDraft) -> dict[str, str]:
    """Let a text say what the draft says, in lists and to search too; return its rendered sections."""
    html = _rendered({key: value for key, value in draft.sections.items() if value})
    text.title = draft.title
    text.slug = slugify(draft.title)
    reason = draft.sections.get("outcome_reason") or next(iter(draft.sections.values()), "")
    text.summary = excerpt(markup.render(reason).text, _SUMMARY_LENGTH)
    text.plain = plain(entry.kind, html)
    return html


def tell_facts(entry: Entry) -> None:
    """Let every text of an entry say to search what its facts tell in that language, too."""
    told = KINDS[entry.kind].words_of_facts
    if told is None:
        return
    texts = db.session.scalars(select(Text).where(Text.entry_id == entry.id)).all()
    revisions = {text.id: queries.current(text) for text in texts}
    facts = max(revisions.values(), key=lambda one: one.id).facts
    for text in texts:
        rows = told(facts, Lang(text.lang))
        said = [one for line, words in rows for one in (line, markup.render(words).text) if one]
        text.plain = "\n".join([plain(entry.kind, revisions[text.id].html), *said])


def _telling_by_facts(entry_ids: Collection[int]) -> Sequence[Entry]:
    kinds = [kind.name for kind in KINDS.values() if kind.words_of_facts is not None]
    statement = select(Entry).where(Entry.id.in_(entry_ids), Entry.kind.in_(kinds))
    return db.session.scalars(statement).all()


def plain(kind: str, html: Mapping[str, str]) -> str:
    """Return the words of rendered sections without markup, one section a line, in the kind's order.

    What is no section of the kind comes first: the reason of a note's outcome.
    """
    order = KINDS[kind].sections
    keys = [*(key for key in sorted(html) if key not in order), *order]
    return "\n".join(markup.words_of(html[key]) for key in keys if html.get(key))


def _revision(
    *, by: Viewer, text: Text, draft: TextDraft, html: dict[str, str], facts: Json, change: Change
) -> Revision:
    sections = {key: value for key, value in draft.sections.items() if value}
    revision = Revision(
        text_id=text.id,
        number=text.number,
        title=draft.title,
        sections=sections,
        facts=facts,
        html=html,
        html_version=markup.VERSION,
        editor_id=by.id,
        note=change.note[:REASON_LIMIT],
        significance=change.significance,
        sha256=digest(draft.title, sections, facts),
        created_at=clock.now(),
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def digest(title: str, sections: Mapping[str, str], facts: Json) -> str:
    """Return the SHA-256 of a state in canonical JSON: what a credit record can be checked against."""
    state = json.dumps(
        [title, dict(sections), facts], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(state.encode()).hexdigest()


def _rendered(sections: Mapping[str, str]) -> dict[str, str]:
    return {key: markup.render(source).html for key, source in sections.items()}


def render_stale(limit: int = 500) -> list[int]:
    """Render published texts anew whose html an older renderer made; return the entries they tell."""
    stale = db.session.execute(
        select(Revision, Text, Entry.kind)
        .join(Text, (Text.id == Revision.text_id) & (Text.number == Revision.number))
        .join(Entry, Entry.id == Text.entry_id)
        .where(Revision.html_version != markup.VERSION)
        .order_by(Revision.id)
        .limit(limit)
    ).all()
    for revision, text, kind in stale:
        revision.html, revision.html_version = _rendered(revision.sections), markup.VERSION
        text.plain = plain(kind, revision.html)
        keep_links(text, revision.html.values())
    for entry in _telling_by_facts({text.entry_id for _revision, text, _kind in stale}):
        tell_facts(entry)
    return sorted({text.entry_id for _revision, text, _kind in stale})
