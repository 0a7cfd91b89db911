"""The page of those who prepare a workshop: who they are, asking, answering, leaving, handing over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, current_lang
from cop.entries import policy, queries
from cop.people import finding
from cop.people.sessions import current_viewer, login_required
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired
from cop.web.limits import limit
from cop.workshops import team, trainers
from cop.workshops.operations import KIND
from cop.workshops.team_forms import AnswerForm, InviteForm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from flask.typing import ResponseReturnValue

    from cop.people.models import User

bp = Blueprint("teaming", __name__, url_prefix="/workshops/<int:entry_id>/trainers")

#: Far more than anybody asks by hand.
RATE = "60/hour"


@bp.get("/")
@login_required
def show(entry_id: int) -> ResponseReturnValue:
    """Who prepares a workshop, for those who do or are asked to."""
    return _page(entry_id)


def _page(entry_id: int, form: InviteForm | None = None, meant: Sequence[User] = ()) -> str:
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    found = trainers.team_of(viewer, entry)
    if not found.is_known:
        raise NotFound
    own = found.own_row
    answer = AnswerForm(None, data={"named": own.named if own and own.accepted_at else True})
    return render_template(
        "workshops/trainers.html",
        entry=entry,
        text=queries.text_for(entry, current_lang()),
        author=policy.byline(viewer, entry),
        team=found,
        is_lost=trainers.has_lost_its_author(entry),
        form=form or InviteForm(),
        answer=answer,
        meant=meant,
    )


@bp.post("/")
@login_required
@form_says_expired
def invite(entry_id: int) -> ResponseReturnValue:
    """Ask somebody; where several people are called so, or nobody is, say who may be meant."""
    viewer = current_viewer()
    form = InviteForm()
    meant: Sequence[User] = ()
    typed = (form.who.data or "").strip().removeprefix("@")
    if form.validate():
        limit("co-trainers", RATE, key=str(viewer.id))
        _called, found = finding.called(viewer, [typed])
        exact = [one for one in found if one.handle == typed.lower()] or found
        if len(exact) == 1:
            with form.showing_errors():
                team.invite(by=viewer, entry_id=entry_id, user=exact[0])
                db.session.commit()
                flash(_("%(name)s is asked, and told so.", name=exact[0].name))
                return redirect(url_for("teaming.show", entry_id=entry_id), 303)
        else:
            meant = exact or finding.find(viewer, typed)
            form.put_error("who", _not_found(typed, meant))
    return _page(entry_id, form, meant), 422


def _not_found(typed: str, meant: Sequence[User]) -> str:
    if not typed:
        return _("Please enter the name of somebody who has an account here.")
    if meant:
        return _("Please choose below whom you mean.")
    return _("Nobody here is called “%(name)s”.", name=typed)


def _done(entry_id: int, act: Callable[[], Any], said: str, *, to: str = "") -> ResponseReturnValue:
    """Do it and say so; what cannot be is said instead."""
    here = url_for("teaming.show", entry_id=entry_id)
    with flashing_errors():
        act()
        db.session.commit()
        flash(said)
        here = to or here
    return redirect(here, 303)


@bp.post("/own")
@login_required
def accept(entry_id: int) -> ResponseReturnValue:
    """Say yes, or change whether the page names her."""
    named = bool(request.form.get("named"))
    by = current_viewer()
    said = (
        _("You prepare this workshop now, and its page names you.")
        if named
        else _("You prepare this workshop now. Its page does not name you.")
    )
    return _done(entry_id, lambda: team.accept(by=by, entry_id=entry_id, named=named), said)


@bp.post("/own/no")
@login_required
def decline(entry_id: int) -> ResponseReturnValue:
    """Say no."""
    by = current_viewer()
    said = _("You have declined. Should you change your mind, the invitation is still here.")
    return _done(entry_id, lambda: team.decline(by=by, entry_id=entry_id), said)


@bp.post("/own/end")
@login_required
def leave(entry_id: int) -> ResponseReturnValue:
    """Prepare the workshop no longer."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: team.leave(by=by, entry_id=entry_id),
        _("You prepare this workshop no longer."),
        to=url_for("workshops.show", entry_id=entry_id),
    )


@bp.post("/own/lead")
@login_required
def take_over(entry_id: int) -> ResponseReturnValue:
    """Lead the workshop from now on."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: team.take_over(by=by, entry_id=entry_id),
        _("You lead this workshop now."),
    )


@bp.post("/<int:user_id>/removal")
@login_required
def remove(entry_id: int, user_id: int) -> ResponseReturnValue:
    """Take a co-trainer off, or an invitation back."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: team.remove(by=by, entry_id=entry_id, user_id=user_id),
        _("It is done."),
    )


@bp.post("/<int:user_id>/lead")
@login_required
def offer(entry_id: int, user_id: int) -> ResponseReturnValue:
    """Ask a co-trainer to lead."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: team.offer(by=by, entry_id=entry_id, user_id=user_id),
        _("It is asked. You lead until your co-trainer says yes."),
    )


@bp.post("/lead/end")
@login_required
def take_back_offer(entry_id: int) -> ResponseReturnValue:
    """Ask nobody any more, or say no to leading."""
    by = current_viewer()
    return _done(entry_id, lambda: team.take_back_offer(by=by, entry_id=entry_id), _("It is done."))
