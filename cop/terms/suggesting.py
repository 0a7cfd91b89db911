"""A member suggests a term that a list lacks, or takes that back. Actor first, no commit."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.types import Texts
from cop.events.record import record
from cop.people.queries import MAX_ID
from cop.people.viewer import Viewer
from cop.terms.events import TermSuggested
from cop.terms.models import Suggestion, SuggestionState
from cop.terms.tending import DEFINITION_LIMIT, NAME_LIMIT, REASON_LIMIT
from cop.terms.vocabulary import vocabulary

#: Schemes nobody suggests terms of: what they hold is fixed by the forms, or by the state.
CLOSED = frozenset({"outcome", "evidence", "place"})
#: Suggestions of one person that wait at a time.
OPEN_LIMIT = 30


@dataclass(frozen=True)
class SuggestionDraft:
    """A term as a member suggests it."""

    scheme: str
    #: Its names in the languages she knows, at least one, and what is meant.
    name: Texts
    definition: Texts
    why: str
    draft_id: int | None = None
    entry_id: int | None = None
    tags_entry: bool = False


def open_schemes() -> list[str]:
    """Return the keys of the lists that members suggest terms for, in their order."""
    return [key for key in vocabulary().schemes if key not in CLOSED]


def suggest(*, by: Viewer, draft: SuggestionDraft, key: str) -> Suggestion:
    """Suggest a term; the same form sent twice makes one. Raises Invalid for what cannot be taken.

    Raises Conflict where the same form brought other words before: then both are wanted. The caller has checked
    that draft and entry are the actor's own.
    """
    if by.id is None:
        raise Forbidden(_l("Please sign in first."))
    if (made := _made(key)) is not None:
        return _sent_again(made, draft)
    _check(by, draft)
    row = Suggestion(
        key=key,
        scheme_id=vocabulary().schemes[draft.scheme].id,
        name=_said(draft.name),
        definition=_said(draft.definition),
        why=draft.why,
        author_id=by.id,
        draft_id=draft.draft_id,
        entry_id=draft.entry_id,
        tags_entry=draft.tags_entry,
        opened_at=clock.now(),
        state=SuggestionState.OPEN.value,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other was a little faster.
        other = _made(key)
        if other is None:
            raise
        return _sent_again(other, draft)
    record(TermSuggested(suggestion_id=row.id), actor_id=by.id)
    return row


def _made(key: str) -> Suggestion | None:
    return db.session.scalar(select(Suggestion).where(Suggestion.key == key))


def _sent_again(made: Suggestion, draft: SuggestionDraft) -> Suggestion:
    before = (made.scheme_id, made.name, made.definition, made.why)
    scheme = vocabulary().schemes.get(draft.scheme)
    now = (scheme and scheme.id, _said(draft.name), _said(draft.definition), draft.why)
    if before != now:
        raise Conflict(
            _l(
                "You have suggested this already, in other words. Send it again to suggest this too."
            )
        )
    return made


def _said(texts: Texts) -> dict[str, str]:
    return {lang: text for lang, text in texts.items() if text}


def _check(by: Viewer, draft: SuggestionDraft) -> None:
    if draft.scheme not in open_schemes():
        raise Invalid("scheme", _l("Choose the list it belongs to."))
    if not any(draft.name.values()):
        raise Invalid("name_zh", _l("Give it a name in at least one of the two languages."))
    for tag, lang in (("zh", "zh-Hans"), ("en", "en")):
        if len(draft.name.get(lang, "")) > NAME_LIMIT:
            sentence = _l(
                "This name is too long; %(limit)s characters are enough.", limit=NAME_LIMIT
            )
            raise Invalid(f"name_{tag}", sentence)
    if not any(draft.definition.values()):
        raise Invalid("definition", _l("Say in a sentence what is meant by it."))
    if any(len(text) > DEFINITION_LIMIT for text in draft.definition.values()):
        sentence = _l(
            "This definition is too long; at most %(limit)s characters fit.",
            limit=DEFINITION_LIMIT,
        )
        raise Invalid("definition", sentence)
    if not draft.why:
        raise Invalid("why", _l("Say in a line what you miss it for; the curator reads it."))
    if len(draft.why) > REASON_LIMIT:
        raise Invalid(
            "why", _l("One line is enough here: at most %(limit)s characters.", limit=REASON_LIMIT)
        )
    waiting = select(func.count()).where(
        Suggestion.author_id == by.id, Suggestion.state == SuggestionState.OPEN
    )
    if (db.session.scalar(waiting) or 0) >= OPEN_LIMIT:
        sentence = _l(
            "You have suggested %(limit)s terms that wait; let the curators decide first.",
            limit=OPEN_LIMIT,
        )
        raise Invalid("why", sentence)


def withdraw(*, by: Viewer, suggestion_id: int) -> Suggestion:
    """Take back what one has suggested; done twice, it stays taken back."""
    if not 0 < suggestion_id <= MAX_ID:
        raise NotFound
    row = db.session.get(Suggestion, suggestion_id, with_for_update=True)
    if row is None or row.author_id != by.id:
        raise NotFound
    if row.state == SuggestionState.WITHDRAWN:
        return row
    if not row.is_open:
        raise Conflict(_l("This suggestion has been decided meanwhile."))
    row.state, row.decided_at = SuggestionState.WITHDRAWN.value, clock.now()
    return row


def came_of(*, author_id: int, draft_id: int, entry_id: int) -> None:
    """Let suggestions made while a draft was written know what was published of it."""
    db.session.execute(
        update(Suggestion)
        .where(
            Suggestion.author_id == author_id,
            Suggestion.draft_id == draft_id,
            Suggestion.entry_id.is_(None),
        )
        .values(entry_id=entry_id)
    )
