"""Deciding about a proposal: accept it, as it is or amended, or decline it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.i18n import _
from cop.core.types import Lang
from cop.people.sessions import current_viewer, only_for
from cop.proposals import deciding, queries
from cop.proposals.forms import DecisionForm, decision_class
from cop.proposals.pages import proposal_answer
from cop.proposals.policy import require_curator
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text

bp = Blueprint("deciding_proposals", __name__)


@bp.post("/proposals/<int:proposal_id>/decision")
@form_says_expired
@only_for(require_curator)
@keeps_typed_text
def decide(proposal_id: int) -> ResponseReturnValue:
    """Accept or decline; where the page or the proposal changed meanwhile, show both again."""
    proposal = queries.get(current_viewer(), proposal_id)
    form = decision_class(proposal.kind)()
    if form.validate():
        with form.showing_conflicts():
            _decide(form, proposal_id, Lang(proposal.lang))
            db.session.commit()
            own = proposal.author_id == current_viewer().id
            flash(
                _("The page is published.")
                if own
                else _("It is decided, and the proposer is told.")
            )
            return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)
    return proposal_answer(proposal_id, form, form.status)


def _decide(form: DecisionForm, proposal_id: int, lang: Lang) -> None:
    by, version, reason = current_viewer(), form.version_number, form.reason.data or ""
    if request.form.get("act") == "decline":
        deciding.decline(by=by, proposal_id=proposal_id, version=version, reason=reason)
        return
    deciding.accept(
        by=by,
        proposal_id=proposal_id,
        version=version,
        onto_id=form.onto_id,
        text=form.text(lang),
        reason=reason,
    )
