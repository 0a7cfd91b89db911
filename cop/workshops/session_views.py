"""Pages of the dates of a workshop: all of them, one, adding and changing it, calling it off."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.people.sessions import current_viewer, login_required
from cop.terms import queries as terms
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text
from cop.workshops import session_wording as wording, sessions
from cop.workshops.agenda import days
from cop.workshops.operations import KIND, facts_now
from cop.workshops.outcomes import completed, running_of
from cop.workshops.session_forms import CallOffForm, SessionForm, values_of, values_of_new
from cop.workshops.session_models import SignUpState, WorkshopSession
from cop.workshops.session_queries import dates_of, exceeds, shown
from cop.workshops.sign_up_views import fresh_link, fresh_place
from cop.workshops.sign_ups import attendees_of, own, place_in_line

bp = Blueprint("dates", __name__, url_prefix="/workshops/<int:entry_id>/dates")


@bp.get("/")
def index(entry_id: int) -> ResponseReturnValue:
    """When a workshop is given and was; for its trainers with what can be done to each date."""
    viewer = current_viewer()
    entry = entries.get(viewer, entry_id, KIND)
    dates = dates_of(viewer, entry)
    return _page("workshops/dates.html", entry, dates=dates, completed=completed(dates))


@bp.get("/<int:number>")
def show(entry_id: int, number: int) -> ResponseReturnValue:
    """One date of a workshop; for its trainers with who comes."""
    viewer = current_viewer()
    entry, row = sessions.session_of(viewer, entry_id, number)
    runs = sessions.may_run(viewer, entry)
    one = shown(viewer, [row])[0]
    mine = own(viewer, row.id) if one.own == SignUpState.WAITING else None
    return _page(
        "workshops/date.html",
        entry,
        one=one,
        before=place_in_line(mine) if mine is not None else 0,
        runs=runs,
        link=fresh_link(entry.id, number) if runs else None,
        own_link=fresh_place(entry.id, number) if runs else None,
        attendees=attendees_of(row) if runs else (),
        run=running_of(viewer, row, runs=runs),
        exceeds=runs and exceeds(row, facts_now(entry)),
    )


@bp.route("/new", methods=["GET", "POST"])
@login_required
@form_says_expired
@keeps_typed_text
def new(entry_id: int) -> ResponseReturnValue:
    """Add a date."""
    viewer = current_viewer()
    facts = facts_now(sessions.require_to_run(viewer, entry_id))
    if request.method == "GET":
        values = values_of_new(viewer.timezone, facts)
        return _form_page(SessionForm(None, data=values), entry_id)
    form = SessionForm()
    if form.validate():
        draft = form.draft()
        if draft is not None:
            with form.showing_errors():
                if earlier := form.earlier_answer():
                    return redirect(earlier, 303)
                made = sessions.add_session(by=viewer, entry_id=entry_id, draft=draft)
                target = form.settle(_address(made))
                db.session.commit()
                flash(_("The date is added."))
                return redirect(target, 303)
    return _form_page(form, entry_id), 422


@bp.route("/<int:number>/edit", methods=["GET", "POST"])
@login_required
@form_says_expired
@keeps_typed_text
def edit(entry_id: int, number: int) -> ResponseReturnValue:
    """Change a date."""
    viewer = current_viewer()
    sessions.require_to_run(viewer, entry_id)
    _entry, row = sessions.session_of(viewer, entry_id, number)
    if request.method == "GET":
        return _form_page(SessionForm(None, data=values_of(row)), entry_id, row)
    form = SessionForm()
    if form.validate():
        draft = form.draft()
        if draft is not None:
            with form.showing_conflicts():
                if earlier := form.earlier_answer():
                    return redirect(earlier, 303)
                made = sessions.change_session(
                    by=viewer,
                    entry_id=entry_id,
                    number=number,
                    base=form.base_number,
                    draft=draft,
                )
                target = form.settle(_address(made))
                db.session.commit()
                flash(_("It is saved."))
                return redirect(target, 303)
    _entry, row = sessions.session_of(viewer, entry_id, number)
    if form.status == 409:
        form.base.data = str(row.version)
    return _form_page(form, entry_id, row), form.status


@bp.route("/<int:number>/off", methods=["GET", "POST"])
@login_required
@form_says_expired
def off(entry_id: int, number: int) -> ResponseReturnValue:
    """Call a date off, for a reason."""
    viewer = current_viewer()
    entry = sessions.require_to_run(viewer, entry_id)
    form = CallOffForm()
    if form.validate_on_submit():
        with form.showing_errors():
            made = sessions.call_off(
                by=viewer, entry_id=entry_id, number=number, reason=form.reason.data or ""
            )
            db.session.commit()
            flash(_("The date is called off. Who signed up is told."))
            return redirect(_address(made), 303)
    entry, row = sessions.session_of(viewer, entry_id, number)
    body = _page("workshops/date_off.html", entry, form=form, one=shown(viewer, [row])[0])
    return body, 422 if request.method == "POST" else 200


@bp.post("/<int:number>/on")
@login_required
def on(entry_id: int, number: int) -> ResponseReturnValue:
    """Undo calling off."""
    made = sessions.hold_after_all(by=current_viewer(), entry_id=entry_id, number=number)
    db.session.commit()
    flash(_("The date takes place after all. Who signed up is told."))
    return redirect(_address(made), 303)


@bp.post("/<int:number>/removal")
@login_required
def remove(entry_id: int, number: int) -> ResponseReturnValue:
    """Take a date away for which nobody signed up."""
    with flashing_errors():
        sessions.remove_session(by=current_viewer(), entry_id=entry_id, number=number)
        db.session.commit()
        flash(_("The date is taken away. You can put it back below."))
        return redirect(url_for("dates.index", entry_id=entry_id), 303)
    return redirect(url_for("dates.show", entry_id=entry_id, number=number), 303)


@bp.post("/<int:number>/return")
@login_required
def put_back(entry_id: int, number: int) -> ResponseReturnValue:
    """Undo taking away."""
    made = sessions.put_back(by=current_viewer(), entry_id=entry_id, number=number)
    db.session.commit()
    flash(_("The date stands there again."))
    return redirect(_address(made), 303)


def _address(row: WorkshopSession) -> str:
    return url_for("dates.show", entry_id=row.entry_id, number=row.number)


def _form_page(form: SessionForm, entry_id: int, row: WorkshopSession | None = None) -> str:
    entry = entries.get(current_viewer(), entry_id, KIND)
    return _page(
        "workshops/date_edit.html",
        entry,
        form=form,
        row=row,
        places=terms.choices("place", current_lang()),
        days=len(days(facts_now(entry).agenda)) if row is None else 0,
    )


def _page(template: str, entry: Entry, **more: Any) -> str:
    """Show a page about dates of a workshop, under its title in the reader's language."""
    text = entries.text_for(entry, current_lang())
    return render_template(
        template, entry=entry, title=text.title, title_lang=Lang(text.lang), told=wording, **more
    )
