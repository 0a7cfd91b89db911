"""The pages under `/moderation/`: the queue, a case with its decision, and the log."""

from collections.abc import Callable
from typing import Any

import structlog
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from cop.core.db import db
from cop.core.i18n import _, current_lang
from cop.entries import mentions, queries
from cop.entries.comparing import shown
from cop.entries.kinds import KINDS
from cop.entries.models import Case, Visibility
from cop.entries.thread import html_of
from cop.moderation import curating, deciding, log, queue
from cop.moderation.admin_forms import ROLES
from cop.moderation.flagging import REASONS
from cop.moderation.forms import IN_CIRCLE, ITEMS, PERSONS, DecisionForm, details
from cop.moderation.policy import (
    acting,
    may_decide,
    require_decider,
    require_keeper,
    require_moderator,
)
from cop.moderation.queue import Line
from cop.people.sessions import current_viewer, only_for
from cop.people.viewer import Grant, Viewer
from cop.proposals.policy import may_decide as may_curate
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired

bp = Blueprint("moderation", __name__, url_prefix="/moderation")

_log = structlog.get_logger(__name__)


moderators_only = only_for(require_moderator)
#: Moderators, and the hosts of circles: each sees what she may decide.
deciders_only = only_for(require_decider)


@bp.app_context_processor
def _waiting() -> dict[str, Any]:
    return {
        "cases_waiting": cases_waiting,
        "work_on": lambda subject: curating.work_on(current_viewer(), subject),
    }


def cases_waiting() -> int:
    """Return how much waits for who looks, cases and what curators decide."""
    return sum(_numbers())


def cases_behind_the_bell() -> int:
    """Return how many cases wait for who looks: for them somebody waits."""
    return _numbers()[0]


def _numbers() -> tuple[int, int]:
    """Return how many cases, and how much for curators, wait for who looks; asked once a request.

    Every page of a moderator or curator says it, so it must never fail one.
    """
    viewer = current_viewer()
    if not (may_decide(viewer) or may_curate(viewer)):
        return 0, 0
    kept = g.get("cases_waiting")
    if kept is not None and kept[0] is request.environ:
        found: tuple[int, int] = kept[1]
        return found
    try:
        decides = [queue.number(viewer)] if may_decide(viewer) else []
        row = db.session.execute(select(*decides, *curating.numbers(viewer))).one()
        found = (row[0] if decides else 0, sum(row[len(decides) :]))
    except SQLAlchemyError:
        _log.exception("moderation.count")
        db.session.rollback()
        found = 0, 0
    g.cases_waiting = (request.environ, found)
    return found


@bp.get("/")
@only_for(require_keeper)
def index() -> ResponseReturnValue:
    """Show what waits, oldest first; to who only curates, what waits about pages."""
    if not may_decide(current_viewer()):
        return redirect(url_for("page_queue.index"), 303)
    view = request.args.get("view", "")
    page = queue.page(current_viewer(), view=view, after=request.args.get("after"))
    return render_template("moderation/queue.html", page=page, view=view)


@bp.get("/<int:case_id>")
@deciders_only
def case(case_id: int) -> ResponseReturnValue:
    """Show a case and the form that decides it."""
    found = queue.get(current_viewer(), case_id)
    form = DecisionForm(None)
    return _case_page(found, form)


@bp.post("/<int:case_id>/claim")
@deciders_only
def claim(case_id: int) -> ResponseReturnValue:
    """Say that one is at work on a case."""
    return _try(lambda: deciding.claim(by=current_viewer(), case_id=case_id), case_id)


@bp.post("/<int:case_id>/claim/end")
@deciders_only
def release(case_id: int) -> ResponseReturnValue:
    """Let a case go that one had claimed."""
    return _try(lambda: deciding.release(by=current_viewer(), case_id=case_id), case_id)


def _try(act: Callable[[], Case], case_id: int) -> ResponseReturnValue:
    with flashing_errors():
        act()
        db.session.commit()
    return redirect(url_for("moderation.case", case_id=case_id), 303)


@bp.post("/<int:case_id>/decision")
@form_says_expired
@deciders_only
def decide(case_id: int) -> ResponseReturnValue:
    """Decide a case; where somebody was faster, say so and keep what was typed."""
    form = DecisionForm()
    if form.validate():
        with form.showing_conflicts():
            deciding.decide(
                by=current_viewer(),
                case_id=case_id,
                number=form.case_number,
                verdict=form.verdict,
            )
            db.session.commit()
            flash(_("It is decided."))
            return redirect(url_for("moderation.index"), 303)
    return _case_page(queue.get(current_viewer(), case_id), form), form.status


def _case_page(found: Case, form: DecisionForm) -> str:
    viewer = current_viewer()
    (line,) = queue.lines(viewer, [found])
    viewer = acting(viewer, found, line.entry)
    in_circle = line.entry.visibility == Visibility.CIRCLE
    form.offer(
        deciding.options(line.entry, line.comment),
        deciding.person_options(viewer, found, line.entry),
    )
    form.number.data = str(found.number)
    return render_template(
        "moderation/case.html",
        line=line,
        html=mentions.shown(viewer, line.entry, html_of(line.comment)) if line.comment else "",
        whole=_whole(viewer, line) if found.passed_on else [],
        flags=queue.flags_of(found),
        released=deciding.released_with(found, line.entry),
        reasons=REASONS,
        form=form,
        item_details=details(ITEMS) | (details(IN_CIRCLE) if in_circle else {}),
        person_details=details(PERSONS),
    )


def _whole(viewer: Viewer, line: Line) -> list[tuple[str, str]]:
    """Return the whole text of an entry that was passed on: its page is closed to who is to decide about it."""
    if line.comment is not None:
        return []
    entry = queries.get(viewer, line.entry.id)
    text = queries.text_for(entry, current_lang())
    html = shown(viewer, entry, queries.current(text))
    return [(text.lang, html[key]) for key in KINDS[entry.kind].sections if html.get(key)]


@bp.get("/log", endpoint="log")
@moderators_only
def read_log() -> ResponseReturnValue:
    """Show the log, whole or a part of it."""
    part, who = request.args.get("part", ""), request.args.get("who", "").strip().lstrip("@")
    entry_id = request.args.get("entry", 0, type=int)
    page = log.page(
        current_viewer(),
        part=part,
        who=who,
        entry_id=entry_id,
        older=request.args.get("older"),
    )
    roles = {grant.value: label for grant, label in ROLES.items()}
    return render_template(
        "moderation/log.html",
        page=page,
        part=part,
        who=who,
        entry_id=entry_id,
        roles=roles,
        is_admin=current_viewer().has(Grant.ADMIN),
    )
