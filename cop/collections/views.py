"""Pages of collections: the list, one collection, its form, and putting an entry into one."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.collections import operations, queries as collections
from cop.collections.draft import PURPOSE
from cop.collections.editor import (
    EDITING,
    arranged,
    asked_to_arrange,
    editor_page,
    kept_or_previewed,
)
from cop.collections.forms import CollectionForm
from cop.collections.operations import KIND, may_collect, require_collector
from cop.collections.revising import revise_collection
from cop.core.db import db
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import drafts as draft_operations, mentions, policy, queries
from cop.entries.around import around
from cop.entries.cards import cards
from cop.entries.comparing import shown as words_shown
from cop.entries.draft import Origin
from cop.entries.finding import found
from cop.entries.keeping import is_closed, only_looking
from cop.entries.kinds import collectable
from cop.entries.mention_views import say_who_was_left_out_of
from cop.entries.models import Entry, LinkKind, Status
from cop.entries.operations import key_of_form
from cop.entries.pages import SENT, TALK_ARGS, reading, talk_of_request
from cop.entries.policy import Act
from cop.entries.revising import Revised
from cop.entries.saying import comment_form
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, login_required, only_for
from cop.people.tries import headers, showing_limits
from cop.web.addresses import kept_args
from cop.web.cache import public_page
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text
from cop.web.limits import limit

bp = Blueprint("collections", __name__, url_prefix="/collections")
collectors_only = only_for(require_collector)

#: Collections one person makes.
RATE = "20/hour"


@bp.get("/")
@public_page("older", "newer")
def index() -> ResponseReturnValue:
    """The collections, the newest first."""
    viewer = current_viewer()
    page = collections.page(
        viewer, older=request.args.get("older"), newer=request.args.get("newer")
    )
    return render_template(
        "collections/index.html",
        page=page,
        cards=cards(viewer, page.items),
        may_make=may_collect(viewer),
    )


@bp.get("/<int:entry_id>")
@bp.get("/<int:entry_id>-<slug>")
@public_page("text", *TALK_ARGS)
def show(entry_id: int, slug: str = "") -> ResponseReturnValue:
    """One collection: what it is for, and its entries in their order, each with its reason."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
    if slug != text.slug and slug not in {told.slug for told in entry.texts}:
        kept = kept_args("text", *TALK_ARGS)
        target = url_for("collections.show", entry_id=entry.id, slug=text.slug, **kept)
        return redirect(target, 301)
    revision, there = queries.current(text), around(viewer, entry)
    talk = talk_of_request(viewer, entry, there)
    return render_template(
        "collections/show.html",
        page=reading(viewer, entry, text, revision),
        purpose=words_shown(viewer, entry, revision).get(PURPOSE, ""),
        shown=collections.shown(viewer, entry),
        discussed_in=there.headings(LinkKind.ABOUT),
        used_in_workshops=there.headings(LinkKind.MATERIAL),
        talk=talk,
        talk_form=comment_form(talk),
    )


@bp.get("/find")
@collectors_only
def find() -> ResponseReturnValue:
    """Entries found by words or an address, as a piece of the form."""
    cards_found = found(current_viewer(), request.args.get("q", ""), collectable())
    lang = Lang.of_tag(request.args.get("in", "")) or current_lang()
    return render_template(
        "collections/found.html", offered=cards_found, find=request.args.get("q", ""), in_lang=lang
    )


@bp.get("/new")
@collectors_only
@keeps_typed_text
def new() -> ResponseReturnValue:
    """The empty form, perhaps with its first entry, or a draft taken up again."""
    viewer = current_viewer()
    if (kept := EDITING.taken_up()) is not None:
        return kept
    first = request.args.get("entry", type=int)
    entry = queries.get(viewer, first) if first else None
    if entry is not None:
        policy.require(viewer, Act.COLLECT, entry)
    data = {"lang": current_lang().tag, "form_key": secrets.token_urlsafe(12)}
    return editor_page(CollectionForm(None, data={**data, "items": [entry.key] if entry else []}))


@bp.post("/")
@collectors_only
@form_says_expired
@keeps_typed_text
def create() -> ResponseReturnValue:
    """Publish a collection, or show the form again with what it lacks."""
    form, viewer = CollectionForm(), current_viewer()
    if asked := asked_to_arrange():
        return arranged(form, asked)
    if only_looking():
        return kept_or_previewed(form)
    reached: dict[str, int] = {}
    if form.validate() and form.is_whole():
        with form.showing_errors(), showing_limits(form) as reached:
            limit("collection", RATE, key=str(viewer.id))
            key = key_of_form(viewer, form.form_key.data) if form.form_key.data else None
            made = operations.make_collection(
                by=viewer, draft=form.collection_draft, origin=Origin(key=key)
            )
            entry = queries.get(viewer, made.id, KIND)
            first = queries.current(entry.texts[0])
            sent = mentions.taken_draft(viewer, entry, form.text, first.sections)
            if (first.title, first.sections, first.facts) != (
                sent.title,
                sent.sections,
                form.facts.to_json(),
            ):
                form.base.data = str(first.id)
                form.form_errors.append(
                    _("This is published already. Publish again to add the changes you made since.")
                )
                return editor_page(form, entry), 409
            draft_operations.discard_draft(by=viewer, draft_id=form.draft_id, page=form.page)
            db.session.commit()
            flash(str(SENT) if made.status == Status.HELD else _("The collection is published."))
            say_who_was_left_out_of(entry, form.text)
            return redirect(url_of(queries.get(viewer, made.id, KIND)), 303)
    return editor_page(form), 429 if reached else 422, headers(reached)


@bp.get("/<int:entry_id>/edit")
@login_required
@keeps_typed_text
def edit(entry_id: int) -> ResponseReturnValue:
    """The form of a collection that exists, in one of its languages."""
    return EDITING.edit(entry_id)


@bp.post("/<int:entry_id>/edit")
@login_required
@form_says_expired
@keeps_typed_text
def update(entry_id: int) -> ResponseReturnValue:
    """Publish a new state of a collection; where somebody changed the same passage, show both."""
    viewer, form = current_viewer(), CollectionForm()
    entry = queries.get(viewer, entry_id, KIND)
    closed = is_closed(entry)
    form.visibility.keep(entry)
    if asked := asked_to_arrange():
        return arranged(form, asked, entry)
    if only_looking():
        return kept_or_previewed(form, entry)
    if closed:
        return EDITING.closed(form, entry), 409
    form.kept = collections.facts_shown(viewer, entry)
    if form.validate() and form.is_whole():
        return EDITING.published(form, entry_id, lambda: _revised(form, entry))
    return editor_page(form, queries.get(viewer, entry_id, KIND)), 422


def _revised(form: CollectionForm, entry: Entry) -> Revised:
    viewer = current_viewer()
    return revise_collection(
        by=viewer,
        entry_id=entry.id,
        base_id=form.base_id,
        draft=form.text,
        facts=form.facts,
        # Who reads it, and under which name, is for its author to say.
        signature=form.signature if entry.author_id == viewer.id else None,
        change=form.change,
    )


@bp.get("/<int:entry_id>/translate/<lang>")
@login_required
@keeps_typed_text
def translate(entry_id: int, lang: str) -> ResponseReturnValue:
    """The form that tells a collection in the language it lacks."""
    return EDITING.translate(entry_id, lang)


@bp.post("/<int:entry_id>/translate/<lang>")
@login_required
@form_says_expired
@keeps_typed_text
def add_translation(entry_id: int, lang: str) -> ResponseReturnValue:
    """Publish a collection's text in the language it lacked."""
    viewer = current_viewer()
    entry, wanted = EDITING.to_tell(entry_id, lang)
    form = CollectionForm()
    form.lang.data = wanted.tag
    original = queries.text_for(entry, wanted.other)
    if only_looking() or asked_to_arrange():
        return kept_or_previewed(form, entry, original)
    if is_closed(entry):
        return EDITING.closed(form, entry, original), 409
    form.kept = collections.facts_shown(viewer, entry)
    if form.validate() and form.is_whole():
        with form.showing_errors():
            operations.add_text(by=viewer, entry=entry, text=form.text, facts=form.facts)
            return EDITING.told(form, entry_id)
    entry, wanted = EDITING.to_tell(entry_id, lang)
    return editor_page(form, entry, original=queries.text_for(entry, wanted.other)), 422


@bp.post("/drafts")
@login_required
def autosave() -> ResponseReturnValue:
    """Keep the form while its author writes; answers the editor's script."""
    return EDITING.autosave()
