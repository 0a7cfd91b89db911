"""What discussions bring to the shared life of entries."""

from sqlalchemy import select

from cop.core.db import db
from cop.core.i18n import _l, pick
from cop.core.types import Json
from cop.discussions import queries, revising, tagging
from cop.discussions.draft import FACT_TITLES, FORMS, SECTION_TITLES, SECTIONS
from cop.discussions.following import follow
from cop.discussions.models import Space
from cop.discussions.operations import KIND
from cop.entries.enclosures import in_words as files_in_words
from cop.entries.kinds import Kind
from cop.entries.pictures import in_words
from cop.notes.wording import separator
from cop.people.viewer import Viewer
from cop.terms.offering import SCHEMES
from cop.terms.refs import ref_of
from cop.terms.vocabulary import vocabulary


def compare_facts(_viewer: Viewer, old: Json, new: Json, today: Json) -> list[tuple[str, str, str]]:
    """Return (name, old words, new words) of the facts that differ between two revisions.

    Which notes it is about is not compared: a reader may not know some of them.
    """
    names = _space_names({old.get("space", ""), new.get("space", "")})

    def words(facts: Json, name: str) -> str:
        value = facts.get(name, "")
        if name == "space":
            return names.get(str(value), str(value))
        if name == "form":
            return str(FORMS.get(value, value))
        if name == "images":
            return in_words(value or {})
        if name == "files":
            return files_in_words(value or {})
        return separator().join(_term(key) for key in value)

    return [
        (str(FACT_TITLES[name]), words(old, name), words(new, name))
        for name in ("space", "form", "terms", "images", "files")
        if old.get(name) != new.get(name)
    ]


def _space_names(keys: set[str]) -> dict[str, str]:
    rows = db.session.execute(select(Space.key, Space.name).where(Space.key.in_(keys)))
    return {row.key: pick(row.name)[0] for row in rows}


def _term(key: str) -> str:
    words = vocabulary()
    return ref_of(words.resolved(words.by_key[key])).name if key in words.by_key else key


DISCUSSION = Kind(
    name=KIND,
    sections=SECTIONS,
    titles=SECTION_TITLES,
    label=_l("Discussion"),
    label_plural=_l("Discussions"),
    path="discussions",
    list_endpoint="discussions.index",
    endpoint="discussions.show",
    edit_endpoint="discussions.edit",
    translate_endpoint="discussions.translate",
    new_endpoint="discussions.new",
    index_facts=queries.index_facts,
    card_facts=queries.card_facts,
    compare_facts=compare_facts,
    restore=revising.restore,
    tag=tagging.tag_discussion,
    term_fields=dict.fromkeys(SCHEMES, "terms"),
    carries=tagging.is_carried,
    follow=follow,
    is_mailed_whole=True,
)
