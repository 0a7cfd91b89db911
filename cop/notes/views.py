"""Pages of case notes: the list, one note, the editor."""

import secrets
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _, current_lang
from cop.core.text import clean
from cop.core.types import Lang
from cop.entries import drafts as draft_operations, policy, queries
from cop.entries.cards import cards, headings
from cop.entries.comparing import shown as words_shown
from cop.entries.draft import Origin
from cop.entries.enclosures import of_entry
from cop.entries.image_views import take_files
from cop.entries.keeping import is_closed, only_looking, opened, saved
from cop.entries.mention_views import say_who_was_left_out_of
from cop.entries.models import Entry, Revision, Status
from cop.entries.operations import TITLE_LIMIT, key_of_form
from cop.entries.pages import SENT, TALK_ARGS, reading, talk_of_request
from cop.entries.policy import Act
from cop.entries.readers_field import readers_of_request
from cop.entries.revising import EditConflict
from cop.entries.saying import comment_form
from cop.notes import narrowing, operations, queries as notes
from cop.notes.draft import SECTIONS, TERM_FIELDS
from cop.notes.editor import conflict_page, editor_page, form_for_edit, form_for_telling
from cop.notes.forms import CaseNoteForm
from cop.notes.keeping import closed_page, form_of_draft, kept_or_previewed, told_already
from cop.notes.living import facts_of
from cop.notes.narrowing import NoteFilter
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
        return redirect(
            url_for(
                "notes.show", entry_id=entry.id, slug=text.slug, **kept_args("text", *TALK_ARGS)
            ),
            301,
        )
    revision = queries.current(text)
    html, facts = words_shown(viewer, entry, revision), notes.shown(entry)
    talk = talk_of_request(viewer, entry)
    return render_template(
        "notes/show.html",
        page=reading(viewer, entry, text, revision),
        facts=facts,
        period=period(facts.note.started, facts.note.ended, facts.note.period_text),
        evidence=EVIDENCE[facts.note.evidence],
        durability=DURABILITY,
        term_rows=[(scheme, FACT_TITLES[name]) for name, scheme in TERM_FIELDS.items()],
        separator=separator(),
        near=headings(notes.near(viewer, entry, facts)),
        discussed_in=headings(queries.telling_of(viewer, entry)),
        used_in_workshops=headings(queries.used_in(viewer, entry)),
        **shown_beside(viewer, entry),
        sections=[(key, SECTION_TITLES[key], html[key]) for key in SECTIONS if html.get(key)],
        attached=of_entry(entry),
        talk=talk,
        talk_form=comment_form(talk),
    )


@bp.get("/new")
@login_required
@keeps_typed_text
def new() -> ResponseReturnValue:
    """The empty editor, or a draft taken up again."""
    viewer = current_viewer()
    kept = request.args.get("draft", type=int)
    if kept:
        draft = queries.draft(viewer, kept)
        if draft.entry_id is not None:
            return redirect(url_for("notes.edit", entry_id=draft.entry_id, draft=draft.id))
        return editor_page(opened(CaseNoteForm, draft))
    form = CaseNoteForm(
        None,
        data={
            "lang": current_lang().tag,
            "form_key": secrets.token_urlsafe(12),
            "title": clean(request.args.get("title", ""), multiline=False)[:TITLE_LIMIT],
            "strategies": request.args.getlist("strategy"),
            **readers_of_request(),
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
            db.session.commit()
            held = made.status == Status.HELD
            thanks = _(
                "Your note is published. Thank you: somebody will find it when they need it."
            )
            flash(str(SENT) if held else thanks)
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
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    closed = is_closed(entry)
    form = form_of_draft(entry)
    if form is not None:
        return closed_page(form, entry) if closed else editor_page(form, entry)
    policy.require(viewer, Act.REVISE, entry)
    text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
    return editor_page(form_for_edit(entry, text), entry)


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
        return closed_page(form, entry), 409
    facts = form.kept = facts_of(queries.latest_facts(entry))
    if (
        form.validate()
        and form.is_whole()
        and not form.gives_itself_away(
            notes.own_organisation(viewer)[0], before=(entry.name_mask, facts.organisation)
        )
    ):
        try:
            with form.showing_errors():
                return _revised(form, entry_id)
        except EditConflict as conflict:
            db.session.rollback()
            return conflict_page(form, entry_id, conflict), 409
        except Forbidden:
            db.session.rollback()
            return closed_page(form, _closed(entry_id)), 409
    return editor_page(form, queries.get(viewer, entry_id, KIND)), 422


def _closed(entry_id: int) -> Entry:
    """Return an entry that was closed at this very moment."""
    entry = queries.get(current_viewer(), entry_id, KIND)
    is_closed(entry)
    return entry


def _revised(form: CaseNoteForm, entry_id: int) -> ResponseReturnValue:
    viewer = current_viewer()
    done = revise_note(
        by=viewer,
        entry_id=entry_id,
        base_id=form.base_id,
        facts_base_id=form.facts_base_id,
        draft=form.text,
        facts=form.facts,
        signature=form.signature,
        organisation_name=form.named,
        note=form.note.data or "",
    )
    draft_operations.discard_draft(by=viewer, draft_id=form.draft_id, page=form.page)
    db.session.commit()
    if not done.changed:
        flash(_("Nothing was changed, so there is no new revision."))
    elif done.entry.status == Status.HELD:
        flash(str(SENT))
    elif done.merged:
        flash(_("Your changes are published, together with those somebody else made meanwhile."))
    else:
        flash(_("Your changes are published."))
    say_who_was_left_out_of(done.entry, form.text)
    return redirect(url_of(done.entry, done.text.lang), 303)


@bp.get("/<int:entry_id>/translate/<lang>")
@login_required
@keeps_typed_text
def translate(entry_id: int, lang: str) -> ResponseReturnValue:
    """The form that tells a note in the language it lacks."""
    entry, wanted = _to_tell(entry_id, lang)
    closed = is_closed(entry)
    if _is_told(entry, wanted):
        target = url_for("notes.edit", entry_id=entry.id, text=wanted.tag, **kept_args("draft"))
        return redirect(target, 302)
    told = queries.text_for(entry, wanted.other)
    form = form_of_draft(entry)
    if form is None:
        policy.require(current_viewer(), Act.REVISE, entry)
        form = form_for_telling(entry, told, wanted)
    form.lang.data = wanted.tag
    return closed_page(form, entry, told) if closed else editor_page(form, entry, original=told)


@bp.post("/<int:entry_id>/translate/<lang>")
@login_required
@form_says_expired
@keeps_typed_text
def add_translation(entry_id: int, lang: str) -> ResponseReturnValue:
    """Publish a note's text in the language it lacked."""
    entry, wanted = _to_tell(entry_id, lang)
    form = CaseNoteForm()
    form.lang.data = wanted.tag
    answer = _instead_of_telling(form, entry, wanted)
    if answer is None and form.validate() and form.is_whole(telling=True):
        answer = _told(form, entry, wanted)
    if answer is None:
        # What was loaded before an error is read anew, since the transaction was rolled back.
        entry, wanted = _to_tell(entry_id, lang)
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
        return closed_page(form, entry, original), 409
    return told_already(form, entry, lang) if _is_told(entry, lang) else None


def _told(form: CaseNoteForm, entry: Entry, lang: Lang) -> ResponseReturnValue | None:
    viewer = current_viewer()
    try:
        with form.showing_errors():
            said = form.said_of(lang)
            operations.add_text(by=viewer, entry=entry, text=form.text, said=said)
            draft_operations.discard_draft(by=viewer, draft_id=form.draft_id, page=form.page)
            db.session.commit()
            flash(_("The note is now told in both languages."))
            return redirect(url_of(queries.get(viewer, entry.id, KIND), lang.value), 303)
    except Forbidden:
        db.session.rollback()
    return None


def _to_tell(entry_id: int, lang: str) -> tuple[Entry, Lang]:
    """Return the entry and the language named; raise NotFound for one we do not speak."""
    entry = queries.get(current_viewer(), entry_id, KIND)
    wanted = Lang.of_tag(lang)
    if wanted is None:
        raise NotFound
    return entry, wanted


def _is_told(entry: Entry, lang: Lang) -> bool:
    return any(text.lang == lang for text in entry.texts)


def url_of(entry: Entry, lang: str = "") -> str:
    """Return the address of a note, in the language given where it is told in it."""
    text = (
        queries.text_for(entry, Lang(lang) if lang else None) if "texts" in entry.__dict__ else None
    )
    if text is None:
        return url_for("notes.show", entry_id=entry.id)
    more: dict[str, Any] = {"text": Lang(lang).tag} if lang and lang != current_lang() else {}
    return url_for("notes.show", entry_id=entry.id, slug=text.slug, **more)


@bp.post("/drafts")
@login_required
def autosave() -> ResponseReturnValue:
    """Keep the form while its author writes; answers the editor's script."""
    viewer = current_viewer()
    form = CaseNoteForm()
    number = request.form.get("entry", type=int)
    entry = queries.get(viewer, number, KIND) if number else None
    if entry is not None and entry.status != Status.PUBLISHED and entry.author_id != viewer.id:
        raise NotFound
    return saved(form, entry)
