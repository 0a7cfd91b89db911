"""Pages of moderators who join and split discussions, and the way from an old address to the new one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import Moved
from cop.core.i18n import _, current_lang
from cop.discussions import joining, queries as discussions, rearranged, splitting, undoing
from cop.discussions.operations import KIND
from cop.discussions.rearranging_forms import MergeForm, SplitForm
from cop.discussions.similar import similar
from cop.entries import policy, queries, thread
from cop.entries.comment_views import place_of
from cop.entries.commenting import get_comment
from cop.entries.forms import ReasonForm
from cop.entries.kinds import KINDS
from cop.entries.models import Comment, CommentStatus, Entry
from cop.entries.pages import TALK_ARGS, reading
from cop.entries.policy import Act
from cop.entries.thread import Asked
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, login_required
from cop.web.addresses import kept_args
from cop.web.csrf import form_says_expired

bp = Blueprint("rearranging", __name__)


@bp.app_errorhandler(Moved)
def moved(error: Moved) -> ResponseReturnValue:
    """Lead from the address of what was joined with another entry to that one, for ever.

    A browser asks again each time: within a day a joining can be made undone.
    """
    db.session.rollback()
    entry = queries.get(current_viewer(), error.entry_id)
    if request.method not in ("GET", "HEAD"):
        if entry.kind == KIND:
            flash(_("This was joined with another discussion meanwhile. You see that one now."))
        else:
            flash(_("This was joined with another page meanwhile. You see that one now."))
        return redirect(url_of(entry), 303)
    wanted = request.args.get("comment", type=int)
    said = db.session.get(Comment, wanted) if wanted and 0 < wanted <= queries.MAX_ID else None
    kept = kept_args("text", *(TALK_ARGS if said and said.entry_id == entry.id else ()))
    text = queries.text_for(entry, current_lang())
    address = url_for(KINDS[entry.kind].endpoint, entry_id=entry.id, slug=text.slug, **kept)
    answer = redirect(address, 301)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.route("/discussions/<int:entry_id>/merge", methods=["GET", "POST"])
@login_required
@form_says_expired
def merge(entry_id: int) -> ResponseReturnValue:
    """Join a discussion with another one, for a reason (moderators)."""
    viewer = current_viewer()
    policy.require(viewer, Act.ARRANGE, _standing(entry_id))
    form = MergeForm()
    if form.validate_on_submit():
        with form.showing_errors():
            row = joining.merge(
                by=viewer,
                entry_id=entry_id,
                into_id=form.into_id,
                reason=form.reason.data or "",
            )
            db.session.commit()
            flash(_("They are one discussion now. For a day you can make this undone."))
            return redirect(url_of(queries.get(viewer, row.target_id)), 303)
    entry = _standing(entry_id)
    text = queries.text_for(entry, current_lang())
    body = render_template(
        "discussions/merge.html",
        page=reading(viewer, entry, text, queries.current(text)),
        form=form,
        alike=similar(viewer, text.title, but=entry.id),
        href=url_of(entry, text),
    )
    return body, 422 if request.method == "POST" else 200


def _standing(entry_id: int) -> Entry:
    """Return a discussion that stands by itself; raise Moved for one that was joined, also to who reads it still."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    if entry.merged_into_id is not None:
        raise Moved(queries.get(viewer, entry.merged_into_id).id)
    return entry


@bp.route("/comments/<int:comment_id>/split", methods=["GET", "POST"])
@login_required
@form_says_expired
def split(comment_id: int) -> ResponseReturnValue:
    """Move a reply, with others of its discussion, to another one, for a reason (moderators)."""
    viewer = current_viewer()
    entry, comment = get_comment(viewer, comment_id)
    entry = _standing(entry.id)
    policy.require(viewer, Act.ARRANGE, entry)
    form = SplitForm()
    if form.validate_on_submit():
        with form.showing_errors():
            if (earlier := form.earlier_answer()) is not None:
                return redirect(earlier, 303)
            row = splitting.split(
                by=viewer,
                entry_id=form.source_id or entry.id,
                choice=form.choice,
                to=form.to,
                reason=form.reason.data or "",
            )
            url = form.settle(url_of(queries.get(viewer, row.target_id)))
            db.session.commit()
            flash(_("The replies are moved. For a day you can make this undone."))
            return redirect(url, 303)
    entry, comment = get_comment(viewer, comment_id)
    form.source.data = str(entry.id)
    # What begins a discussion by now is no reply of it.
    begins = comment.status == CommentStatus.OPENING
    text = queries.text_for(entry, current_lang())
    body = render_template(
        "discussions/split.html",
        page=reading(viewer, entry, text, queries.current(text)),
        form=form,
        talk=thread.talk(viewer, entry, Asked(comment=None if begins else comment.id)),
        chosen=set(form.replies.data or [str(comment.id)]),
        facts=discussions.shown(viewer, entry),
        spaces=discussions.all_spaces(),
        href=place_of(entry, comment),
    )
    return body, 422 if request.method == "POST" else 200


@bp.route("/rearrangements/<int:rearrangement_id>/undoing", methods=["GET", "POST"])
@login_required
@form_says_expired
def undo(rearrangement_id: int) -> ResponseReturnValue:
    """Make a joining or a split undone, for a reason (moderators)."""
    viewer = current_viewer()
    row = undoing.get(viewer, rearrangement_id)
    target_id, source_id = row.target_id, row.source_id
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            undoing.undo(
                by=viewer, rearrangement_id=rearrangement_id, reason=form.reason.data or ""
            )
            db.session.commit()
            flash(_("It is undone."))
            return redirect(url_of(queries.get(viewer, source_id)), 303)
    entry = _standing(target_id)
    text = queries.text_for(entry, current_lang())
    lines = rearranged.happened(viewer, entry)
    body = render_template(
        "discussions/undo.html",
        page=reading(viewer, entry, text, queries.current(text)),
        form=form,
        line=next((line for line in lines if line.id == rearrangement_id), None),
        href=url_of(entry, text),
    )
    return body, 422 if request.method == "POST" else 200
