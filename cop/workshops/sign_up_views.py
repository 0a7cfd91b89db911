"""Pages of signing up: members with one button, others by name with a link, and each by her own link."""

from dataclasses import dataclass

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import StringField

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden
from cop.core.i18n import _, _l, current_lang
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.people.sessions import current_viewer, login_required
from cop.people.tries import headers, showing_limits
from cop.settings import Settings
from cop.web import codes
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired
from cop.web.forms import SentOnce, Trapped
from cop.web.limits import client_address, limit
from cop.workshops import evaluating, session_wording as wording, signing
from cop.workshops.session_models import SignUpState, WorkshopSession
from cop.workshops.session_queries import SessionShown, standing_of
from cop.workshops.sign_ups import counts_of, place_in_line

bp = Blueprint("signing", __name__, url_prefix="/workshops")

#: A whole workshop may sign up from one address.
_BY_NAME = "80/hour"
#: Where the browser keeps a link's token between making it and seeing it once.
_FRESH, _FRESH_PLACE = "fresh_sign_up_link", "fresh_place_link"


class NameForm(SentOnce, Trapped):
    """Signing up by name."""

    name = StringField(_l("Your name"))


@bp.post("/<int:entry_id>/dates/<int:number>/sign-up")
@login_required
def join(entry_id: int, number: int) -> ResponseReturnValue:
    """Take a seat, or wait for one."""
    with flashing_errors():
        row = signing.sign_up(by=current_viewer(), entry_id=entry_id, number=number)
        going = row.state == SignUpState.GOING
        db.session.commit()
        flash(_("You have a seat.") if going else _("All seats are taken. You wait for one."))
    return _to_date(entry_id, number)


@bp.post("/<int:entry_id>/dates/<int:number>/withdrawal")
@login_required
def leave(entry_id: int, number: int) -> ResponseReturnValue:
    """Give up a seat, or a place in the line."""
    with flashing_errors():
        signing.withdraw(by=current_viewer(), entry_id=entry_id, number=number)
        db.session.commit()
        flash(_("You are no longer signed up."))
    return _to_date(entry_id, number)


@bp.post("/<int:entry_id>/dates/<int:number>/sign-ups/<int:sign_up_id>/end")
@login_required
def take_off(entry_id: int, number: int, sign_up_id: int) -> ResponseReturnValue:
    """Take somebody off the list (who may edit the workshop)."""
    by = current_viewer()
    with flashing_errors():
        signing.take_off(by=by, entry_id=entry_id, number=number, sign_up_id=sign_up_id)
        db.session.commit()
        flash(_("She or he is off the list."))
    return _to_date(entry_id, number)


@bp.post("/<int:entry_id>/dates/<int:number>/link")
@login_required
def make_link(entry_id: int, number: int) -> ResponseReturnValue:
    """Make the link for people without account; it is shown once."""
    with flashing_errors():
        token = signing.make_link(by=current_viewer(), entry_id=entry_id, number=number)
        db.session.commit()
        session[_FRESH] = [entry_id, number, token]
    return _to_date(entry_id, number)


@bp.post("/<int:entry_id>/dates/<int:number>/link/end")
@login_required
def end_link(entry_id: int, number: int) -> ResponseReturnValue:
    """End that link."""
    signing.end_link(by=current_viewer(), entry_id=entry_id, number=number)
    db.session.commit()
    flash(_("The link is ended. Who came by it stays."))
    return _to_date(entry_id, number)


@bp.post("/<int:entry_id>/dates/<int:number>/sign-ups/<int:sign_up_id>/link")
@login_required
def renew(entry_id: int, number: int, sign_up_id: int) -> ResponseReturnValue:
    """Make a new link for somebody without an account; it is shown once."""
    with flashing_errors():
        token = signing.renew_place(
            by=current_viewer(), entry_id=entry_id, number=number, sign_up_id=sign_up_id
        )
        db.session.commit()
        session[_FRESH_PLACE] = [entry_id, number, sign_up_id, token]
    return _to_date(entry_id, number, "who-comes")


@dataclass(frozen=True)
class FreshLink:
    """A link that was just made, to be copied or read off the screen; nothing keeps it."""

    href: str
    #: Whose it is: a row of `SignUp`; 0 where whoever holds it signs up.
    sign_up_id: int = 0

    @property
    def code(self) -> Markup:
        """Its QR code."""
        return codes.drawn(self.href, _("QR code of this link"))


def _to_date(entry_id: int, number: int, part: str = "sign-up") -> ResponseReturnValue:
    return redirect(url_for("dates.show", entry_id=entry_id, number=number) + f"#{part}", 303)


def fresh_place(entry_id: int, number: int) -> FreshLink | None:
    """Return the link just made for one person on the list of a date, the first time its page is shown."""
    made = _made_just_now(_FRESH_PLACE, entry_id, number)
    if not made:
        return None
    return FreshLink(_whole(url_for("signing.place", token=made[1])), int(made[0]))


def fresh_link(entry_id: int, number: int) -> FreshLink | None:
    """Return the link just made for a date, the first time its page is shown."""
    made = _made_just_now(_FRESH, entry_id, number)
    return FreshLink(_whole(url_for("signing.by_name", token=made[0]))) if made else None


def _made_just_now(what: str, entry_id: int, number: int) -> list[str]:
    """Return what the browser keeps of a link that was made for a date, and let it go; nothing for another date."""
    kept = session.get(what)
    if not kept or kept[:2] != [entry_id, number]:
        return []
    session.pop(what)
    return [str(one) for one in kept[2:]]


def _whole(path: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url.rstrip("/") + path


@bp.route("/sign-up/<token>", methods=["GET", "POST"])
@form_says_expired
def by_name(token: str) -> ResponseReturnValue:
    """What a trainer's link leads to: the date, and signing up by name; looking uses nothing."""
    form, reached = NameForm(), {}
    if form.validate_on_submit():
        with showing_limits(form) as reached, form.showing_errors():
            limit("sign-up-by-name", _BY_NAME, key=client_address())
            own = signing.sign_up_by_name(
                token=token, name=form.name.data or "", form_key=form.form_key.data or ""
            )
            db.session.commit()
            return redirect(url_for("signing.place", token=own), 303)
    try:
        entry, row = signing.invited(token)
    except Forbidden as error:
        return render_template("workshops/link_gone.html", sentence=error.message), 403
    body = _page("workshops/sign_up.html", entry, _shown(row), form=form)
    status = 200 if request.method == "GET" else 429 if reached else 422
    return body, status, headers(reached)


@bp.get("/places/<token>")
def place(token: str) -> ResponseReturnValue:
    """Where somebody stands who signed up by name, by her own link."""
    found = signing.place_of(token)
    one = _shown(found.session)
    waiting = found.row.state == SignUpState.WAITING and one.takes_place
    return _page(
        "workshops/place.html",
        found.entry,
        one,
        row=found.row,
        token=token,
        before=place_in_line(found.row) if waiting else 0,
        came=evaluating.attendance_of(found.row),
        is_open=evaluating.is_open(found.session),
        address=_whole(url_for("signing.place", token=token)),
    )


@bp.post("/places/<token>/end")
def end_place(token: str) -> ResponseReturnValue:
    """Withdraw, by one's own link."""
    with flashing_errors():
        signing.withdraw_by_link(token=token)
        db.session.commit()
        flash(_("You are no longer signed up."))
    return redirect(url_for("signing.place", token=token), 303)


def _shown(row: WorkshopSession) -> SessionShown:
    counts = counts_of([row.id])[row.id]
    return SessionShown(row, counts, standing_of(row, counts, clock.now()))


def _page(template: str, entry: Entry | None, one: SessionShown, **more: object) -> str:
    text = entries.text_for(entry, current_lang()) if entry is not None else None
    return render_template(
        template,
        entry=entry,
        title=text.title if text is not None else "",
        title_lang=Lang(text.lang) if text is not None else current_lang(),
        told=wording,
        one=one,
        **more,
    )
