"""What the pages of suggested terms show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from sqlalchemy import select
from wtforms import HiddenField, StringField

from cop.core.db import db
from cop.core.i18n import _, current_lang, pick
from cop.entries import queries as entries
from cop.entries.cards import headings
from cop.entries.models import Draft
from cop.people.models import User
from cop.people.sessions import current_viewer
from cop.suggestions import queries
from cop.suggestions.forms import DecisionForm, SuggestionForm, worded
from cop.suggestions.wording import STATES
from cop.terms.models import Suggestion
from cop.terms.near import like_names
from cop.terms.queries import Choice, choices
from cop.terms.refs import TermRef, ref_of
from cop.terms.suggesting import open_schemes
from cop.terms.tending import may_tend
from cop.terms.views import scheme_title
from cop.terms.vocabulary import TermView, vocabulary


@dataclass(frozen=True)
class Row:
    """A suggested term in a list."""

    id: int
    name: str
    name_lang: str
    other: str
    scheme: str
    scheme_lang: str
    by: str
    why: str
    state: str
    state_words: Any
    opened_at: datetime


def rows_of(suggestions: Sequence[Suggestion]) -> list[Row]:
    """Return suggestions as lists show them; who made them is read in one query."""
    ids = {one.author_id for one in suggestions if one.author_id}
    found = db.session.scalars(select(User).where(User.id.in_(ids))) if ids else ()
    return [_row(one, {user.id: user for user in found}) for one in suggestions]


def _row(row: Suggestion, people: dict[int, User]) -> Row:
    name, lang = pick(row.name, current_lang())
    other = row.name.get(lang.other, "")
    scheme, scheme_lang = scheme_title(queries.scheme_of(row))
    user = people.get(row.author_id or 0)
    return Row(
        id=row.id,
        name=name,
        name_lang=lang.value,
        other="" if other == name else other,
        scheme=scheme,
        scheme_lang=scheme_lang,
        by=user.name if user is not None and user.active else _("Somebody who left"),
        why=row.why,
        state=row.state,
        state_words=STATES[row.state],
        opened_at=row.opened_at,
    )


def near(form: SuggestionForm) -> list[TermView]:
    """Return the terms whose names are like those typed."""
    return like_names(vocabulary(), form.name, open_schemes())


def form_page(form: SuggestionForm, near_terms: Sequence[TermView] = ()) -> str:
    """Show the form; with the terms that are near, if there are any."""
    viewer = current_viewer()
    draft = _draft(form)
    entry = entries.get(viewer, form.entry_id) if form.entry_id else None
    return render_template(
        "suggestions/new.html",
        suggestion_form=form,
        schemes=[(key, *scheme_title(vocabulary().schemes[key])) for key in open_schemes()],
        near=[_near(term) for term in near_terms],
        draft=draft,
        entry=headings([entry])[0] if entry is not None else None,
    )


def _draft(form: SuggestionForm) -> Draft | None:
    if not form.draft_id or not entries.has_draft(current_viewer(), form.draft_id):
        return None
    return entries.draft(current_viewer(), form.draft_id)


def _near(term: TermView) -> tuple[TermRef, str, str]:
    meant, lang = pick(term.definition, current_lang())
    return ref_of(term), meant, lang.value


def suggestion_page(suggestion_id: int, form: DecisionForm | None = None) -> str:
    """Show a suggestion: to who made it what became of it, to a curator the form that decides."""
    viewer = current_viewer()
    row = queries.get(viewer, suggestion_id)
    decides = row.is_open and may_tend(viewer)
    term = queries.term_of(row)
    scheme = queries.scheme_of(row)
    found = like_names(vocabulary(), row.name, open_schemes()) if decides else []
    entry = queries.to_tag(viewer, row)
    (shown,) = rows_of([row])
    return render_template(
        "suggestions/show.html",
        suggestion=row,
        row=shown,
        scheme=scheme,
        definition=pick(row.definition, current_lang()),
        decided_by=_name(row.decided_by_id),
        term=ref_of(term) if term is not None else None,
        to_tag=headings([entry])[0] if entry is not None else None,
        is_mine=row.author_id == viewer.id,
        near=[_near(one) for one in found],
        decision_form=(form or worded(row)) if decides else None,
        late=(form.form_errors[:1], _typed(form, row)) if form and not decides else None,
        others=choices(scheme.key, current_lang()),
        all_others=_to_name(scheme.key, found),
    )


def _typed(form: DecisionForm, row: Suggestion) -> list[tuple[str, str]]:
    """Return what a curator typed into a form that comes too late, beside what was suggested, as (name, words)."""
    before = worded(row)
    return [
        (str(field.label.text), field.data)
        for field in form
        if isinstance(field, StringField)
        and not isinstance(field, HiddenField)
        and field.data
        and field.data != before[field.name].data
    ]


def _to_name(scheme: str, found: Sequence[TermView]) -> list[Choice]:
    """Return the terms a curator can name as saying the same: those of the list, and near ones of others."""
    offered = choices(scheme, current_lang())
    for term in found:
        if term.scheme != scheme:
            offered += [one for one in choices(term.scheme, current_lang()) if one.key == term.key]
    return offered


def _name(user_id: int | None) -> str:
    user = db.session.get(User, user_id) if user_id else None
    return user.name if user is not None and user.active else ""
