"""Curators cite case notes at the steps and sections of a practice page, and take citations out."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, StringField

from cop.core.db import db
from cop.core.i18n import _, _l, current_lang
from cop.core.types import Lang
from cop.entries import policy, queries
from cop.entries.cards import headings
from cop.entries.comparing import shown
from cop.entries.models import Entry, Revision, Text
from cop.entries.policy import Act
from cop.people.sessions import current_viewer, login_required
from cop.people.viewer import Viewer
from cop.practices import evidence, queries as practices
from cop.practices.draft import PLACES, SECTION_TITLES, SECTIONS, STEPS, PracticeFacts
from cop.practices.kept import ledger_of
from cop.practices.operations import KIND, facts_now
from cop.practices.steps import steps
from cop.practices.table import notes_of
from cop.practices.wording import place
from cop.terms.vocabulary import vocabulary
from cop.web.csrf import form_says_expired
from cop.web.forms import BaseForm, number_of
from cop.web.headers import keeps_typed_text

bp = Blueprint("evidence", __name__, url_prefix="/practices/<int:entry_id>/evidence")

#: So many notes on the strategy are offered; others are named by their address.
OFFERED = 50
_REMOVE = "remove:"


class EvidenceForm(BaseForm):
    """Which note is cited where, and why; or which citation is taken out."""

    at = SelectField(_l("Where in the page"), choices=[], validate_choice=False)
    note = SelectField(_l("Case note"), choices=[], validate_choice=False)
    address = StringField(_l("Or the address of a case note"))
    reason = StringField(_l("Reason"))
    #: The citations the page showed.
    seen = HiddenField()

    @property
    def note_id(self) -> int:
        """The note that is meant: the one whose address was typed, else the one chosen; 0 where neither is one."""
        if not self.address.data:
            return number_of(self.note.data)
        last = self.address.data.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
        return number_of(last.split("-")[0])


@bp.get("/")
@login_required
@keeps_typed_text
def index(entry_id: int) -> ResponseReturnValue:
    """What a page cites where, and the form that cites one more."""
    return _page(entry_id, EvidenceForm(None, data={"at": request.args.get("at", "")}))


@bp.post("/")
@login_required
@form_says_expired
@keeps_typed_text
def change(entry_id: int) -> ResponseReturnValue:
    """Cite a note, or take a citation out, as a revision that says why."""
    viewer, form = current_viewer(), EvidenceForm()
    act, lang = request.form.get("act", ""), _lang()
    if form.validate():
        with form.showing_errors():
            if act.startswith(_REMOVE):
                evidence.take_out(
                    by=viewer,
                    entry_id=entry_id,
                    number=number_of(act.removeprefix(_REMOVE)),
                    seen=form.seen.data or "",
                    reason=form.reason.data or "",
                    lang=lang,
                )
                said = _("The citation is taken out; the history says why.")
            else:
                made = evidence.attach(
                    by=viewer,
                    entry_id=entry_id,
                    note_id=form.note_id,
                    at=form.at.data or "",
                    reason=form.reason.data or "",
                    lang=lang,
                )
                said = _("It is cited there now.") if made else _("Nothing was changed.")
            db.session.commit()
            flash(said)
            where = url_for("evidence.index", entry_id=entry_id, text=request.args.get("text"))
            return redirect(where, 303)
    return _page(entry_id, form), 422


def _lang() -> Lang:
    return Lang.of_tag(request.args.get("text", "")) or current_lang()


def _page(entry_id: int, form: EvidenceForm) -> str:
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    policy.require(viewer, Act.REVISE, entry)
    facts = facts_now(entry)
    text = queries.text_for(entry, _lang())
    form.seen.data = evidence.stamp(facts)
    return render_template(
        "practices/evidence.html",
        evidence_form=form,
        entry=entry,
        text=text,
        href=url_for("practices.show", key=practices.key_of(viewer, entry.id)),
        places=_places(viewer, entry, text, facts),
        rows=_rows(viewer, facts),
        offered=_offered(viewer, facts),
    )


def _rows(viewer: Viewer, facts: PracticeFacts) -> list[tuple[str, Any, bool]]:
    """Return (place in words, link or None, whether the note is gone) of each citation."""
    found = evidence.cited(viewer, facts)
    notes = {one.entry.id: one.entry for one in found if one.entry is not None}
    told = dict(zip(notes, headings(list(notes.values())), strict=True))
    return [
        (
            place(one.at) if one.at else _("The whole page"),
            told[one.entry.id] if one.entry is not None else None,
            one.gone,
        )
        for one in found
    ]


def _places(
    viewer: Viewer, entry: Entry, text: Text, facts: PracticeFacts
) -> list[tuple[str, str]]:
    """Return (place, its words) of what a note can be cited at: each step, and each section that says something."""
    revision: Revision = queries.current(text)
    html = shown(viewer, entry, revision)
    told = []
    for section in SECTIONS:
        parts = steps(html.get(section, ""), ()) if section == STEPS else ()
        for number, step in enumerate(parts, start=1):
            at = f"{STEPS} {number}"
            # Translators: a step by its number, then what it says.
            words = _("%(step)s: %(words)s", step=place(at), words=step.html.striptags())
            told.append((at, words[:100]))
        if html.get(section) and not parts and section in PLACES:
            told.append((section, str(SECTION_TITLES[section])))
    return told


def _offered(viewer: Viewer, facts: PracticeFacts) -> list[tuple[int, str, str]]:
    """Return (id, title, language) of the newest notes on the strategy of the page."""
    term = vocabulary().by_key[facts.strategy]
    found = notes_of(viewer, ledger_of(viewer, term.id).uses[:OFFERED])
    return [(card.id, card.title, card.lang) for card in found]
