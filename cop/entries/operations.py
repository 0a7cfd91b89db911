"""What can be done to any entry: publish, add a language, revise, suppress, withdraw, hide. Actor first, no commit."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries import (
    attaching,
    cases,
    enclosing,
    events,
    mentions,
    opening,
    policy,
    queries,
    reasons,
    significance,
)
from cop.entries.cases import Decided, Why
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.kinds import KINDS
from cop.entries.masking import mask_elsewhere
from cop.entries.models import Entry, NameMask, Revision, Status, Text, Visibility
from cop.entries.policy import Act
from cop.entries.significance import UNSAID, Change
from cop.entries.telling import first_text, next_revision
from cop.entries.titles import keep_titles
from cop.events.record import record
from cop.people import standing
from cop.people.viewer import Viewer

#: Longest title, in characters: two lines on a phone in either script, with room.
TITLE_LIMIT = 160
#: Longest section, in characters: some twenty printed pages, and below what the renderer takes as plain text.
SECTION_LIMIT = 40_000


def fresh_key() -> str:
    """Return a random import key: `e-` and 12 base32 characters."""
    return "e-" + base64.b32encode(secrets.token_bytes(8)).decode().lower()[:12]


def key_of_form(viewer: Viewer, form_key: str) -> str:
    """Return the entry key that belongs to one opened form, so that sending it twice makes one entry."""
    made = hashlib.sha256(f"{viewer.id}:{form_key}".encode()).digest()
    return "e-" + base64.b32encode(made).decode().lower()[:12]


def once(key: str | None, make: Callable[[], Entry]) -> Entry:
    """Return what `make` made, or what the same form, sent at the same moment and a little faster, made under `key`."""
    try:
        with db.session.begin_nested():
            return make()
    except IntegrityError:
        made = queries.by_key(key) if key is not None else None
        if made is None:
            raise
        return made


def create(
    *,
    by: Viewer,
    kind: str,
    author_id: int | None,
    texts: tuple[TextDraft, ...],
    facts: Json,
    signature: Signature,
    origin: Origin,
) -> Entry:
    """Publish a new entry with its first texts; the kind adds its facts in the same transaction."""
    policy.require_member(by)
    now = clock.now()
    published = origin.published_at or now
    circle_id = opening.circle_of(by, signature)
    public = signature.visibility is Visibility.PUBLIC
    status = Status.HELD if standing.must_wait(by, public=public) else Status.PUBLISHED
    entry = Entry(
        kind=kind,
        key=origin.key or fresh_key(),
        author_id=author_id,
        status=status.value,
        visibility=signature.visibility.value,
        circle_id=circle_id,
        audience=policy.audience_of(status, signature.visibility, circle_id),
        opened_to=signature.visibility.value if status is Status.PUBLISHED else "",
        name_mask=signature.name_mask.value,
        written_by=origin.written_by,
        reviewed_by_organisations=origin.reviewed_by_organisations,
        lang=texts[0].lang.value,
        created_at=now,
        published_at=published,
        active_at=published,
        import_sha256=origin.import_sha256,
    )
    db.session.add(entry)
    db.session.flush()
    for draft in texts:
        told = mentions.taken_draft(by, entry, draft)
        first_text(by=by, entry=entry, draft=told, facts=facts)
    enclosing.show(by=by, entry=entry, facts=facts)
    if status is Status.HELD:
        _wait(by, entry)
    else:
        record(events.EntryPublished(entry_id=entry.id, kind=kind), actor_id=by.id)
    return entry


def _wait(by: Viewer, entry: Entry) -> None:
    """Ask the moderators to look at what waits for them."""
    cases.open_case(entry, None, Why.HELD)
    record(events.EntryHeld(entry_id=entry.id), actor_id=by.id)


def add_text(*, by: Viewer, entry: Entry, draft: TextDraft, facts: Json) -> Text:
    """Tell an entry in one more language; raise Invalid where it is told in that language already."""
    entry = queries.get(by, entry.id, to_change=True)
    policy.require(by, Act.REVISE, entry)
    _require_at_once(by, entry)
    if db.session.scalar(select(Text.id).where(Text.entry_id == entry.id, Text.lang == draft.lang)):
        raise Invalid(
            "lang", _l("This already has a text in that language; edit that one instead.")
        )
    told = mentions.taken_draft(by, entry, draft, _said_in(entry))
    text = first_text(by=by, entry=entry, draft=told, facts=facts)
    if facts.get("images") or facts.get("files"):
        # They are described in this language, too.
        enclosing.show(by=by, entry=entry, facts=facts)
    touch(entry)
    record(events.TextAdded(entry_id=entry.id, lang=draft.lang.value), actor_id=by.id)
    return text


def _said_in(entry: Entry) -> dict[str, str]:
    """Return all that the tellings of an entry say now."""
    told = (queries.current(text) for text in entry.texts)
    return {f"{one.text_id}.{key}": source for one in told for key, source in one.sections.items()}


def publish_revision(
    *,
    by: Viewer,
    entry: Entry,
    text: Text,
    draft: TextDraft,
    facts: Json,
    change: Change = UNSAID,
    restored_number: int | None = None,
    act: Act = Act.REVISE,
) -> Revision:
    """Make a new published revision of a text. The caller has merged and checked what it holds."""
    policy.require(by, act, entry)
    _require_at_once(by, entry)
    if change.significance:
        significance.check(change.significance)
    if restored_number is not None:
        change = replace(change, significance=_of_restoring(text, restored_number))
    revision = next_revision(by=by, entry=entry, text=text, draft=draft, facts=facts, change=change)
    revision.restored_number = restored_number
    enclosing.show(by=by, entry=entry, facts=facts)
    touch(entry)
    record(
        events.EntryRevised(entry_id=entry.id, lang=text.lang, number=text.number), actor_id=by.id
    )
    return revision


def _of_restoring(text: Text, number: int) -> str:
    undone = select(Revision.significance).where(
        Revision.text_id == text.id, Revision.number > number
    )
    return significance.of_restoring(db.session.scalars(undone).all()).value


def _require_at_once(by: Viewer, entry: Entry) -> None:
    if entry.status == Status.PUBLISHED:
        standing.require_at_once(by, public=entry.visibility == Visibility.PUBLIC)


def sign(*, by: Viewer, entry: Entry, signature: Signature) -> bool:
    """Change who may read an entry and which name stands under it; return whether anything changed."""
    policy.require(by, Act.REVISE, entry)
    if opening.is_signed_so(entry, signature):
        return False
    narrowed = (entry.visibility, signature.visibility) == (Visibility.PUBLIC, Visibility.MEMBERS)
    taken_off = entry.name_mask != signature.name_mask == NameMask.UNNAMED
    opening.change_readers(by, entry, signature)
    entry.name_mask = signature.name_mask.value
    public = signature.visibility is Visibility.PUBLIC
    if public and entry.status == Status.PUBLISHED and standing.must_wait(by, public=True):
        # What only members could read is a first public item all the same.
        set_status(entry, Status.HELD)
        _wait(by, entry)
    else:
        set_status(entry, Status(entry.status))
    mask_elsewhere(entry)
    if narrowed and entry.status == Status.PUBLISHED:
        record(events.EntryNarrowed(entry_id=entry.id), actor_id=by.id)
    if taken_off and entry.status == Status.PUBLISHED:
        record(events.NameTakenOff(entry_id=entry.id), actor_id=by.id)
    return True


def changed_without_text(*, by: Viewer, entry: Entry, text: Text) -> None:
    """Say that visibility or signature changed while the words stayed."""
    event = events.EntryRevised(entry_id=entry.id, lang=text.lang, number=text.number, words=False)
    record(event, actor_id=by.id)


def suppress(*, by: Viewer, entry_id: int, revision_id: int, reason: str) -> Revision:
    """Empty an earlier revision: its number, date, reason and hash stay, its words go from everywhere."""
    entry = queries.get(by, entry_id, to_change=True)
    policy.require(by, Act.SUPPRESS, entry)
    text, revision = queries.revision_by_id(entry, revision_id)
    if revision.number == text.number:
        raise Invalid(
            "reason",
            _l(
                "This is the text people read now. Edit it first; then the earlier version can be removed."
            ),
        )
    if revision.suppressed_at is not None:
        return revision
    revision.title, revision.sections, revision.facts, revision.html, revision.note = (
        "",
        {},
        {},
        {},
        "",
    )
    revision.suppressed_at = clock.now()
    keep_titles(entry, text)
    attaching.let_go(entry)
    revision.suppressed_by_id = by.id
    revision.suppressed_reason = reasons.checked(reason).words
    touch(entry)
    record(
        events.RevisionSuppressed(
            entry_id=entry.id,
            lang=text.lang,
            number=revision.number,
            reason=revision.suppressed_reason,
        ),
        actor_id=by.id,
    )
    return revision


def withdraw(*, by: Viewer, entry_id: int) -> Entry:
    """Take one's own entry back: a tombstone stays where it was. Once is enough, as with the acts below."""
    entry = queries.get(by, entry_id, to_change=True)
    if policy.is_done(by, Act.WITHDRAW, entry):
        return entry
    policy.require(by, Act.WITHDRAW, entry)
    set_status(entry, Status.WITHDRAWN)
    record(events.EntryWithdrawn(entry_id=entry.id), actor_id=by.id)
    return entry


def give_back(*, by: Viewer, entry_id: int) -> Entry:
    """Publish one's own withdrawn entry again."""
    entry = queries.get(by, entry_id, to_change=True)
    if policy.is_done(by, Act.RETURN, entry):
        return entry
    policy.require(by, Act.RETURN, entry)
    if entry.opened_to != entry.visibility and standing.must_wait(
        by, public=entry.visibility == Visibility.PUBLIC
    ):
        # It waited when it was withdrawn.
        set_status(entry, Status.HELD)
        _wait(by, entry)
        return entry
    publish(entry)
    record(events.EntryReturned(entry_id=entry.id), actor_id=by.id)
    return entry


def hide(*, by: Viewer, entry_id: int, reason: str, ready: str = "") -> Entry:
    """Hide an entry from everybody but its author and the moderators, for a reason (see `reasons`)."""
    entry = queries.get(by, entry_id, to_change=True)
    if policy.is_done(by, Act.HIDE, entry):
        return entry
    policy.require(by, Act.HIDE, entry)
    why = reasons.checked(reason, ready)
    set_status(entry, Status.HIDDEN)
    cases.settle(by=by, act=Decided.HIDE, reason=why, entry=entry)
    event = events.EntryHidden(entry_id=entry.id, reason=why.words, ready=why.ready)
    record(event, actor_id=by.id)
    return entry


def unhide(*, by: Viewer, entry_id: int, reason: str, ready: str = "") -> Entry:
    """Show a hidden entry again, for a reason."""
    entry = queries.get(by, entry_id, to_change=True)
    if policy.is_done(by, Act.UNHIDE, entry):
        return entry
    policy.require(by, Act.UNHIDE, entry)
    why = reasons.checked(reason, ready)
    publish(entry)
    cases.settle(by=by, act=Decided.UNHIDE, reason=why, entry=entry)
    event = events.EntryUnhidden(entry_id=entry.id, reason=why.words, ready=why.ready)
    record(event, actor_id=by.id)
    return entry


def publish(entry: Entry) -> None:
    """Let those read an entry it is meant for; what nobody could read before is published now."""
    if not entry.opened_to:
        entry.published_at = clock.now()
        record(events.EntryPublished(entry_id=entry.id, kind=entry.kind), actor_id=entry.author_id)
    set_status(entry, Status.PUBLISHED)


def set_status(entry: Entry, status: Status) -> None:
    """Put an entry where it is in its life, with who may read it then."""
    status = Status.MERGED if status is Status.PUBLISHED and entry.merged_into_id else status
    if status is Status.PUBLISHED and entry.opened_to != Visibility.PUBLIC:
        entry.opened_to = entry.visibility
    entry.status = status.value
    entry.audience = policy.audience_of(status, entry.visibility, entry.circle_id)
    touch(entry)


def touch(entry: Entry) -> None:
    """Note that pages and the index could show something new of an entry."""
    entry.version += 1
    entry.active_at = clock.now()
    follow = KINDS[entry.kind].follow
    if follow is not None:
        follow(entry)
