"""Pages of comments: write one, answer, edit, take back; moderators remove, show again, lock and unlock."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.core.db import db
from cop.core.errors import DomainError, Gone, Invalid, NotFound
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import (
    attaching,
    comment_history,
    comment_policy,
    commenting,
    enclosing,
    mentions,
    policy,
    queries,
    saying,
    thread,
)
from cop.entries.comment_policy import CommentAct
from cop.entries.commenting import COMMENT_LIMIT, get_comment, place_of_talk
from cop.entries.forms import CommentForm, ConfirmForm, ReasonForm
from cop.entries.image_forms import is_adding
from cop.entries.image_views import take_files
from cop.entries.keeping import kept_or_previewed
from cop.entries.mention_views import say_who_was_left_out
from cop.entries.models import Comment, CommentStatus, Entry
from cop.entries.pages import reading
from cop.entries.policy import Act
from cop.entries.quoting import quotation
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, login_required
from cop.people.tries import headers, showing_limits
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text
from cop.web.limits import limit
from cop.web.uploads import takes_files

bp = Blueprint("comments", __name__)

#: Comments one person posts or edits; a lively evening stays far below it.
RATE = "60/10minutes"


def place_of(entry: Entry, comment: Comment) -> str:
    """Return the address of a comment where it stands; one that begins a discussion is that discussion."""
    base = url_of(entry)
    if comment.status == CommentStatus.OPENING:
        return base
    mark = "&" if "?" in base else "?"
    return f"{base}{mark}comment={comment.id}#comment-{comment.id}"


@bp.get("/comments/<int:comment_id>")
def show(comment_id: int) -> ResponseReturnValue:
    """Lead to a comment in its place."""
    entry, comment = get_comment(current_viewer(), comment_id)
    return redirect(place_of(entry, comment), 302)


@bp.get("/entries/<int:entry_id>/comments/new")
@login_required
@keeps_typed_text
def new(entry_id: int) -> ResponseReturnValue:
    """The form for a comment, or for an answer to one, with its words quoted where that is wished."""
    viewer = current_viewer()
    answered = request.args.get("answer", type=int)
    entry = queries.get(viewer, place_of_talk(viewer, entry_id, answered or 0))
    draft_id = request.args.get("draft", 0, type=int)
    kept = saying.kept_form(entry_id, draft_id=draft_id, answers=answered or 0)
    form = kept or CommentForm(None)
    if answered:
        found = _on(entry, answered)
        comment_policy.require(viewer, CommentAct.ANSWER, found, entry)
        form.answers.data = str(found.id)
        if request.args.get("quote"):
            _add_quotation(form, quotation(viewer, entry, found, request.args.get("marked", "")))
    else:
        policy.require(viewer, Act.COMMENT, entry)
    return _writing(form, entry)


def _add_quotation(form: CommentForm, quoted: str) -> None:
    """Put a quotation below what was written already, once."""
    written = form.body.data or ""
    if quoted.strip() not in written:
        form.body.data = f"{written.rstrip()}\n\n{quoted}".lstrip()


def _on(entry: Entry, comment_id: int) -> Comment:
    """Return a comment on this entry with its author, or raise NotFound."""
    _entry, found = get_comment(current_viewer(), comment_id)
    if found.entry_id != entry.id:
        raise NotFound
    return found


@bp.post("/entries/<int:entry_id>/comments/")
@takes_files
@login_required
@form_says_expired
@keeps_typed_text
def create(entry_id: int) -> ResponseReturnValue:
    """Publish a comment, or show the form again with a sentence and everything typed."""
    viewer = current_viewer()
    form = CommentForm()
    reached: dict[str, int] = {}
    take_files(form)
    try:
        # It may have been joined with another one, or split, since the form was opened.
        entry_id = place_of_talk(viewer, entry_id, form.answered)
        entry = queries.get(viewer, entry_id)
        if request.form.get("act") == "draft":
            return _kept_as_draft(form, entry)
        if not form.validate() or _only_looking() or not form.is_whole():
            return _writing(form, entry), 422 if form.has_errors else 200
        with form.showing_errors(), showing_limits(form) as reached:
            if (earlier := form.earlier_answer()) is not None:
                return redirect(earlier, 303)
            limit("comment", RATE, key=str(viewer.id))
            made = commenting.post_comment(by=viewer, entry_id=entry_id, draft=form.handed_in)
            url = form.settle(place_of(queries.get(viewer, entry_id), made))
            entry = queries.get(viewer, entry_id)
            say_who_was_left_out(entry, {"": form.body.data or ""}, {"": made.body})
            saying.published(form, entry.id)
            db.session.commit()
            return redirect(url, 303)
        if form.answered and _was_taken_away(form.answered):
            form.answers.data = ""
        return _writing(form, queries.get(viewer, entry_id)), _refused(reached), headers(reached)
    except (NotFound, Gone) as error:
        return _kept(form, error)


def _kept_as_draft(
    form: CommentForm, entry: Entry, comment: Comment | None = None
) -> ResponseReturnValue:
    """Keep what was typed for later, for those without script."""
    try:
        saying.require_room(form)
    except Invalid as error:
        form.put_error(error.field, error.message)
        return _writing(form, entry, comment), 422
    return kept_or_previewed(
        form, entry, show=lambda **_: _writing(form, entry, comment), preview=dict
    )


def _only_looking() -> bool:
    """Tell whether a button was pressed that publishes nothing."""
    return request.form.get("act") == "preview" or is_adding()


def _was_taken_away(comment_id: int) -> bool:
    viewer = current_viewer()
    entry, found = get_comment(viewer, comment_id)
    return not comment_policy.may(viewer, CommentAct.ANSWER, found, entry) and policy.may(
        viewer, Act.COMMENT, entry
    )


def _refused(reached: dict[str, int]) -> int:
    return 429 if reached else 422


def _kept(form: CommentForm, error: DomainError) -> ResponseReturnValue:
    """Show what was typed where the entry is not there (any more) for its writer, and nothing of the entry."""
    db.session.rollback()
    if not form.body.data:
        raise error
    return render_template("entries/comment_kept.html", form=form), (
        410 if isinstance(error, Gone) else 404
    )


def _writing(form: CommentForm, entry: Entry, comment: Comment | None = None) -> str:
    """Show the form of a comment on its own page: a new one, an answer, or (with `comment`) an edit."""
    viewer = current_viewer()
    text = queries.text_for(entry, current_lang())
    answered = _on(entry, form.answered) if form.answered else None
    preview = ""
    if request.form.get("act") == "preview":
        typed = (form.body.data or "")[: COMMENT_LIMIT + 1]
        preview = mentions.shown(viewer, entry, markup.render(typed).html)
    return render_template(
        "entries/comment_edit.html",
        form=form,
        entry=entry,
        text=text,
        href=url_of(entry, text) if comment is None else place_of(entry, comment),
        comment=comment,
        answered=thread.one(viewer, entry, answered) if answered else None,
        preview=preview,
        images=form.shown_images(viewer),
        enclosures=form.shown_enclosures(viewer),
        kept_at=form.draft_at,
        autosave=url_for(
            "comment_drafts.autosave",
            entry_id=entry.id,
            answer=form.answered or None,
            edit=comment.id if comment else None,
        ),
        action=url_for("comments.create", entry_id=entry.id)
        if comment is None
        else url_for("comments.update", comment_id=comment.id),
    )


@bp.get("/comments/<int:comment_id>/edit")
@login_required
@keeps_typed_text
def edit(comment_id: int) -> ResponseReturnValue:
    """The form for one's own comment."""
    viewer = current_viewer()
    entry, comment = get_comment(viewer, comment_id)
    comment_policy.require(viewer, CommentAct.EDIT, comment, entry)
    body = mentions.names(viewer, entry, [comment.body]).source(comment.body)
    draft_id = request.args.get("draft", 0, type=int)
    form = saying.kept_form(entry.id, draft_id=draft_id, edits=comment.id)
    if form is None:
        told = {"body": body, "lang": Lang(comment.lang).tag, "base": str(comment.number)}
        form = CommentForm(None, data={**told, "edits": str(comment.id)})
        form.put_images(attaching.images_of(comment), Lang(comment.lang))
        form.put_enclosures(enclosing.files_of(comment), Lang(comment.lang))
    return _writing(form, entry, comment)


@bp.post("/comments/<int:comment_id>/edit")
@takes_files
@login_required
@form_says_expired
@keeps_typed_text
def update(comment_id: int) -> ResponseReturnValue:
    """Let one's own comment say something else."""
    viewer = current_viewer()
    form = CommentForm()
    form.answers.data, form.edits.data = "", str(comment_id)
    reached: dict[str, int] = {}
    take_files(form)
    try:
        entry, comment = get_comment(viewer, comment_id)
        form.kept_images = attaching.images_of(comment)
        form.kept_files = enclosing.files_of(comment)
        if request.form.get("act") == "draft":
            return _kept_as_draft(form, entry, comment)
        if not form.validate() or _only_looking() or not form.is_whole():
            return _writing(form, entry, comment), 422 if form.has_errors else 200
        with form.showing_conflicts(), showing_limits(form) as reached:
            limit("comment", RATE, key=str(viewer.id))
            edited = commenting.edit_comment(
                by=viewer, comment_id=comment_id, base=form.base_number, draft=form.handed_in
            )
            url = place_of(*get_comment(viewer, comment_id))
            say_who_was_left_out(entry, {"": form.body.data or ""}, {"": edited.body})
            saying.published(form, entry.id)
            db.session.commit()
            return redirect(url, 303)
        entry, comment = get_comment(viewer, comment_id)
        if form.status == 409:
            form.base.data = str(comment.number)
        return _writing(form, entry, comment), 429 if reached else form.status, headers(reached)
    except (NotFound, Gone) as error:
        return _kept(form, error)


@bp.get("/comments/<int:comment_id>/history")
def history(comment_id: int) -> ResponseReturnValue:
    """What a comment said before it was edited."""
    viewer = current_viewer()
    entry, comment = get_comment(viewer, comment_id)
    if not comment_policy.may(viewer, CommentAct.READ, comment, entry):
        raise NotFound
    return render_template(
        "entries/comment_history.html",
        said=thread.one(viewer, entry, comment),
        rows=comment_history.history(viewer, entry, comment),
        entry=entry,
        text=queries.text_for(entry, current_lang()),
        href=place_of(entry, comment),
    )


@bp.route("/comments/<int:comment_id>/deletion", methods=["GET", "POST"])
@login_required
@form_says_expired
def delete(comment_id: int) -> ResponseReturnValue:
    """Take one's own comment back."""
    return _act_on(comment_id, CommentAct.DELETE)


@bp.route("/comments/<int:comment_id>/removal", methods=["GET", "POST"])
@login_required
@form_says_expired
def remove(comment_id: int) -> ResponseReturnValue:
    """Take a comment away, for a reason (moderators)."""
    return _act_on(comment_id, CommentAct.REMOVE)


@bp.route("/comments/<int:comment_id>/showing", methods=["GET", "POST"])
@login_required
@form_says_expired
def show_again(comment_id: int) -> ResponseReturnValue:
    """Show a removed comment again, for a reason (moderators)."""
    return _act_on(comment_id, CommentAct.SHOW)


def _act_on(comment_id: int, act: CommentAct) -> ResponseReturnValue:
    viewer = current_viewer()
    entry, comment = get_comment(viewer, comment_id)
    form: Any = ConfirmForm() if act is CommentAct.DELETE else ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            never_shown = comment.status == CommentStatus.HELD
            said = _do(act, comment_id, form)
            db.session.commit()
            flash(_("It is deleted.") if never_shown else said)
            href = url_of(entry) if never_shown else place_of(*get_comment(viewer, comment_id))
            return redirect(href, 303)
    # Read anew: an error rolled back what was loaded.
    entry, comment = get_comment(viewer, comment_id)
    comment_policy.require(viewer, act, comment, entry)
    text = queries.text_for(entry, current_lang())
    body = render_template(
        "entries/comment_act.html",
        page=reading(viewer, entry, text, queries.current(text)),
        said=thread.one(viewer, entry, comment),
        form=form,
        asked=act.value,
        href=place_of(entry, comment),
    )
    return body, 422 if request.method == "POST" else 200


def _do(act: CommentAct, comment_id: int, form: Any) -> str:
    viewer = current_viewer()
    if act is CommentAct.DELETE:
        commenting.delete_comment(by=viewer, comment_id=comment_id)
        return _("It is deleted. A trace without words stays in its place.")
    reason = form.reason.data or ""
    if act is CommentAct.REMOVE:
        commenting.remove_comment(by=viewer, comment_id=comment_id, reason=reason)
        return _("It is removed. Its author still reads it, with your reason.")
    commenting.show_comment(by=viewer, comment_id=comment_id, reason=reason)
    return _("It is shown again.")


@bp.route("/entries/<int:entry_id>/locking", methods=["GET", "POST"])
@login_required
@form_says_expired
def lock(entry_id: int) -> ResponseReturnValue:
    """Take no further comments on an entry, for a reason (moderators)."""
    return _lock(entry_id, Act.LOCK)


@bp.route("/entries/<int:entry_id>/unlocking", methods=["GET", "POST"])
@login_required
@form_says_expired
def unlock(entry_id: int) -> ResponseReturnValue:
    """Take comments again, for a reason (moderators)."""
    return _lock(entry_id, Act.UNLOCK)


def _lock(entry_id: int, act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id)
    if policy.is_done(viewer, act, entry):
        flash(_("This is locked already.") if act is Act.LOCK else _("This is open already."))
        return redirect(url_of(entry), 303)
    policy.require(viewer, act, entry)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            reason = form.reason.data or ""
            if act is Act.LOCK:
                commenting.lock(by=viewer, entry_id=entry_id, reason=reason)
                flash(_("This is locked. Everybody can read your reason."))
            else:
                commenting.unlock(by=viewer, entry_id=entry_id, reason=reason)
                flash(_("This is open again."))
            db.session.commit()
            return redirect(url_of(queries.get(viewer, entry_id)), 303)
    entry = queries.get(viewer, entry_id)
    text = queries.text_for(entry, current_lang())
    body = render_template(
        "entries/lock.html",
        page=reading(viewer, entry, text, queries.current(text)),
        form=form,
        locking=act is Act.LOCK,
        href=url_of(entry, text),
    )
    return body, 422 if request.method == "POST" else 200
