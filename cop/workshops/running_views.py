"""Pages of a date that takes place: who came, what they thought, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, _n, current_lang
from cop.core.text import guess_lang
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.people.sessions import current_viewer, login_required
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired
from cop.web.forms import number_of
from cop.web.headers import keeps_typed_text
from cop.workshops import (
    attendance,
    evaluating,
    following_up,
    outcomes,
    session_wording as wording,
    sessions,
    signing,
)
from cop.workshops.running_forms import (
    USEFUL,
    DayForm,
    EvaluationForm,
    FollowUpForm,
    NamesForm,
)
from cop.workshops.session_times import day_told

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from cop.entries.models import Entry
    from cop.workshops.session_models import WorkshopSession

#: Pages whose addresses are secrets.
by_link = Blueprint("answering", __name__, url_prefix="/workshops/places/<token>")
bp = Blueprint("running", __name__, url_prefix="/workshops/<int:entry_id>/dates/<int:number>")


def _as_trainer(entry_id: int, number: int) -> tuple[Entry, WorkshopSession]:
    """Return workshop and date for who looks after it."""
    viewer = current_viewer()
    sessions.require_to_run(viewer, entry_id)
    return sessions.session_of(viewer, entry_id, number)


def _page(template: str, entry: Entry, session: WorkshopSession, **more: Any) -> str:
    text = entries.text_for(entry, current_lang())
    return render_template(
        f"workshops/{template}.html",
        entry=entry,
        title=text.title,
        title_lang=Lang(text.lang),
        session=session,
        told=wording,
        **more,
    )


def _here(endpoint: str, entry_id: int, number: int) -> str:
    return url_for(f"running.{endpoint}", entry_id=entry_id, number=number)


@bp.get("/attendance")
@login_required
def sheet(entry_id: int, number: int) -> ResponseReturnValue:
    """Who came: to be ticked here, or printed and signed by hand."""
    return _sheet(entry_id, number, NamesForm())


def _sheet(entry_id: int, number: int, form: NamesForm) -> str:
    entry, session = _as_trainer(entry_id, number)
    lines = attendance.sheet(session)
    return _page(
        "attendance",
        entry,
        session,
        lines=lines,
        number_present=sum(line.came for line in lines),
        has_begun=attendance.has_begun(session),
        form=form,
    )


@bp.post("/attendance")
@login_required
def tick(entry_id: int, number: int) -> ResponseReturnValue:
    """Take over what was ticked, and what no longer is."""
    shown, ticked = (
        {number_of(one) for one in request.form.getlist(name)} for name in ("shown", "came")
    )
    with flashing_errors():
        came = attendance.tick(
            by=current_viewer(), entry_id=entry_id, number=number, shown=shown, ticked=ticked
        )
        db.session.commit()
        flash(_n("%(num)d person came.", "%(num)d people came.", came))
    return redirect(_here("sheet", entry_id, number), 303)


@bp.post("/attendance/names")
@login_required
@form_says_expired
def add_names(entry_id: int, number: int) -> ResponseReturnValue:
    """Put people on the sheet who came without having signed up."""
    form = NamesForm()
    if form.validate():
        with form.showing_errors():
            names = (form.names.data or "").splitlines()
            attendance.add_who_came(
                by=current_viewer(), entry_id=entry_id, number=number, names=names
            )
            db.session.commit()
            flash(_("They are on the sheet."))
            return redirect(_here("sheet", entry_id, number), 303)
    return _sheet(entry_id, number, form), 422


@bp.route("/evaluation", methods=["GET", "POST"])
@login_required
@form_says_expired
@keeps_typed_text
def evaluation(entry_id: int, number: int) -> ResponseReturnValue:
    """Three questions to who came; for the trainers what was answered."""
    viewer = current_viewer()
    form = EvaluationForm()
    if request.method == "POST" and form.validate():
        with form.showing_errors():
            evaluating.answer(by=viewer, entry_id=entry_id, number=number, answers=form.answers)
            db.session.commit()
            flash(_("Thank you. Your answer is kept without your name."))
            return redirect(_here("evaluation", entry_id, number), 303)
    entry, session = sessions.session_of(viewer, entry_id, number)
    own, runs = attendance.own_attendance(viewer, session), sessions.may_run(viewer, entry)
    if own is None and not runs:
        raise NotFound
    follow_up = following_up.follow_up_of(session)
    body = _page(
        "evaluation",
        entry,
        session,
        form=form,
        own=own,
        runs=runs,
        is_open=evaluating.is_open(session),
        results=evaluating.results(session) if runs else None,
        useful=USEFUL,
        at_once=evaluating.AT_ONCE,
        shows_numbers=follow_up is not None and follow_up.shows_numbers,
    )
    return body, 422 if request.method == "POST" else 200


@by_link.route("/evaluation", methods=["GET", "POST"])
@form_says_expired
@keeps_typed_text
def evaluation_by_link(token: str) -> ResponseReturnValue:
    """Three questions to who came without an account, by her own link."""
    form = EvaluationForm()
    if request.method == "POST" and form.validate():
        with form.showing_errors():
            evaluating.answer_by_link(token=token, answers=form.answers)
            db.session.commit()
            flash(_("Thank you. Your answer is kept without your name."))
            return redirect(url_for("answering.evaluation_by_link", token=token), 303)
    found, own = signing.place_of(token), evaluating.attendance_by_link(token)
    if own is None or found.entry is None:
        raise NotFound
    body = _page(
        "evaluation",
        found.entry,
        found.session,
        form=form,
        own=own,
        is_open=evaluating.is_open(found.session),
        back=url_for("signing.place", token=token),
    )
    status = 422 if request.method == "POST" else 200
    return body, status, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


@bp.post("/evaluation/numbers")
@login_required
def numbers(entry_id: int, number: int) -> ResponseReturnValue:
    """Let the page of the workshop tell the numbers (`shown=1`), or no longer."""
    shown = bool(request.form.get("shown"))
    following_up.show_numbers(by=current_viewer(), entry_id=entry_id, number=number, shown=shown)
    db.session.commit()
    flash(
        _("The page of the workshop tells the numbers.")
        if shown
        else _("The page of the workshop does not tell the numbers.")
    )
    return redirect(_here("evaluation", entry_id, number), 303)


@bp.get("/follow-up")
@login_required
def follow_up(entry_id: int, number: int) -> ResponseReturnValue:
    """What came of a date, and when its trainers say so."""
    return _follow_up(entry_id, number)


def _follow_up(
    entry_id: int, number: int, *, form: FollowUpForm | None = None, day: DayForm | None = None
) -> str:
    entry, session = _as_trainer(entry_id, number)
    viewer, row = current_viewer(), following_up.follow_up_of(session)
    due = following_up.due_on(session, row)
    words = row.words if row is not None else ""
    asked = request.args.get("q", "")
    base = str(row.version if row is not None else 1)
    if form is not None and form.status == 409:
        # She has been told what another said meanwhile, and may replace it now.
        form.base.data = base
    return _page(
        "follow_up",
        entry,
        session,
        form=form or FollowUpForm(None, data={"words": words, "base": base}),
        day=day or DayForm(None, data={"day": due.isoformat()}),
        row_said=row,
        due=due,
        is_over=following_up.is_over(session),
        named=outcomes.named(viewer, entry),
        offered=outcomes.offered(viewer, entry, session),
        found=outcomes.found(viewer, entry, asked) if asked else [],
        asked=asked,
    )


@bp.post("/follow-up")
@login_required
@form_says_expired
@keeps_typed_text
def say(entry_id: int, number: int) -> ResponseReturnValue:
    """Say what came of a date."""
    form = FollowUpForm()
    words = form.words.data or ""
    if form.validate():
        with form.showing_conflicts():
            following_up.say(
                by=current_viewer(),
                entry_id=entry_id,
                number=number,
                base=form.base_number,
                words=words,
                lang=guess_lang(words, default=current_lang()),
            )
            db.session.commit()
            flash(_("It stands on the page of the workshop. This date counts as completed."))
            return redirect(_here("follow_up", entry_id, number), 303)
    return _follow_up(entry_id, number, form=form), form.status


@bp.post("/follow-up/day")
@login_required
@form_says_expired
def set_day(entry_id: int, number: int) -> ResponseReturnValue:
    """Say when the trainers are asked."""
    form = DayForm()
    if form.validate():
        with form.showing_errors():
            day = day_told(form.day.data or "", "day")
            following_up.set_day(by=current_viewer(), entry_id=entry_id, number=number, day=day)
            db.session.commit()
            flash(_("It is saved."))
            return redirect(_here("follow_up", entry_id, number), 303)
    return _follow_up(entry_id, number, day=form), 422


@bp.post("/follow-up/notes/<int:note_id>")
@login_required
def name_note(entry_id: int, number: int, note_id: int) -> ResponseReturnValue:
    """Name a case note as what came of the workshop."""
    return _named(entry_id, number, note_id, gone=False)


@bp.post("/follow-up/notes/<int:note_id>/end")
@login_required
def forget_note(entry_id: int, number: int, note_id: int) -> ResponseReturnValue:
    """Name it no longer."""
    return _named(entry_id, number, note_id, gone=True)


def _named(entry_id: int, number: int, note_id: int, *, gone: bool) -> ResponseReturnValue:
    act = outcomes.forget_note if gone else outcomes.name_note
    with flashing_errors():
        act(by=current_viewer(), entry_id=entry_id, note_id=note_id)
        db.session.commit()
        flash(_("It is done."))
    return redirect(f"{_here('follow_up', entry_id, number)}#notes", 303)
