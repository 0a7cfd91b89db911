"""The page of people who can be found, for members."""

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.i18n import current_lang
from cop.discover import people
from cop.people.account_operations import own
from cop.people.sessions import current_viewer, login_required
from cop.people.viewer import Viewer
from cop.terms.carriers import Carried, Carriers
from cop.terms.queries import choices
from cop.terms.vocabulary import TermView

bp = Blueprint("members", __name__)


def with_people(carriers: Carriers) -> Carriers:
    """Return what tells the page of a term what carries it, and to members who wrote about it."""

    def told(viewer: Viewer, term: TermView, older: str | None, newer: str | None) -> Carried:
        carried = carriers(viewer, term, older, newer)
        if not viewer.is_member:
            return carried
        found = people.knowing_about(viewer, term.id)
        return replace(carried, people=found, more_people=url_for("members.index", term=term.key))

    return told


@bp.get("/people/")
@login_required
def index() -> ResponseReturnValue:
    """Find people by name, by what they say others may ask them, or by a term of notes they signed."""
    viewer = current_viewer()
    asked = people.sought(request.args.get("q", ""), request.args.get("term", ""))
    return render_template(
        "discover/people.html",
        asked=asked,
        page=people.people(viewer, asked, after=request.args.get("after")),
        strategies=choices("strategy", current_lang()),
        is_listed=own(viewer).listed,
    )
