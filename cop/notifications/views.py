"""Pages of being told: the lines, what is watched and how, and the links of mails."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Flask, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from cop.core.db import db, writing
from cop.core.errors import NotFound
from cop.core.i18n import _
from cop.discussions import queries as discussions
from cop.entries import queries as entries
from cop.notifications import (
    bell,
    circle_news,
    duties,
    lines,
    mailed,
    operations,
    queries,
    requests,
)
from cop.notifications.forms import LEVELS, NONE, TellingForm, WatchForm, mornings
from cop.notifications.models import Frequency, Level, Watch
from cop.notifications.operations import Watched
from cop.notifications.searches import address_of
from cop.notifications.targets import TARGETS, Shown, Target, target_of, words_of
from cop.people import profiles
from cop.people.belonging import names_of
from cop.people.sessions import current_viewer, login_required
from cop.people.viewer import Viewer
from cop.terms import queries as terms
from cop.web.buttons import flashing_errors
from cop.web.csrf import csrf, form_says_expired
from cop.web.negotiate import prefer_lang

bp = Blueprint("notifications", __name__)


def init_app(app: Flask) -> None:
    """Register the pages, and give every page its bell."""
    bell.init_app(app)
    app.register_blueprint(bp)


@bp.get("/notices/")
@login_required
def index() -> ResponseReturnValue:
    """The lines, newest first."""
    viewer = current_viewer()
    older, newer = request.args.get("older"), request.args.get("newer")
    page = queries.page(viewer, older=older, newer=newer)
    # Above the newest lines: there are few, and what they tell stands for long.
    news = circle_news.lately(viewer) if not (older or newer) else []
    return render_template(
        "notifications/index.html",
        page=page,
        lines=lines.lines(viewer, page.items),
        circles=news,
        until=max(
            [*(row.event_id for row in page.items), *(one.event_id for one in news)], default=0
        ),
        asking=requests.waiting(viewer),
        duty=_duty(viewer),
        file_waits=bell.file_waits(),
        comes_back=queries.comes_back(viewer, [row.event_id for row in page.items]),
    )


def _duty(viewer: Viewer) -> tuple[str, str] | None:
    """Return how much waits for the viewer to decide, and why for her, in words; None where nothing does."""
    number = duties.COUNTING.of_page()
    return (duties.in_words(number), duties.why(viewer)) if number else None


@bp.post("/notices/read")
@login_required
def read_all() -> ResponseReturnValue:
    """Say that everything the page showed, and what is older, has been read."""
    viewer, until = current_viewer(), request.form.get("until", 0, type=int)
    operations.read_all(by=viewer, until=until)
    circle_news.read(by=viewer, until=until)
    db.session.commit()
    flash(_("Everything is marked as read."))
    return redirect(url_for("notifications.index"), 303)


@bp.get("/notices/count")
@login_required
def count() -> ResponseReturnValue:
    """What the bell says now, for pages that stay open."""
    now = bell.bell()
    return {"text": now.text, "label": now.label}


@bp.after_app_request
def read_what_was_opened(response: Response) -> Response:
    """Mark the lines of an entry as read when its page was opened, after the page was made."""
    found = bell.lines_read_by(response)
    if not found or g.get("csrf_failed"):
        return response
    try:
        db.session.rollback()
        with writing():
            viewer = current_viewer()
            operations.read(by=viewer, notice_ids=[row.id for row in found if row.entry_id])
            for circle_id in {row.circle_id for row in found} - {0}:
                circle_news.read(by=viewer, circle_id=circle_id)
            db.session.commit()
    except SQLAlchemyError:
        # The next opening tries again; reading goes on.
        db.session.rollback()
    return response


@bp.route("/entries/<int:entry_id>/watch", methods=["GET", "POST"])
@form_says_expired
@login_required
def watch_entry(entry_id: int) -> ResponseReturnValue:
    """Watch an entry, mute it, or watch it no longer."""
    entry = entries.get(current_viewer(), entry_id)
    return _choose(Watched("entry", entry.id))


@bp.route("/terms/<scheme>/<key>/watch", methods=["GET", "POST"])
@form_says_expired
@login_required
def watch_term(scheme: str, key: str) -> ResponseReturnValue:
    """Watch what carries a term."""
    term = terms.living(terms.get(key))
    if term.scheme != scheme:
        raise NotFound
    return _choose(Watched("term", term.id))


@bp.route("/spaces/<int:space_id>/watch", methods=["GET", "POST"])
@form_says_expired
@login_required
def watch_space(space_id: int) -> ResponseReturnValue:
    """Watch the discussions of a space."""
    return _choose(Watched("space", discussions.get_space(space_id).id))


@bp.route("/circles/<int:circle_id>/watch", methods=["GET", "POST"])
@form_says_expired
@login_required
def watch_circle(circle_id: int) -> ResponseReturnValue:
    """Choose what to hear of a circle one is in."""
    return _choose(Watched("circle", circle_id))


@bp.route("/people/<handle>/watch", methods=["GET", "POST"])
@form_says_expired
@login_required
def watch_person(handle: str) -> ResponseReturnValue:
    """Watch what somebody publishes under the own name."""
    return _choose(Watched("person", profiles.of(current_viewer(), handle).user.id))


@bp.route("/search/watch", methods=["GET", "POST"])
@form_says_expired
@login_required
def watch_search() -> ResponseReturnValue:
    """Watch what a search will find; what it asks for stands in the address."""
    address = address_of(request.args.items(multi=True))
    if not address:
        raise NotFound
    return _choose(Watched("search", address=address))


def _choose(what: Watched) -> ResponseReturnValue:
    viewer, target = current_viewer(), target_of(what.kind)
    shown = _shown(what)
    form = WatchForm()
    form.offer(target)
    if form.validate_on_submit():
        with form.showing_errors():
            flash(_set(what, form.level.data))
            db.session.commit()
            return redirect(shown.href, 303)
    state = bell.watch_state(what.kind, what.target_id, what.address)
    if form.level.data is None:
        form.level.data = state.level or (target.default if state.own else NONE)
    body = render_template(
        "notifications/watch.html",
        form=form,
        shown=shown,
        details={level.value: sentence for level, sentence in target.levels.items()},
        own=state.own,
        kind=what.kind,
        viewer_id=viewer.id,
    )
    return body, 422 if request.method == "POST" else 200


def _shown(what: Watched) -> Shown:
    """Return what is to be watched as the viewer sees it, or raise NotFound."""
    viewer, target = current_viewer(), target_of(what.kind)
    target.check(viewer, what.target_id)
    # Not added to the session: it only carries the question.
    row = Watch(id=0, kind=what.kind, target_id=what.target_id, address=what.address)
    found = target.shown(viewer, [row]).get(0)
    if found is None:
        raise NotFound
    return found


def _set(what: Watched, chosen: str) -> str:
    if chosen == NONE:
        operations.stop(by=current_viewer(), what=what)
        return _("You watch this no longer.")
    level = Level(chosen)
    operations.watch(by=current_viewer(), what=what, level=level)
    if level is Level.MUTE:
        return _("You will hear nothing of this.")
    if level is Level.MENTIONS:
        return _("You hear of this only when somebody mentions or answers you.")
    return _("You watch this now. What is new stands behind the bell.")


@bp.route("/account/watching", methods=["GET", "POST"])
@form_says_expired
@login_required
def watching() -> ResponseReturnValue:
    """Everything one watches, and how one is told."""
    viewer = current_viewer()
    form = TellingForm.of(queries.chosen(viewer))
    if form.validate_on_submit():
        operations.choose(
            by=viewer,
            mail=Frequency(form.mail.data),
            own=bool(form.own.data),
            asked=bool(form.asked.data),
        )
        db.session.commit()
        flash(_("Your choice is saved."))
        return redirect(url_for("notifications.watching"), 303)
    page = queries.watches(viewer, before=request.args.get("before", type=int))
    body = render_template(
        "notifications/watching.html",
        form=form,
        rows=_rows(page.items),
        # Beside the newest: they are told of without having been chosen.
        circles=names_of(queries.unsaid_circles(viewer)) if not request.args.get("before") else [],
        older=page.older,
        mornings=mornings(viewer.timezone),
        ended=_ended(),
        none=NONE,
    )
    return body, 422 if request.method == "POST" else 200


def _rows(watches: Any) -> list[dict[str, Any]]:
    """Return the watches of a page as it shows them, in a query for each kind."""
    viewer = current_viewer()
    shown: dict[int, Shown] = {}
    for kind in {row.kind for row in watches if row.kind in TARGETS}:
        shown |= TARGETS[kind].shown(viewer, [row for row in watches if row.kind == kind])
    return [
        {
            "id": row.id,
            "kind": TARGETS[row.kind].label,
            "shown": shown.get(row.id),
            "instead": words_of(row),
            "level": row.level,
            "levels": _levels(TARGETS[row.kind]),
        }
        for row in watches
        if row.kind in TARGETS
    ]


def _levels(target: Target) -> list[tuple[str, Any]]:
    return [(level.value, LEVELS[level]) for level in target.levels]


def _ended() -> dict[str, Any] | None:
    """Return what was taken from the list a moment ago, for the button that puts it back."""
    kind, level = request.args.get("ended", ""), request.args.get("level", "")
    if kind not in TARGETS or level not in {one.value for one in TARGETS[kind].levels}:
        return None
    what = _named(kind, request.args)
    try:
        shown = _shown(what)
    except NotFound:
        return None
    fields = {"kind": kind, "target": what.target_id, "address": what.address, "level": level}
    return {"shown": shown, "fields": fields}


def _named(kind: str, given: MultiDict[str, str]) -> Watched:
    """Return what a button or an address names; a number that nothing can have names nothing."""
    if kind == "search":
        return Watched(kind, address=address_of(parse_qsl(given.get("address", ""))))
    return Watched(kind, max(0, min(given.get("target", 0, type=int), queries.MAX_ID)))


@bp.post("/account/watching/<int:watch_id>")
@login_required
def change(watch_id: int) -> ResponseReturnValue:
    """Change the level of one thing in the list, or take it from the list."""
    viewer = current_viewer()
    chosen = request.form.get("level", "")
    if chosen != NONE:
        if chosen not in {level.value for level in Level}:
            raise NotFound
        operations.change(by=viewer, watch_id=watch_id, level=Level(chosen))
        db.session.commit()
        flash(_("Your choice is saved."))
        return redirect(url_for("notifications.watching"), 303)
    row = queries.own_watch(viewer, watch_id)
    gone: dict[str, Any] = {
        "ended": row.kind,
        "target": row.target_id,
        "address": row.address,
        "level": row.level,
    }
    operations.stop(by=viewer, what=Watched(row.kind, row.target_id, row.address))
    db.session.commit()
    return redirect(url_for("notifications.watching", **gone), 303)


@bp.post("/account/watching/again")
@login_required
def again() -> ResponseReturnValue:
    """Put back what was taken from the list."""
    what = _named(request.form.get("kind", ""), request.form)
    try:
        level = Level(request.form.get("level", ""))
    except ValueError:
        raise NotFound from None
    with flashing_errors():
        operations.watch(by=current_viewer(), what=what, level=level)
        db.session.commit()
        flash(_("It is in your list again."))
    return redirect(url_for("notifications.watching"), 303)


@bp.route("/mails/<token>", methods=["GET", "POST"])
def mails(token: str) -> ResponseReturnValue:
    """The links of a mail: end mails of its kind, or hear no more of one thread.

    A look only asks; the button acts, or a mail program by itself (RFC 8058), signed in or not.
    """
    found = mailed.found(token)
    # Whoever follows the link of a mail reads the language of the mail, in whatever program it opens.
    prefer_lang(found.user.language)
    state, was = "", ""
    if request.method == "POST":
        state = "undone" if request.form.get("act") == "undo" else "done"
        was = mailed.act(found, undone=state == "undone", was=request.form.get("was", ""))
        db.session.commit()
    return render_template("notifications/mails.html", found=found, state=state, was=was)


# A mail program has no session and so no token of one; the signature in the address is what counts.
csrf.exempt(mails)
