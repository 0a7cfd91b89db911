"""Curators put a page first for a while, or take it from there."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import _, _l, current_lang
from cop.core.types import Lang
from cop.entries import featuring, queries
from cop.entries.cards import headings
from cop.people.sessions import current_viewer, login_required
from cop.web.csrf import form_says_expired
from cop.web.forms import BaseForm
from cop.web.headers import keeps_typed_text

bp = Blueprint("featuring", __name__, url_prefix="/entries/<int:entry_id>/featuring")

#: So long a page stands first where nobody says otherwise.
USUAL = timedelta(days=30)


class FeatureForm(BaseForm):
    """Why a page stands first, in one language or both, and until when."""

    reason_zh = StringField(_l("Reason, in Chinese"))
    reason_en = StringField(_l("Reason, in English"))
    until = StringField(_l("Until"))


@bp.get("/")
@login_required
@keeps_typed_text
def index(entry_id: int) -> ResponseReturnValue:
    """The form, filled with what stands."""
    entry = queries.get(current_viewer(), entry_id)
    featuring.require_featuring(current_viewer(), entry)
    now = featuring.last(entry)
    usual = (clock.now().date() + USUAL).isoformat()
    reason = now.reason if now else {}
    data = {
        "reason_zh": reason.get(Lang.ZH.value, ""),
        "reason_en": reason.get(Lang.EN.value, ""),
        "until": now.until.isoformat() if now else usual,
    }
    return _page(entry_id, FeatureForm(None, data=data))


@bp.post("/")
@login_required
@form_says_expired
@keeps_typed_text
def change(entry_id: int) -> ResponseReturnValue:
    """Put the page first, or take it from there."""
    viewer, form = current_viewer(), FeatureForm()
    if form.validate():
        with form.showing_errors():
            if request.form.get("act") == "end":
                featuring.unfeature(by=viewer, entry_id=entry_id)
                said = _("It stands first no longer.")
            else:
                told = {
                    Lang.ZH.value: form.reason_zh.data or "",
                    Lang.EN.value: form.reason_en.data or "",
                }
                new = featuring.feature(
                    by=viewer, entry_id=entry_id, reason=told, until=form.until.data or ""
                )
                said = _("It stands on the front page now.") if new else _("Nothing was changed.")
            db.session.commit()
            flash(said)
            return redirect(url_for("entries.show", entry_id=entry_id), 303)
    return _page(entry_id, form), 422


def _page(entry_id: int, form: FeatureForm) -> str:
    entry = queries.get(current_viewer(), entry_id)
    featuring.require_featuring(current_viewer(), entry)
    (heading,) = headings([entry]) or (None,)
    return render_template(
        "entries/feature.html",
        feature_form=form,
        entry=entry,
        heading=heading,
        now=featuring.last(entry),
        lang_now=current_lang(),
    )
