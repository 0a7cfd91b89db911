"""What curators make of suggested terms: take one into the list, name one that says the same, decline. No commit."""

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, DomainError, Forbidden, Invalid
from cop.core.i18n import _, _l, pick, speaking
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, NameMask
from cop.events.record import record
from cop.people.models import User
from cop.people.queries import viewer_of
from cop.people.viewer import Viewer
from cop.suggestions import queries
from cop.terms import tending
from cop.terms.events import SuggestionDecided
from cop.terms.models import Suggestion, SuggestionState
from cop.terms.operations import require_keeper
from cop.terms.tending import REASON_LIMIT, TermEdit
from cop.terms.vocabulary import TermView, vocabulary


def accept(*, by: Viewer, suggestion_id: int, edit: TermEdit, reason: str = "") -> TermView:
    """Take a term into the list as the curator words it; what asked for it carries it, where its author agreed.

    Raises Invalid for what no term can be called.
    """
    row = _open(by, suggestion_id)
    term = tending.add_term(by=by, scheme=queries.scheme_of(row).key, edit=edit, reason=reason)
    _decide(by, row, SuggestionState.ACCEPTED, reason, term)
    _tag_what_asked(row, term)
    return term


def name_duplicate(*, by: Viewer, suggestion_id: int, term: str, reason: str = "") -> TermView:
    """Say which term says the same already; the asker is offered it for what she wrote."""
    row = _open(by, suggestion_id)
    found = vocabulary().by_key.get(term)
    if found is None:
        raise Invalid("same", _l("Choose the term that says the same."))
    living = vocabulary().resolved(found)
    _decide(by, row, SuggestionState.DUPLICATE, reason, living)
    return living


def decline(*, by: Viewer, suggestion_id: int, reason: str) -> Suggestion:
    """Decline a term with a reason, which the asker reads."""
    row = _open(by, suggestion_id)
    if not reason:
        raise Invalid("reason", _l("Say why: who suggested it reads it."))
    return _decide(by, row, SuggestionState.DECLINED, reason)


def tag_own(*, by: Viewer, suggestion_id: int) -> Entry:
    """Let what one wrote carry the term that came of one's suggestion; done twice, it carries it once."""
    row = queries.get(by, suggestion_id)
    term = queries.term_of(row)
    if row.author_id != by.id or term is None or not row.entry_id:
        raise Forbidden(_l("There is nothing of yours that could carry it."))
    entry = entries.get(by, row.entry_id)
    _tag(by, entry, term)
    return entry


def tag(*, by: Viewer, entry_id: int, term: TermView) -> None:
    """Let an entry that one may edit carry a term; what carries it already stays as it is."""
    _tag(by, entries.get(by, entry_id), term)


def _open(by: Viewer, suggestion_id: int) -> Suggestion:
    require_keeper(by)
    row = queries.get(by, suggestion_id, to_change=True)
    if not row.is_open:
        raise Conflict(_l("This suggestion has been decided meanwhile."))
    return row


def _decide(
    by: Viewer,
    row: Suggestion,
    state: SuggestionState,
    reason: str,
    term: TermView | None = None,
) -> Suggestion:
    if len(reason) > REASON_LIMIT:
        sentence = _l("One line is enough here: at most %(limit)s characters.", limit=REASON_LIMIT)
        raise Invalid("reason", sentence)
    row.state, row.reason = state.value, reason
    row.decided_at, row.decided_by_id = clock.now(), by.id
    row.term_id = term.id if term is not None else None
    told = row.author_id if row.author_id != by.id else None
    record(SuggestionDecided(suggestion_id=row.id, state=state.value, user_id=told), actor_id=by.id)
    db.session.flush()
    return row


def _tag_what_asked(row: Suggestion, term: TermView) -> None:
    """Tag the entry that asked, as its author; where that cannot be done now, she is offered it instead.

    Never an unnamed one: a curator who knows who suggested the term would learn whose it is.
    """
    author = db.session.get(User, row.author_id) if row.author_id else None
    if not row.tags_entry or not row.entry_id or author is None or not author.active:
        return
    by = viewer_of(author)
    try:
        with db.session.begin_nested():
            entry = entries.get(by, row.entry_id)
            if entry.name_mask == NameMask.SHOWN.value:
                _tag(by, entry, term)
    except DomainError:
        return


def _tag(by: Viewer, entry: Entry, term: TermView) -> None:
    tag = KINDS[entry.kind].tag
    if tag is None:
        return
    lang = Lang(entry.lang)
    with speaking(lang):
        note = _("Term added: “%(name)s”", name=pick(term.name, lang)[0])
    tag(by=by, entry_id=entry.id, term=term.key, note=note)
