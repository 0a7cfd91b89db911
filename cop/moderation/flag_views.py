"""The pages where a member flags something, or takes that back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.i18n import _, current_lang
from cop.entries import queries
from cop.entries.comment_views import place_of
from cop.entries.models import Case, Comment, Entry, Visibility
from cop.entries.thread import one
from cop.entries.views import url_of
from cop.moderation import flagging
from cop.moderation.forms import FlagForm
from cop.people.sessions import current_viewer, login_required
from cop.people.tries import headers, showing_limits
from cop.web.csrf import form_says_expired
from cop.web.limits import limit

bp = Blueprint("flags", __name__)

#: Flags one person sends; far more than anybody means.
RATE = "20/hour"


@bp.route("/entries/<int:entry_id>/flags/", methods=["GET", "POST"])
@form_says_expired
@login_required
def entry(entry_id: int) -> ResponseReturnValue:
    """Flag an entry."""
    return _flag(entry_id, None)


@bp.route("/comments/<int:comment_id>/flags/", methods=["GET", "POST"])
@form_says_expired
@login_required
def comment(comment_id: int) -> ResponseReturnValue:
    """Flag a comment."""
    return _flag(0, comment_id)


def _flag(entry_id: int, comment_id: int | None) -> ResponseReturnValue:
    viewer = current_viewer()
    found, said = flagging.item(viewer, entry_id, comment_id)
    form = FlagForm()
    reached: dict[str, int] = {}
    refused = False
    if form.validate_on_submit():
        with form.showing_errors(), showing_limits(form) as reached:
            limit("flag", RATE, key=str(viewer.id))
            flagging.flag(
                by=viewer,
                entry_id=entry_id,
                comment_id=comment_id,
                reason=form.reason.data or "",
                words=form.words.data or "",
                pass_on=form.to.data == "moderators",
            )
            href = place_of(found, said) if said else url_of(found)
            db.session.commit()
            flash(_thanks(found, form))
            return redirect(href, 303)
        refused = True
        found, said = flagging.item(viewer, entry_id, comment_id)
    body = _page(found, said, form)
    status = 429 if reached else 422 if refused or form.form_errors else 200
    return body, status, headers(reached)


def _thanks(found: Entry, form: FlagForm) -> str:
    if found.visibility == Visibility.CIRCLE and form.to.data != "moderators":
        return _("Thank you. The hosts look at it; nobody learns that it was you.")
    return _("Thank you. The moderators look at it; nobody learns that it was you.")


def _page(found: Entry, said: Comment | None, form: FlagForm) -> str:
    viewer = current_viewer()
    text = queries.text_for(found, current_lang())
    return render_template(
        "moderation/flag.html",
        entry=found,
        text=text,
        said=one(viewer, found, said) if said else None,
        href=place_of(found, said) if said else url_of(found, text),
        mine=flagging.own_flag(viewer, found, said),
        reasons=flagging.REASONS,
        form=form,
    )


@bp.post("/flags/<int:flag_id>/deletion")
@login_required
def take_back(flag_id: int) -> ResponseReturnValue:
    """Take one's own flag back."""
    case: Case = flagging.take_back(by=current_viewer(), flag_id=flag_id)
    db.session.commit()
    flash(_("You have taken your report back."))
    if case.comment_id is not None:
        return redirect(url_for("comments.show", comment_id=case.comment_id), 303)
    return redirect(url_for("entries.show", entry_id=case.entry_id), 303)
