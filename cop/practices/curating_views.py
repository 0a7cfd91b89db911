"""What curators do to practice pages: edit, tell in the other language, judge."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import _, _l, current_lang
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.cards import cards
from cop.entries.curated_form import CuratedForm
from cop.entries.curated_views import Desk, Words
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.people.sessions import current_viewer, login_required
from cop.practices import queries as practices
from cop.practices.contesting import new_contradictions
from cop.practices.draft import FACT_TITLES, SECTION_HINTS
from cop.practices.forms import GradeForm, PracticeForm, judged
from cop.practices.grading import Judgement, grade_page
from cop.practices.operations import facts_now
from cop.practices.revising import CURATED
from cop.practices.wording import GRADES, MEANINGS
from cop.terms.queries import Choice, choices
from cop.web.csrf import form_says_expired
from cop.web.filters import here
from cop.web.headers import keeps_typed_text

bp = Blueprint("curating", __name__, url_prefix="/practices")


def _offered(form: CuratedForm) -> list[Choice]:
    """Return the other strategies."""
    own = form[form.whole_by].data
    return [one for one in choices("strategy", current_lang()) if one.key != own]


def _address(entry: Entry, lang: Lang | None = None) -> str:
    more: dict[str, Any] = {"text": lang.tag} if lang and lang is not current_lang() else {}
    return url_for("practices.show", key=practices.key_of(current_viewer(), entry.id), **more)


DESK = Desk(
    CURATED,
    PracticeForm,
    Words(
        heading=_l("Edit practice page"),
        title_hint=_l("The name of the strategy."),
        choosing_hint=_l("Strategies a reader should look at too."),
        hints=SECTION_HINTS,
        elsewhere=_l(
            "Numbers, places and outcomes come from the case notes. "
            "The grade is set on a page of its own, with its reason."
        ),
        names=FACT_TITLES,
    ),
    offered=_offered,
    address=_address,
)
DESK.add_to(bp)


@bp.route("/<int:entry_id>/grade", methods=["GET", "POST"])
@login_required
@form_says_expired
@keeps_typed_text
def grade(entry_id: int) -> ResponseReturnValue:
    """Judge a page: its grade, the reason, and when it is looked at again."""
    entry = DESK.opened(entry_id, Act.GRADE)
    form = (
        GradeForm() if request.method == "POST" else GradeForm(None, data=judged(facts_now(entry)))
    )
    if request.method == "POST" and form.validate():
        with form.showing_errors():
            changed = grade_page(
                by=current_viewer(),
                entry_id=entry_id,
                judgement=Judgement(
                    form.grade.data or "",
                    form.reason.data or "",
                    current_lang(),
                    here(clock.now()).date(),
                    form.review_by.data or "",
                ),
                seen=form.seen.data or "",
            )
            db.session.commit()
            flash(_("Your judgement stands on the page.") if changed else _("Nothing was changed."))
            return redirect(_address(entry), 303)
    entry = DESK.opened(entry_id, Act.GRADE)
    now = facts_now(entry)
    form.seen.data = judged(now)["seen"]
    body = render_template(
        "practices/grade.html",
        form=form,
        entry=entry,
        text=queries.text_for(entry, current_lang()),
        href=_address(entry),
        now=GRADES[now.grade],
        contradicting=cards(current_viewer(), new_contradictions(current_viewer(), entry)),
        meanings={str(name): meaning for name, meaning in MEANINGS.items()},
    )
    return body, 422 if request.method == "POST" else 200
