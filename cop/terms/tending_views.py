"""Pages of curators who tend the vocabulary: edit a term, merge it, take that back; and what was changed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, _l, current_lang
from cop.people.sessions import current_viewer, login_required
from cop.terms import queries, tending
from cop.terms.forms import MergeForm, TermForm, UnmergeForm, filled
from cop.terms.operations import require_keeper
from cop.terms.vocabulary import TermView, vocabulary
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text

bp = Blueprint("tending", __name__, url_prefix="/terms/<scheme>/<key>")

#: Names of what a change is about.
PARTS: Mapping[str, Any] = {
    "name_zh": _l("Chinese name"),
    "name_en": _l("English name"),
    "other_zh": _l("Other Chinese names"),
    "other_en": _l("Other English names"),
    "definition_zh": _l("Definition in Chinese"),
    "definition_en": _l("Definition in English"),
    "broader": _l("Broader"),
    "related": _l("Related"),
}


def _term(scheme: str, key: str) -> TermView:
    """Return the term of this address, merged or not, or raise NotFound."""
    term = queries.get(key)
    if term.scheme != scheme:
        raise NotFound
    return term


def _address(term: TermView) -> str:
    return url_for("terms.show", scheme=term.scheme, key=term.key)


@bp.get("/edit")
@login_required
@keeps_typed_text
def edit(scheme: str, key: str) -> ResponseReturnValue:
    """The form of a term, filled with what stands."""
    term = _term(scheme, key)
    require_keeper(current_viewer())
    if term.merged_into is not None:
        living = queries.living(term)
        return redirect(url_for("tending.edit", scheme=living.scheme, key=living.key))
    return _form(term, filled(tending.draft_of(term), tending.stamp(term)))


@bp.post("/edit")
@login_required
@form_says_expired
@keeps_typed_text
def update(scheme: str, key: str) -> ResponseReturnValue:
    """Make a term what a curator says; what somebody else changed meanwhile is shown first."""
    term, form = _term(scheme, key), TermForm()
    require_keeper(current_viewer())
    now = tending.stamp(term)
    if form.validate() and form.base.data != now:
        form.base.data = now
        form.form_errors.append(
            _(
                "Somebody changed this term while you were writing. What stands now is below; "
                "publish again to put your words in its place."
            )
        )
        return _form(term, form, theirs=filled(tending.draft_of(term), now)), 409
    if not form.form_errors:
        with form.showing_errors():
            changed = tending.edit_term(
                by=current_viewer(), term=term, edit=form.edit, reason=form.reason.data or ""
            )
            db.session.commit()
            flash(_("The term is changed.") if changed else _("Nothing was changed."))
            return redirect(_address(term), 303)
    return _form(_term(scheme, key), form), 422


def _form(term: TermView, form: TermForm, theirs: TermForm | None = None) -> str:
    others = [one for one in queries.choices(term.scheme, current_lang()) if one.key != term.key]
    return render_template(
        "terms/edit.html",
        term=term,
        term_form=form,
        theirs=[
            (field.label.text, field.data)
            for field in theirs or ()
            if field.name in PARTS and field.data != form[field.name].data
        ],
        others=others,
        href=_address(term),
    )


@bp.get("/merge")
@login_required
def merge(scheme: str, key: str) -> ResponseReturnValue:
    """The form that merges a term into another."""
    require_keeper(current_viewer())
    into = request.args.get("into", "")
    return _merging(_term(scheme, key), MergeForm(None, data={"into": into}))


@bp.post("/merge")
@login_required
@form_says_expired
@keeps_typed_text
def do_merge(scheme: str, key: str) -> ResponseReturnValue:
    """Merge a term into another; its old key leads there."""
    term, form = _term(scheme, key), MergeForm()
    require_keeper(current_viewer())
    if form.validate():
        with form.showing_errors():
            into = tending.merge_term(
                by=current_viewer(),
                term=term,
                into=form.into.data or "",
                reason=form.reason.data or "",
            )
            db.session.commit()
            flash(_("The two terms are one now. For a day this can be taken back in the history."))
            return redirect(_address(into), 303)
    return _merging(_term(scheme, key), form), 422


def _merging(term: TermView, form: MergeForm) -> str:
    others = [one for one in queries.choices(term.scheme, current_lang()) if one.key != term.key]
    return render_template(
        "terms/merge.html", term=term, merge_form=form, others=others, href=_address(term)
    )


@bp.get("/apart/<other>")
@login_required
def apart(scheme: str, key: str, other: str) -> ResponseReturnValue:
    """Ask why two terms are two things."""
    require_keeper(current_viewer())
    return _apart(_term(scheme, key), _term(scheme, other), UnmergeForm(None))


@bp.post("/apart/<other>")
@login_required
@form_says_expired
@keeps_typed_text
def keep_apart(scheme: str, key: str, other: str) -> ResponseReturnValue:
    """Say that two terms are two things."""
    form, by = UnmergeForm(), current_viewer()
    require_keeper(by)
    one, another = _term(scheme, key), _term(scheme, other)
    if form.validate():
        with form.showing_errors():
            tending.keep_apart(by=by, term=one, other=another, reason=form.reason.data or "")
            db.session.commit()
            flash(_("The two are kept apart."))
            return redirect(url_for("term_lists.review"), 303)
    return _apart(one, another, form), 422


def _apart(term: TermView, other: TermView, form: UnmergeForm) -> str:
    return render_template("terms/apart.html", term=term, other=other, apart_form=form)


@bp.get("/history")
def history(scheme: str, key: str) -> ResponseReturnValue:
    """What curators changed about a term, with who and why; what was merged into it can be taken out here."""
    term, viewer = _term(scheme, key), current_viewer()
    words = vocabulary()
    names = {
        one.key: queries.page(viewer, one).ref.name
        for one in words.by_id.values()
        if one.scheme == scheme
    }
    return render_template(
        "terms/history.html",
        term=term,
        happened=tending.history(key),
        merged=[one for one in words.by_id.values() if one.merged_into == term.id],
        parts=PARTS,
        names=names,
        href=_address(term),
        undoable=tending.merged_lately() if tending.may_tend(viewer) else (),
    )


@bp.get("/unmerge")
@login_required
def unmerge(scheme: str, key: str) -> ResponseReturnValue:
    """Ask why a merging is taken back."""
    require_keeper(current_viewer())
    return _unmerging(_term(scheme, key), UnmergeForm(None))


@bp.post("/unmerge")
@login_required
@form_says_expired
@keeps_typed_text
def do_unmerge(scheme: str, key: str) -> ResponseReturnValue:
    """Take a merging back; the term stands for itself again."""
    term, form = _term(scheme, key), UnmergeForm()
    require_keeper(current_viewer())
    if form.validate():
        with form.showing_errors():
            tending.unmerge_term(by=current_viewer(), term=term, reason=form.reason.data or "")
            db.session.commit()
            flash(_("The merging is taken back; the term stands for itself again."))
            return redirect(_address(term), 303)
    return _unmerging(_term(scheme, key), form), 422


def _unmerging(term: TermView, form: UnmergeForm) -> str:
    return render_template(
        "terms/unmerge.html", term=term, unmerge_form=form, href=_address(queries.living(term))
    )
