"""What calendars fetch, and the page of what somebody signed up for."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, speaking
from cop.entries.models import Entry
from cop.people.sessions import current_viewer, login_required
from cop.settings import Settings
from cop.web.addresses import url_for
from cop.web.headers import NEVER_KEPT
from cop.workshops import (
    feeds,
    narrowed,
    queries,
    session_lists,
    session_wording as wording,
    sessions,
)
from cop.workshops.calendars import Dated, calendar
from cop.workshops.session_models import SignUpState, WorkshopSession
from cop.workshops.session_queries import shown

bp = Blueprint("calendars", __name__, url_prefix="/workshops")

#: Where the browser keeps the address of a calendar between making it and seeing it once.
_FRESH = "fresh_calendar"


@bp.get("/<int:entry_id>/dates/<int:number>.ics")
def one(entry_id: int, number: int) -> ResponseReturnValue:
    """One date as a calendar takes it."""
    entry, row = sessions.session_of(current_viewer(), entry_id, number)
    if row.removed_at is not None:
        raise NotFound
    return _answer(f"workshop-{entry_id}-{number}", [_dated(row, entry)])


@bp.get("/calendar.ics")
def coming() -> ResponseReturnValue:
    """The dates of all workshops, narrowed as the list is: to be subscribed to."""
    viewer = current_viewer()
    narrow = narrowed.filter_of(request.args.to_dict(flat=False))
    found = session_lists.for_calendar(
        viewer,
        queries.index(viewer, narrow),
        narrow.date,
        session_lists.conditions(narrow.place, narrow.given),
        most=feeds.MOST,
    )
    return _answer("workshops", [_dated(row.shown.row, row.entry) for row in found])


@bp.get("/own/")
@login_required
def own() -> ResponseReturnValue:
    """What somebody signed up for, and the address under which her calendar reads it."""
    viewer = current_viewer()
    signed = feeds.signed_up_for(viewer)
    known = {entry.id: entry for _row, entry, _state in signed}
    dates = session_lists.rows_of(shown(viewer, [row for row, _entry, _state in signed]), known)
    return render_template(
        "workshops/own.html",
        coming=[date for date in dates if not date.is_over],
        past=[date for date in reversed(dates) if date.is_over],
        told=wording,
        has_feed=feeds.has_feed(viewer),
        link=_fresh_link(),
    )


@bp.post("/own/calendar")
@login_required
def make() -> ResponseReturnValue:
    """Give one's calendar a secret address, shown once; an earlier one ends."""
    token = feeds.make_feed(by=current_viewer())
    db.session.commit()
    session[_FRESH] = token
    return redirect(url_for("calendars.own"), 303)


@bp.post("/own/calendar/end")
@login_required
def end() -> ResponseReturnValue:
    """End that address."""
    feeds.end_feed(by=current_viewer())
    db.session.commit()
    flash(_("The address is ended. Calendars that read it find nothing any more."))
    return redirect(url_for("calendars.own"), 303)


@bp.get("/own/<token>.ics")
def of_person(token: str) -> ResponseReturnValue:
    """What somebody signed up for, by the secret address of her calendar, in her language."""
    user, viewer = feeds.owner_of(token)
    with speaking(user.language):
        answer = _answer(
            "workshops-own",
            [
                _dated(
                    row,
                    entry,
                    waits=state == SignUpState.WAITING,
                    link=row.link if state == SignUpState.GOING else "",
                )
                for row, entry, state in feeds.signed_up_for(viewer)
            ],
        )
    answer.headers["Cache-Control"] = NEVER_KEPT
    return answer


def _dated(row: WorkshopSession, entry: Entry, *, waits: bool = False, link: str = "") -> Dated:
    href = _whole(url_for("dates.show", entry_id=entry.id, number=row.number))
    return Dated(row, entry, href, waits=waits, link=link)


def _fresh_link() -> str:
    token = session.pop(_FRESH, "") if _FRESH in session else ""
    return _whole(url_for("calendars.of_person", token=token)) if token else ""


def _whole(path: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url.rstrip("/") + path


def _answer(name: str, dated: list[Dated]) -> Response:
    settings: Settings = current_app.extensions["settings"]
    title = _("%(site)s: workshops", site=settings.site_name)
    answer = Response(calendar(title, dated), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer
