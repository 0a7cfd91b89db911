"""What somebody is writing in a comment is kept while she types, and taken up again from the list of her drafts."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import DomainError, Invalid
from cop.entries import comment_policy, queries, saying
from cop.entries.comment_policy import CommentAct
from cop.entries.commenting import get_comment, place_of_talk, require_open
from cop.entries.forms import CommentForm
from cop.entries.keeping import opened
from cop.entries.models import Draft
from cop.people.sessions import current_viewer, login_required

bp = Blueprint("comment_drafts", __name__)


@bp.post("/entries/<int:entry_id>/comments/drafts")
@login_required
def autosave(entry_id: int) -> ResponseReturnValue:
    """Keep a comment while somebody writes it; answers the form's script."""
    form = CommentForm()
    entry = queries.get(current_viewer(), place_of_talk(current_viewer(), entry_id, form.answered))
    said: dict[str, Any] = saying.saved(form, entry)
    db.session.commit()
    return said


@bp.get("/drafts/comments/<int:draft_id>")
@login_required
def take_up(draft_id: int) -> ResponseReturnValue:
    """Go on writing a comment; where it cannot be published any more, its words are there to be copied."""
    draft = saying.draft(draft_id)
    try:
        return redirect(_place(draft), 303)
    except DomainError as error:
        form = opened(CommentForm, draft)
        why = error.message if isinstance(error, Invalid) else ""
        return render_template("entries/comment_kept.html", form=form, draft=draft, why=why)


def _place(draft: Draft) -> str:
    """Return where a draft is gone on with, or raise a DomainError that says why nowhere."""
    viewer = current_viewer()
    answers, edits = saying.place_of(draft)
    if edits:
        entry, comment = get_comment(viewer, edits)
        comment_policy.require(viewer, CommentAct.EDIT, comment, entry)
        return url_for("comments.edit", comment_id=comment.id, draft=draft.id)
    entry = queries.get(viewer, place_of_talk(viewer, draft.entry_id or 0, answers))
    require_open(viewer, entry)
    if answers:
        _entry, answered = get_comment(viewer, answers)
        comment_policy.require(viewer, CommentAct.ANSWER, answered, entry)
    return url_for("comments.new", entry_id=draft.entry_id, draft=draft.id, answer=answers or None)
