"""Pages of discussions: spaces, lists, one discussion, the form to ask."""

import secrets
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import Moved
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.discussions import operations, queries as discussions, rearranged
from cop.discussions.draft import BODY, DiscussionFacts
from cop.discussions.editor import (
    EDITING,
    editor_page,
    kept_or_previewed,
)
from cop.discussions.forms import DiscussionForm
from cop.discussions.operations import KIND
from cop.discussions.revising import revise_discussion
from cop.discussions.similar import similar
from cop.entries import drafts as draft_operations, mentions, queries, thread
from cop.entries.around import around
from cop.entries.cards import cards
from cop.entries.comparing import shown as words_shown
from cop.entries.draft import Origin
from cop.entries.enclosures import NOTHING, of_entry
from cop.entries.image_views import take_files
from cop.entries.keeping import is_closed, only_looking
from cop.entries.mention_views import say_who_was_left_out_of
from cop.entries.models import LinkKind, Status
from cop.entries.operations import key_of_form
from cop.entries.pages import SENT, TALK_ARGS, reading, talk_of_request
from cop.entries.policy import Act
from cop.entries.readers_field import readers_of_request
from cop.entries.revising import Revised
from cop.entries.saying import comment_form
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, login_required
from cop.people.tries import headers, showing_limits
from cop.web.addresses import kept_args
from cop.web.cache import public_page
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text
from cop.web.limits import limit
from cop.web.uploads import takes_files

bp = Blueprint("discussions", __name__)

#: Discussions one person starts.
RATE = "20/hour"
#: Which discussions the list can be narrowed to.
SHOWN = ("unanswered", "known")


@bp.get("/discussions/")
@public_page("show")
def index() -> ResponseReturnValue:
    """The spaces, and the discussions last active in all of them: every one, or questions that wait for a reply."""
    viewer = current_viewer()
    shown = request.args.get("show") or ""
    shown = shown if shown in SHOWN and (viewer.is_member or shown != "known") else ""
    page = discussions.threads(
        viewer,
        unanswered=shown == "unanswered",
        known=shown == "known",
        older=request.args.get("older"),
        newer=request.args.get("newer"),
    )
    return render_template(
        "discussions/index.html",
        spaces=discussions.spaces(viewer),
        counted=discussions.COUNTED,
        show=shown,
        page=page,
        cards=cards(viewer, page.items),
    )


@bp.get("/spaces/<int:space_id>")
@bp.get("/spaces/<int:space_id>-<slug>")
@public_page()
def space(space_id: int, slug: str = "") -> ResponseReturnValue:
    """The discussions of one space, those that are pinned first."""
    viewer = current_viewer()
    found = discussions.get_space(space_id)
    if slug not in found.slugs:
        kept = kept_args("older", "newer")
        return redirect(
            url_for("discussions.space", space_id=found.id, slug=found.slug, **kept), 301
        )
    older, newer = request.args.get("older"), request.args.get("newer")
    page = discussions.threads(viewer, space_id=found.id, older=older, newer=newer)
    first = not (older or newer)
    return render_template(
        "discussions/space.html",
        space=found,
        page=page,
        pinned=cards(viewer, discussions.pinned(viewer, found.id)) if first else [],
        cards=cards(viewer, page.items),
    )


@bp.get("/discussions/<int:entry_id>")
@bp.get("/discussions/<int:entry_id>-<slug>")
@public_page("text")
def show(entry_id: int, slug: str = "") -> ResponseReturnValue:
    """One discussion with its replies."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    if entry.merged_into_id is not None:
        raise Moved(queries.get(viewer, entry.merged_into_id).id)
    text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
    if slug != text.slug and slug not in {told.slug for told in entry.texts}:
        kept = kept_args("text", *TALK_ARGS)
        return redirect(url_for("discussions.show", entry_id=entry.id, slug=text.slug, **kept), 301)
    revision = queries.current(text)
    facts = discussions.shown(viewer, entry)
    near = discussions.near(viewer, entry, facts)
    there = around(viewer, entry, also=(*facts.about, *near))
    talk = talk_of_request(viewer, entry, there)
    accepted = discussions.accepted_of(viewer, entry, facts.facts)
    page = reading(viewer, entry, text, revision)
    lines = rearranged.happened(viewer, entry)
    return render_template(
        "discussions/show.html",
        lines=lines,
        openings=rearranged.openings(viewer, entry, lines),
        page=page,
        facts=facts,
        body=words_shown(viewer, entry, revision).get(BODY, ""),
        attached=of_entry(entry) if there.has_attachments else NOTHING,
        about=there.headings_of(facts.about),
        used_in_workshops=there.headings(LinkKind.MATERIAL),
        near=there.headings_of(near),
        collected_in=there.headings(LinkKind.COLLECTS),
        moved=queries.reasons_of([entry.id], "DiscussionMoved").get(entry.id, "")
        if Act.ACCEPT in page.acts
        else "",
        talk=talk,
        talk_form=comment_form(talk),
        accepted=thread.one(viewer, entry, accepted) if accepted is not None else None,
        at_beginning=not any(request.args.get(name) for name in TALK_ARGS),
    )


@bp.get("/discussions/similar")
def alike() -> ResponseReturnValue:
    """Discussions like the title that is being typed, as a piece of the page."""
    found = similar(current_viewer(), request.args.get("title", ""))
    return render_template("discussions/similar.html", alike=found)


@bp.get("/discussions/new")
@login_required
@keeps_typed_text
def new() -> ResponseReturnValue:
    """The empty form, perhaps with a title and a note it is about, or a draft taken up again."""
    viewer = current_viewer()
    if (kept := EDITING.taken_up()) is not None:
        return kept
    about = request.args.get("about", type=int)
    found = queries.get(viewer, about) if about else None
    return editor_page(
        DiscussionForm(
            None,
            data={
                "lang": current_lang().tag,
                "form_key": secrets.token_urlsafe(12),
                "title": request.args.get("title", "").strip()[:400],
                "space": request.args.get("space", ""),
                "about": str(found.id) if found else "",
                **readers_of_request(found),
            },
        )
    )


@bp.post("/discussions/")
@takes_files
@login_required
@form_says_expired
@keeps_typed_text
def create() -> ResponseReturnValue:
    """Publish a discussion, or show the form again with what it lacks."""
    form = DiscussionForm()
    take_files(form)
    if only_looking():
        return kept_or_previewed(form)
    viewer = current_viewer()
    reached: dict[str, int] = {}
    if form.validate() and form.is_whole():
        with form.showing_errors(), showing_limits(form) as reached:
            limit("discussion", RATE, key=str(viewer.id))
            form.kept = _facts_of_new(form)
            key = key_of_form(viewer, form.form_key.data) if form.form_key.data else None
            made = operations.start_discussion(
                by=viewer, draft=form.discussion_draft, origin=Origin(key=key)
            )
            entry = queries.get(viewer, made.id, KIND)
            first = queries.current(entry.texts[0])
            sent = mentions.taken_draft(viewer, entry, form.text, first.sections)
            facts, showing = form.facts.to_json(), ("images", "files")
            same = all(first.facts.get(name) == facts.get(name) for name in showing)
            if (first.title, first.sections) != (sent.title, sent.sections) or not same:
                form.base.data = str(first.id)
                form.form_errors.append(
                    _("This is published already. Publish again to add the changes you made since.")
                )
                return editor_page(form, entry), 409
            draft_operations.discard_draft(
                by=viewer, draft_id=form.draft_id, page=form.page, became=entry
            )
            db.session.commit()
            held = made.status == Status.HELD
            flash(str(SENT) if held else _("It is published. You find replies here."))
            say_who_was_left_out_of(entry, form.text)
            return redirect(url_of(queries.get(viewer, made.id, KIND)), 303)
    return editor_page(form), 429 if reached else 422, headers(reached)


def _facts_of_new(form: DiscussionForm) -> DiscussionFacts:
    """Return the facts of a new discussion, with the note it is about where its author may read that."""
    facts = form.facts
    if form.about_id:
        about = queries.get(current_viewer(), form.about_id)
        facts = replace(facts, notes=(about.key,))
    return facts


@bp.get("/discussions/<int:entry_id>/edit")
@login_required
@keeps_typed_text
def edit(entry_id: int) -> ResponseReturnValue:
    """The form of a discussion that exists, in one of its languages."""
    return EDITING.edit(entry_id)


@bp.post("/discussions/<int:entry_id>/edit")
@takes_files
@login_required
@form_says_expired
@keeps_typed_text
def update(entry_id: int) -> ResponseReturnValue:
    """Publish a new state of a discussion; where somebody changed the same passage, show both."""
    viewer = current_viewer()
    form = DiscussionForm()
    take_files(form)
    entry = queries.get(viewer, entry_id, KIND)
    closed = is_closed(entry)
    form.visibility.keep(entry)
    if only_looking():
        return kept_or_previewed(form, entry)
    if closed:
        return EDITING.closed(form, entry), 409
    form.kept = operations.facts_now(entry)
    if form.validate() and form.is_whole():
        return EDITING.published(form, entry_id, lambda: _revised(form, entry_id))
    return editor_page(form, queries.get(viewer, entry_id, KIND)), 422


def _revised(form: DiscussionForm, entry_id: int) -> Revised:
    return revise_discussion(
        by=current_viewer(),
        entry_id=entry_id,
        base_id=form.base_id,
        draft=form.text,
        facts=form.facts,
        signature=form.signature,
        change=form.change,
    )


@bp.get("/discussions/<int:entry_id>/translate/<lang>")
@login_required
@keeps_typed_text
def translate(entry_id: int, lang: str) -> ResponseReturnValue:
    """The form that tells a discussion in the language it lacks."""
    return EDITING.translate(entry_id, lang)


@bp.post("/discussions/<int:entry_id>/translate/<lang>")
@login_required
@form_says_expired
@keeps_typed_text
def add_translation(entry_id: int, lang: str) -> ResponseReturnValue:
    """Publish a discussion's text in the language it lacked."""
    viewer = current_viewer()
    entry, wanted = EDITING.to_tell(entry_id, lang)
    form = DiscussionForm()
    form.lang.data = wanted.tag
    original = queries.text_for(entry, wanted.other)
    if only_looking():
        return kept_or_previewed(form, entry, original)
    if is_closed(entry):
        return EDITING.closed(form, entry, original), 409
    if form.validate() and form.is_whole(telling=True):
        with form.showing_errors():
            said = form.said_of(wanted)
            operations.add_text(by=viewer, entry=entry, text=form.text, said=said)
            return EDITING.told(form, entry_id)
    entry, wanted = EDITING.to_tell(entry_id, lang)
    return editor_page(form, entry, original=queries.text_for(entry, wanted.other)), 422


@bp.post("/discussions/drafts")
@login_required
def autosave() -> ResponseReturnValue:
    """Keep the form while its author writes; answers the editor's script."""
    return EDITING.autosave()
