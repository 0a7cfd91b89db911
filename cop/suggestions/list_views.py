"""What curators look at in the lists of terms: names that collide, terms that overlap, terms nothing carries."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cop.people.sessions import current_viewer, only_for
from cop.suggestions import usage
from cop.terms.clashing import clashes
from cop.terms.operations import require_keeper
from cop.terms.refs import ref_of

bp = Blueprint("term_lists", __name__, url_prefix="/terms")


@bp.get("/review")
@only_for(require_keeper)
def review() -> ResponseReturnValue:
    """Terms that may be one, and terms that nothing carries; each leads to merging and editing."""
    viewer = current_viewer()
    pairs = [(pair, ref_of(pair.one), ref_of(pair.other)) for pair in clashes()]
    overlaps = [(pair, ref_of(pair.one), ref_of(pair.other)) for pair in usage.overlapping(viewer)]
    shown = {ref.id for _pair, *both in (*pairs, *overlaps) for ref in both}
    return render_template(
        "suggestions/review.html",
        clashes=pairs,
        overlaps=overlaps,
        unused=[ref_of(term) for term in usage.unused(viewer)],
        counts=usage.carried(viewer, shown),
    )
