"""Why somebody is told in a line, in words, and where that is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cop.core.i18n import _, current_lang
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.notifications.models import Because, Notice
from cop.notifications.searches import said_of
from cop.terms.refs import ref_of
from cop.terms.vocabulary import vocabulary

if TYPE_CHECKING:
    from cop.notifications.lines import Known

#: Something was tried after what she wrote or watches.
TRIED = (Because.TRIED, Because.TRIED_WATCHED)


@dataclass(frozen=True)
class Why:
    """Why somebody is told, and where that is changed ("" where it cannot be)."""

    sentence: str
    href: str = ""


def _because_of_original(original: Entry | None, because: Because) -> Why:
    if original is None:
        return _gone()
    title = entries.text_for(original, current_lang()).title
    if because is Because.TRIED:
        sentence = _("You wrote “%(title)s”, and this was tried after it.", title=title)
    else:
        sentence = _("You watch “%(title)s”, and this was tried after it.", title=title)
    return Why(sentence, f"/entries/{original.id}/watch")


def why(row: Notice, entry: Entry, known: Known) -> Why:
    """Return why somebody is told in this line."""
    here = f"/entries/{entry.id}/watch"
    because = Because(row.because)
    if because is Because.CAME:
        return Why(_("You take part in this workshop."))
    if because is Because.TRAINS:
        return Why(_("Whoever prepares a workshop, or is asked to, is told so."))
    if because in (Because.TERM, Because.KNOWS):
        return _because_of_term(row, because)
    if because is Because.CIRCLE:
        return _because_of_circle(row, known)
    if because in (Because.PERSON, Because.SEARCH, Because.SPACE):
        return _because_of_watch(row, because, known)
    if because in TRIED:
        return _because_of_original(known.originals.get(row.because_id or 0), because)
    sentences = {
        Because.ACCEPTED: _("You wrote the answer."),
        Because.WROTE: _("You wrote this."),
        Because.PREPARES: _("You prepare this workshop."),
        Because.COMMENTED: _("You commented on this."),
        Because.ANSWERED: _("You commented on this."),
        Because.MENTIONED: _("Whoever is mentioned is told so."),
        Because.ENTRY: _("You watch this."),
        Because.PROPOSED: _("You proposed this, or talk about it with who did."),
        Because.SIGNED_UP: _("You signed up for it."),
        Because.TAKEN_UP: _("You wrote what was taken up."),
        Because.BUILT: _("You prepare this workshop."),
        Because.DECIDED: _("Whoever wrote something is always told what is decided about it."),
    }
    fixed = because in (Because.DECIDED, Because.TAKEN_UP, Because.SIGNED_UP)
    return Why(sentences[because], "" if fixed else here)


def _because_of_circle(row: Notice, known: Known) -> Why:
    name = known.circles.get(row.because_id or 0)
    if name is None:
        # Opened to others since, and she has left: nothing of the circle is told any more.
        return Why(_("You were told of this when it was written."), "/account/watching")
    said = _("You are in the circle “%(name)s”.", name=name)
    return Why(said, f"/circles/{row.because_id}/watch")


def _gone() -> Why:
    return Why(_("You watched something this belongs to."), "/account/watching")


def _because_of_term(row: Notice, because: Because) -> Why:
    term = vocabulary().by_id.get(row.because_id or 0)
    if term is None:
        return _gone()
    ref = ref_of(vocabulary().resolved(term))
    if because is Because.KNOWS:
        said = _(
            "It is a question on “%(name)s”, which case notes of yours are about.", name=ref.name
        )
        return Why(said, "/account/watching")
    return Why(_("You watch the term “%(name)s”.", name=ref.name), f"{ref.href}/watch")


def _because_of_watch(row: Notice, because: Because, known: Known) -> Why:
    one = row.because_id or 0
    person, space = known.people.get(one), known.spaces.get(one)
    if because is Because.SPACE and space is not None:
        return Why(
            _("You watch the space “%(name)s”.", name=space.name), f"/spaces/{space.id}/watch"
        )
    if because is Because.PERSON and person is not None and person.active:
        return Why(_("You watch %(name)s.", name=person.name), f"/people/{person.handle}/watch")
    if because is Because.SEARCH and one in known.searches:
        address = known.searches[one]
        return Why(
            _("You watch the search “%(words)s”.", words=said_of(address)),
            f"/search/watch?{address}",
        )
    return _gone()
