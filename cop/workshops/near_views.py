"""The page of one's account that says where one is to be told of what is coming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import SelectField

from cop.core.db import db
from cop.core.i18n import _, _l
from cop.people.sessions import current_viewer, login_required
from cop.web.csrf import form_says_expired
from cop.web.forms import BaseForm
from cop.workshops import nearby

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("nearby", __name__)


class PlaceForm(BaseForm):
    """Where what is coming is near."""

    # What can be chosen is offered by the page, and checked by the operation.
    place = SelectField(_l("My place"), choices=[], validate_choice=False)


@bp.route("/account/place", methods=["GET", "POST"])
@form_says_expired
@login_required
def place() -> ResponseReturnValue:
    """Choose a place, or none."""
    viewer = current_viewer()
    form = PlaceForm()
    if form.validate_on_submit():
        with form.showing_errors():
            nearby.choose_place(by=viewer, key=form.place.data or "")
            db.session.commit()
            flash(_("Your place is saved.") if form.place.data else _("Your place is forgotten."))
            return redirect(url_for("nearby.place"), 303)
    now = nearby.nearby(viewer)
    if request.method == "GET" and now is not None and now.own:
        form.place.data = now.place.key
    body = render_template("workshops/near.html", form=form, now=now, places=nearby.offered())
    return body, 422 if request.method == "POST" else 200
