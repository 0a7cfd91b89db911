"""Pages of case notes: the list, one note, the editor."""

import secrets
from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import Forbidden
from cop.core.i18n import _, current_lang
from cop.core.text import clean
from cop.core.types import Lang
from cop.entries import drafts as draft_operations, queries
from cop.entries.around import around
from cop.entries.cards import cards
from cop.entries.comparing import shown as words_shown
from cop.entries.draft import Origin
from cop.entries.editing_views import is_told
from cop.entries.enclosures import NOTHING, of_entry
from cop.entries.image_views import take_files
from cop.entries.keeping import is_closed, only_looking
from cop.entries.mention_views import say_who_was_left_out_of
from cop.entries.models import Entry, LinkKind, Revision, Status
from cop.entries.operations import TITLE_LIMIT, key_of_form
from cop.entries.pages import SENT, TALK_ARGS, reading, talk_of_request
from cop.entries.readers_field import readers_of_request
from cop.entries.revising import Revised
from cop.entries.saying import comment_form
from cop.entries.views import url_of
from cop.notes import narrowing, operations, queries as notes
from cop.notes.draft import SECTIONS, TERM_FIELDS
from cop.notes.editor import EDITING, editor_page
from cop.notes.forms import CaseNoteForm
from cop.notes.keeping import kept_or_previewed, told_already
from cop.notes.living import facts_of
from cop.notes.narrowing import NoteFilter
from cop.notes.occasions import came_of
from cop.notes.operations import KIND
from cop.notes.revising import revise_note
from cop.notes.trying import shown_beside
from cop.notes.wording import DURABILITY, EVIDENCE, FACT_TITLES, SECTION_TITLES, period, separator
from cop.people.sessions import current_viewer, login_required
from cop.terms.queries import choices
from cop.web.addresses import kept_args
from cop.web.cache import public_page
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text
from cop.web.uploads import takes_files

bp = Blueprint("notes", __name__, url_prefix="/notes")

_FILTERS = ("strategy", "sector", "place", "outcome", "evidence", "text")


@bp.get("/")
@public_page()
def index() -> ResponseReturnValue:
    """The list of notes, narrowed as the address says."""
    viewer = current_viewer()
    narrow = filter_of_request()
    page = queries.page(
        narrowing.index(viewer, narrow),
        older=request.args.get("older"),
        newer=request.args.get("newer"),
    )
    return render_template(
        "notes/index.html",
        cards=cards(viewer, page.items),
        page=page,
        narrow=narrow,
        chosen=notes.chips(asdict(narrow)),
        facets={
            scheme: choices(scheme, current_lang())
            for scheme in ("strategy", "sector", "place", "outcome", "evidence")
        },
    )


def filter_of_request() -> NoteFilter:
    """Return the filter the address holds; empty and repeated values are dropped."""
    lists = {
        name: tuple(dict.fromkeys(value for value in request.args.getlist(name) if value))
        for name in _FILTERS
    }
    since, until = (request.args.get(name, "").strip()[:20] for name in ("since", "until"))
    return NoteFilter(**lists, since=since, until=until)


@bp.get("/<int:entry_id>")
@bp.get("/<int:entry_id>-<slug>")
@public_page("text")
def show(entry_id: int, slug: str = "") -> ResponseReturnValue:
    """One note, in the reader's language where it is told in it."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
    if slug != text.slug and slug not in {told.slug for told in entry.texts}:
        kept = kept_args("text", *TALK_ARGS)
        return redirect(url_for("notes.show", entry_id=entry.id, slug=text.slug, **kept), 301)
    revision = queries.current(text)
    html, facts = words_shown(viewer, entry, revision), notes.shown(entry)
    near = notes.near(viewer, entry, facts)
    there = around(viewer, entry, also=near)
    talk = talk_of_request(viewer, entry, there)
    return render_template(
        "notes/show.html",
        page=reading(viewer, entry, text, revision),
        facts=facts,
        period=period(facts.note.started, facts.note.ended, facts.note.period_text),
        evidence=EVIDENCE[facts.note.evidence],
        durability=DURABILITY,
        term_rows=[(scheme, FACT_TITLES[name]) for name, scheme in TERM_FIELDS.items()],
        separator=separator(),
        near=there.headings_of(near),
        discussed_in=there.headings(LinkKind.ABOUT),
        **shown_beside(viewer, entry, there),
        sections=[(key, SECTION_TITLES[key], html[key]) for key in SECTIONS if html.get(key)],
        attached=of_entry(entry) if there.has_attachments else NOTHING,
        talk=talk,
        talk_form=comment_form(talk),
    )


@bp.get("/new")
@login_required
@keeps_typed_text
def new() -> ResponseReturnValue:
    """The empty editor, or a draft taken up again."""
    if (kept := EDITING.taken_up()) is not None:
        return kept
    form = CaseNoteForm(
        None,
        data={
            "lang": current_lang().tag,
            "form_key": secrets.token_urlsafe(12),
            "title": clean(request.args.get("title", ""), multiline=False)[:TITLE_LIMIT],
            "strategies": request.args.getlist("strategy"),
            **readers_of_request(),
            "occasion": request.args.get("workshop", ""),
            "at_occasion": True,
        },
    )
    return editor_page(form)


@bp.post("/")
@takes_files
@login_required
@form_says_expired
@keeps_typed_text
def create() -> ResponseReturnValue:
    """Publish a note, or show the editor again with what it lacks."""
    form = CaseNoteForm()
    take_files(form)
    if only_looking():
        return kept_or_previewed(form)
    viewer = current_viewer()
    if (
        form.validate()
        and form.is_whole()
        and not form.gives_itself_away(notes.own_organisation(viewer)[0])
    ):
        with form.showing_errors():
            key = key_of_form(viewer, form.form_key.data) if form.form_key.data else None
            made = operations.post_note(
                by=viewer,
                draft=form.note_draft,
                origin=Origin(key=key),
                organisation_name=form.named,
            )
            entry = queries.get(viewer, made.id, KIND)
            if form.says_more_than(viewer, entry, _first_published(entry, form.language)):
                return _published_before(form, entry), 409
            draft_operations.discard_draft(
                by=viewer, draft_id=form.draft_id, page=form.page, became=entry
            )
            named = came_of(by=viewer, number=form.occasion_id, note=entry)
            db.session.commit()
            held = made.status == Status.HELD
            thanks = _(
                "Your note is published. Thank you: somebody will find it when they need it."
            )
            flash(str(SENT) if held else thanks)
            if form.occasion_id and not named:
                flash(_("The workshop cannot name your note any more."), "error")
            say_who_was_left_out_of(entry, form.text)
            return redirect(url_of(entry), 303)
    return editor_page(form), 422


def _first_published(entry: Entry, lang: Lang) -> Revision:
    """Return what a form first published; where its words were removed, what stands there now."""
    text = queries.text_for(entry, lang)
    first = queries.revision_of(text, 1)
    return first if first.suppressed_at is None else queries.current(text)


def _published_before(form: CaseNoteForm, entry: Entry) -> str:
    """Show the editor of a note that this very form published, when it was sent again with something else in it."""
    fresh = queries.get(current_viewer(), entry.id, KIND)
    first = _first_published(fresh, form.language)
    form.base.data = form.facts_base.data = str(first.id)
    form.form_errors.append(
        _("This note is published already. Publish again to add the changes you made since.")
    )
    return editor_page(form, fresh)


@bp.get("/<int:entry_id>/edit")
@login_required
@keeps_typed_text
def edit(entry_id: int) -> ResponseReturnValue:
    """The editor of a note that exists, in one of its languages."""
    return EDITING.edit(entry_id)


@bp.post("/<int:entry_id>/edit")
@takes_files
@login_required
@form_says_expired
@keeps_typed_text
def update(entry_id: int) -> ResponseReturnValue:
    """Publish a new state of a note; where somebody changed the same passage, show both."""
    viewer = current_viewer()
    form = CaseNoteForm()
    take_files(form)
    entry = queries.get(viewer, entry_id, KIND)
    closed = is_closed(entry)
    form.visibility.keep(entry)
    if only_looking():
        return kept_or_previewed(form, entry)
    if closed:
        return EDITING.closed(form, entry), 409
    facts = form.kept = facts_of(queries.latest_facts(entry))
    if (
        form.validate()
        and form.is_whole()
        and not form.gives_itself_away(
            notes.own_organisation(viewer)[0], before=(entry.name_mask, facts.organisation)
        )
    ):
        return EDITING.published(form, entry_id, lambda: _revised(form, entry_id))
    return editor_page(form, queries.get(viewer, entry_id, KIND)), 422


def _revised(form: CaseNoteForm, entry_id: int) -> Revised:
    return revise_note(
        by=current_viewer(),
        entry_id=entry_id,
        base_id=form.base_id,
        facts_base_id=form.facts_base_id,
        draft=form.text,
        facts=form.facts,
        signature=form.signature,
        organisation_name=form.named,
        change=form.change,
    )


@bp.get("/<int:entry_id>/translate/<lang>")
@login_required
@keeps_typed_text
def translate(entry_id: int, lang: str) -> ResponseReturnValue:
    """The form that tells a note in the language it lacks."""
    return EDITING.translate(entry_id, lang)


@bp.post("/<int:entry_id>/translate/<lang>")
@login_required
@form_says_expired
@keeps_typed_text
def add_translation(entry_id: int, lang: str) -> ResponseReturnValue:
    """Publish a note's text in the language it lacked."""
    entry, wanted = EDITING.to_tell(entry_id, lang)
    form = CaseNoteForm()
    form.lang.data = wanted.tag
    answer = _instead_of_telling(form, entry, wanted)
    if answer is None and form.validate() and form.is_whole(telling=True):
        answer = _told(form, entry, wanted)
    if answer is None:
        # What was loaded before an error is read anew, since the transaction was rolled back.
        entry, wanted = EDITING.to_tell(entry_id, lang)
        answer = _instead_of_telling(form, entry, wanted)
    return answer or (
        editor_page(form, entry, original=queries.text_for(entry, wanted.other)),
        422,
    )


def _instead_of_telling(form: CaseNoteForm, entry: Entry, lang: Lang) -> ResponseReturnValue | None:
    """Return the answer to what cannot or shall not be published as a new telling, else None."""
    original = queries.text_for(entry, lang.other)
    closed = is_closed(entry)
    if only_looking():
        return kept_or_previewed(form, entry, original=original)
    if closed:
        return EDITING.closed(form, entry, original), 409
    return told_already(form, entry, lang) if is_told(entry, lang) else None


def _told(form: CaseNoteForm, entry: Entry, lang: Lang) -> ResponseReturnValue | None:
    viewer = current_viewer()
    try:
        with form.showing_errors():
            said = form.said_of(lang)
            operations.add_text(by=viewer, entry=entry, text=form.text, said=said)
            draft_operations.discard_draft(by=viewer, draft_id=form.draft_id, page=form.page)
            db.session.commit()
            flash(_("The note is now told in both languages."))
            fresh = queries.get(viewer, entry.id, KIND)
            return redirect(url_of(fresh, queries.text_for(fresh, lang)), 303)
    except Forbidden:
        db.session.rollback()
    return None


@bp.post("/drafts")
@login_required
def autosave() -> ResponseReturnValue:
    """Keep the form while its author writes; answers the editor's script."""
    return EDITING.autosave()
