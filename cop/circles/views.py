"""Pages of circles: the directory, one circle, making and changing it, coming in and leaving."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.circles import entering, operations, policy, queries
from cop.circles.forms import (
    JOINING,
    JOINING_DETAILS,
    SEEN_DETAILS,
    AskForm,
    CircleForm,
    ConfirmForm,
    values_of,
)
from cop.core.db import db
from cop.core.i18n import _
from cop.entries import queries as entries
from cop.entries.cards import cards
from cop.entries.kinds import KINDS
from cop.people.models import Circle
from cop.people.sessions import current_viewer, login_required
from cop.web.addresses import kept_args
from cop.web.csrf import form_says_expired

bp = Blueprint("circles", __name__, url_prefix="/circles")


@bp.get("/")
@login_required
def index() -> ResponseReturnValue:
    """One's own circles, and those one may know of."""
    viewer = current_viewer()
    page = queries.others(viewer, older=request.args.get("older"), newer=request.args.get("newer"))
    return render_template(
        "circles/index.html",
        own=queries.own(viewer),
        closed=queries.closed_by(viewer),
        page=page,
        joining=JOINING,
        may_make=policy.may_make(viewer),
    )


@bp.get("/<int:circle_id>")
@bp.get("/<int:circle_id>-<slug>")
@login_required
def show(circle_id: int, slug: str = "") -> ResponseReturnValue:
    """One circle: to those in it what is written there, to others what it says of itself."""
    viewer = current_viewer()
    found = policy.place(viewer, circle_id)
    circle = found.circle
    if slug != queries.slug_of(circle):
        target = url_for(
            "circles.show",
            circle_id=circle.id,
            slug=queries.slug_of(circle),
            **kept_args("kind", "older", "newer"),
        )
        return redirect(target, 302)
    hosts = queries.hosts(circle)
    if not found.is_in:
        return render_template(
            "circles/outside.html",
            circle=circle,
            hosts=hosts,
            joining=JOINING,
            request_made=entering.own_request(viewer, circle.id),
            form=AskForm(None),
        )
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = entries.page(
        queries.entries_of(viewer, circle, kind),
        older=request.args.get("older"),
        newer=request.args.get("newer"),
    )
    return render_template(
        "circles/show.html",
        circle=circle,
        is_host=found.is_host,
        hosts=hosts,
        lately=queries.lately(circle),
        size=queries.size(circle),
        asking=queries.number_asking(circle) if found.is_host else 0,
        orphaned=not hosts,
        kind=kind,
        page=page,
        cards=cards(viewer, page.items),
        joining=JOINING,
    )


@bp.get("/new")
@login_required
def new() -> ResponseReturnValue:
    """The empty form; for newcomers why there is none yet."""
    form = CircleForm(None, data={"form_key": secrets.token_urlsafe(12)})
    return _form_page(form)


@bp.post("/")
@login_required
@form_says_expired
def create() -> ResponseReturnValue:
    """Make a circle, or show the form again with what it lacks."""
    form = CircleForm()
    if form.validate():
        with form.showing_errors():
            made = operations.make(
                by=current_viewer(), draft=form.draft, form_key=form.form_key.data or ""
            )
            db.session.commit()
            flash(
                _(
                    "The circle is made, and you are its host. Invite people, or write the first note."
                )
            )
            return redirect(_address(made), 303)
    return _form_page(form), 422


def _form_page(form: CircleForm, circle: Circle | None = None) -> str:
    return render_template(
        "circles/edit.html",
        form=form,
        circle=circle,
        joining_details={one.value: words for one, words in JOINING_DETAILS.items()},
        seen_details={one.value: words for one, words in SEEN_DETAILS.items()},
        may_make=circle is not None or policy.may_make(current_viewer()),
        not_yet=operations.NOT_YET,
    )


def _address(circle: Circle) -> str:
    return url_for("circles.show", circle_id=circle.id, slug=queries.slug_of(circle))


@bp.route("/<int:circle_id>/edit", methods=["GET", "POST"])
@login_required
@form_says_expired
def edit(circle_id: int) -> ResponseReturnValue:
    """Change what a circle says of itself, who knows of it and how one comes in (hosts)."""
    viewer = current_viewer()
    circle = policy.hosted(viewer, circle_id)
    form = CircleForm() if request.method == "POST" else CircleForm(None, data=values_of(circle))
    if form.validate_on_submit():
        with form.showing_conflicts():
            changed = operations.change(
                by=viewer, circle_id=circle_id, base=form.base_number, draft=form.draft
            )
            db.session.commit()
            flash(_("It is saved."))
            return redirect(_address(changed), 303)
    circle = policy.hosted(viewer, circle_id)
    if form.status == 409:
        form.base.data = str(circle.version)
    return _form_page(form, circle), form.status if request.method == "POST" else 200


@bp.post("/<int:circle_id>/members/")
@login_required
def join(circle_id: int) -> ResponseReturnValue:
    """Come into a circle that is open to members."""
    circle = operations.join(by=current_viewer(), circle_id=circle_id)
    db.session.commit()
    flash(_("You are in the circle now."))
    return redirect(_address(circle), 303)


@bp.post("/<int:circle_id>/requests/")
@login_required
@form_says_expired
def ask(circle_id: int) -> ResponseReturnValue:
    """Ask the hosts to be let in."""
    viewer = current_viewer()
    form = AskForm()
    if form.validate():
        with form.showing_errors():
            entering.ask(by=viewer, circle_id=circle_id, words=form.words.data or "")
            db.session.commit()
            flash(_("The hosts are asked. You are told when one of them answers."))
            return redirect(_address(policy.place(viewer, circle_id).circle), 303)
    circle = policy.place(viewer, circle_id).circle
    body = render_template(
        "circles/outside.html",
        circle=circle,
        hosts=queries.hosts(circle),
        joining=JOINING,
        request_made=entering.own_request(viewer, circle.id),
        form=form,
    )
    return body, 422


@bp.post("/<int:circle_id>/requests/own/end")
@login_required
def take_back(circle_id: int) -> ResponseReturnValue:
    """Ask no longer."""
    viewer = current_viewer()
    entering.take_back(by=viewer, circle_id=circle_id)
    db.session.commit()
    flash(_("You ask no longer."))
    return redirect(_address(policy.place(viewer, circle_id).circle), 303)


@bp.route("/<int:circle_id>/leave", methods=["GET", "POST"])
@login_required
@form_says_expired
def leave(circle_id: int) -> ResponseReturnValue:
    """Leave a circle."""
    viewer = current_viewer()
    circle = policy.joined(viewer, circle_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.showing_errors():
            operations.leave(by=viewer, circle_id=circle_id)
            db.session.commit()
            flash(_("You have left the circle."))
            return redirect(url_for("circles.index"), 303)
        circle = policy.joined(viewer, circle_id)
    body = render_template("circles/leave.html", form=form, circle=circle, href=_address(circle))
    return body, 422 if request.method == "POST" else 200


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@login_required
@form_says_expired
def invitation(token: str) -> ResponseReturnValue:
    """What a link into a circle leads to, and coming in by it; looking uses nothing."""
    viewer = current_viewer()
    form = ConfirmForm()
    if form.validate_on_submit():
        circle = entering.accept(by=viewer, token=token)
        db.session.commit()
        flash(_("You are in the circle now."))
        return redirect(_address(circle), 303)
    found = entering.invited(viewer, token)
    if found.is_in:
        return redirect(_address(found.circle), 303)
    return render_template(
        "circles/invitation.html", form=form, circle=found.circle, hosts=queries.hosts(found.circle)
    )
