"""What somebody is writing in a comment, an answer or a change of one is kept while she writes, and found again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _l
from cop.core.text import excerpt
from cop.entries import attaching, drafts, enclosing, keeping, queries
from cop.entries.cards import Heading, headings
from cop.entries.commenting import COMMENT_LIMIT, get_comment
from cop.entries.forms import CommentForm
from cop.entries.models import COMMENT_DRAFT, Draft, Entry
from cop.entries.thread import Talk
from cop.markup import mentions
from cop.people.sessions import current_viewer
from cop.web.forms import number_of

#: Characters that are kept of something that is too long to be published, so that it can be shortened later.
KEPT_LIMIT = 2 * COMMENT_LIMIT
#: Of what is said in the list of drafts.
_SHOWN = 160
_NOTHING = _l("Nothing to save.")


@dataclass(frozen=True)
class Row:
    """A comment somebody is writing, in the list of her drafts."""

    id: int
    #: What it is about, as far as she may read it (still).
    about: Heading | None
    words: str
    lang: str
    is_answer: bool
    is_change: bool
    at: datetime


def rows() -> list[Row]:
    """Return the comments the viewer is writing, the one last worked on first, in a fixed number of queries."""
    return rows_of(queries.drafts(current_viewer(), of_comments=True))


def rows_of(kept: Sequence[Draft]) -> list[Row]:
    """Return these drafts of comments as a list shows them to the viewer, who writes them."""
    if not kept:
        return []
    about = queries.in_order(current_viewer(), _entry_ids(kept))
    known = dict(zip((one.id for one in about), headings(about), strict=True))
    return [_row(draft, known.get(draft.entry_id or 0)) for draft in kept]


def _entry_ids(kept: Sequence[Draft]) -> list[int]:
    return list(dict.fromkeys(draft.entry_id for draft in kept if draft.entry_id))


def _row(draft: Draft, about: Heading | None) -> Row:
    answers, edits = place_of(draft)
    body = (draft.data.get("body") or [""])[0]
    told = mentions.rewritten(body, lambda _mentioned, name: f"@{name}")
    return Row(
        id=draft.id,
        about=about,
        words=excerpt(told, _SHOWN),
        lang=draft.lang,
        is_answer=bool(answers),
        is_change=bool(edits),
        at=draft.updated_at,
    )


def comment_form(talk: Talk) -> CommentForm | None:
    """Return the form at the foot of the comments, for who may add one: with what she was writing, else empty."""
    if not talk.may_comment:
        return None
    form = (kept_form(talk.entry.id) if talk.has_draft else None) or CommentForm.blank()
    if form.image_ids:
        form.pictures = form.shown_images(current_viewer())
    if form.enclosure_ids:
        form.papers = form.shown_enclosures(current_viewer())
    return form


def kept_form(
    entry_id: int, *, draft_id: int = 0, answers: int = 0, edits: int = 0
) -> CommentForm | None:
    """Return the form as the viewer left it last in this place, on whatever device; None where she left none.

    With `draft_id` it is this draft, or NotFound is raised.
    """
    if draft_id:
        return keeping.opened(CommentForm, draft(draft_id))
    found = next(iter(_drafts(entry_id, answers, edits)), None)
    return keeping.opened(CommentForm, found) if found is not None else None


def draft(draft_id: int) -> Draft:
    """Return one of the viewer's own drafts of comments, or raise NotFound."""
    found = queries.draft(current_viewer(), draft_id)
    if found.kind != COMMENT_DRAFT:
        raise NotFound
    return found


def _drafts(entry_id: int, answers: int, edits: int) -> list[Draft]:
    """Return the drafts of one place, the newest first; answers and changes are found wherever they stand now."""
    place = (answers, edits)
    kept = queries.drafts(current_viewer(), of_comments=True)
    return [
        one for one in kept if place_of(one) == place and (any(place) or one.entry_id == entry_id)
    ]


def place_of(draft: Draft) -> tuple[int, int]:
    """Return the comments that a draft answers and changes; 0 for none."""
    answers, edits = (number_of((draft.data.get(name) or [""])[0]) for name in ("answers", "edits"))
    return answers, edits


def saved(form: CommentForm, entry: Entry) -> dict[str, Any]:
    """Keep what is being written; return the answer to the editor's script. What says nothing is not kept.

    The view commits. Neither are words that were published meanwhile: a page somebody returns to brings them back.
    """
    if not (form.has_words or form.draft_id):
        raise Invalid("body", _NOTHING)
    if not form.has_words or form.was_answered() or _stands_already(form):
        drafts.discard_draft(by=current_viewer(), draft_id=form.draft_id, page=form.page)
        return {"message": str(_NOTHING), "fields": {"draft": "", "draft_seen": ""}}
    require_room(form)
    return keeping.saved(form, entry)


def require_room(form: CommentForm) -> None:
    """Raise Invalid where more was typed than is kept."""
    if len(form.body.data or "") > KEPT_LIMIT:
        limit = f"{KEPT_LIMIT:,}"
        message = _l("Not saved: at most %(limit)s characters are kept here.", limit=limit)
        raise Invalid("body", message)


def _stands_already(form: CommentForm) -> bool:
    """Tell whether a change is typed that was made already, or none."""
    if not form.edited:
        return False
    try:
        _entry, comment = get_comment(current_viewer(), form.edited)
    except NotFound:
        return False
    form.kept_images = attaching.images_of(comment)
    form.kept_files = enclosing.files_of(comment)
    words = mentions.stored(form.body.data or "")
    return words == comment.body and form.handed_in.shows == enclosing.shown_by(comment)


def published(form: CommentForm, entry_id: int) -> None:
    """Let the drafts of words go that were published just now; what another device wrote since stays."""
    by = current_viewer()
    drafts.discard_draft(by=by, draft_id=form.draft_id, page=form.page)
    for draft in _drafts(entry_id, form.answered, form.edited):
        if drafts.was_saved_by(draft, form.page):
            drafts.discard_draft(by=by, draft_id=draft.id)
