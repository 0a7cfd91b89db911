"""Pages of workshops: the list, one workshop, the editor."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import drafts as draft_operations, queries
from cop.entries.around import around
from cop.entries.comparing import shown as words_shown
from cop.entries.draft import Origin
from cop.entries.enclosures import NOTHING, of_entry
from cop.entries.image_views import take_files
from cop.entries.keeping import is_closed, only_looking
from cop.entries.mention_views import say_who_was_left_out_of
from cop.entries.models import LinkKind, Status
from cop.entries.operations import key_of_form
from cop.entries.pages import SENT, TALK_ARGS, reading, talk_of_request
from cop.entries.readers_field import readers_of_request
from cop.entries.revising import Revised
from cop.entries.saying import comment_form
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, login_required
from cop.terms import queries as terms
from cop.web.addresses import kept_args
from cop.web.cache import not_kept, public_page
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text
from cop.web.uploads import takes_files
from cop.workshops import (
    changed,
    copied,
    operations,
    outcomes,
    participants,
    queries as workshops,
    session_wording,
    trainers,
    wording,
)
from cop.workshops.agenda import length
from cop.workshops.draft import SECTION_TITLES
from cop.workshops.editor import (
    EDITING,
    editor_page,
    kept_or_previewed,
)
from cop.workshops.forms import WorkshopForm
from cop.workshops.list_pages import list_page
from cop.workshops.operations import KIND, may_publish, require_trainer
from cop.workshops.revising import facts_at, revise_workshop
from cop.workshops.running_forms import USEFUL
from cop.workshops.session_queries import dates_of

bp = Blueprint("workshops", __name__, url_prefix="/workshops")

#: The source that stands for what the editors added out of their own experience.
_EDITORS = "editors"


@bp.get("/")
@public_page()
def index() -> ResponseReturnValue:
    """The list of workshops, narrowed as the address says, with the next dates first."""
    return list_page(current_viewer())


@bp.get("/<int:entry_id>")
@bp.get("/<int:entry_id>-<slug>")
@public_page("text")
def show(entry_id: int, slug: str = "") -> ResponseReturnValue:
    """One workshop, in the reader's language where it is told in it."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
    if slug != text.slug and slug not in {told.slug for told in entry.texts}:
        kept = kept_args("text", *TALK_ARGS)
        return redirect(url_for("workshops.show", entry_id=entry.id, slug=text.slug, **kept), 301)
    revision = queries.current(text)
    shown = workshops.shown(viewer, entry, Lang(text.lang))
    there = around(viewer, entry)
    talk = talk_of_request(viewer, entry, there)
    dates, team = dates_of(viewer, entry), trainers.team_of(viewer, entry)
    if dates.coming or shown.links:
        # What a date or a page elsewhere says of itself changes as time passes, though nothing happens here.
        not_kept()
    return render_template(
        "workshops/show.html",
        page=reading(viewer, entry, text, revision),
        shown=shown,
        became=changed.became(viewer, entry, shown) if team.is_trainer else None,
        lasts=wording.lasting(length(shown.facts)),
        group=wording.group(shown.facts.group_min, shown.facts.group_max),
        lasting=wording.lasting,
        html=words_shown(viewer, entry, revision),
        attached=of_entry(entry) if there.has_attachments else NOTHING,
        titles=SECTION_TITLES,
        sources=terms.cited_once(one for one in shown.sources if one.key != _EDITORS),
        dates=dates,
        told=session_wording,
        discussed_in=there.headings(LinkKind.ABOUT),
        collected_in=there.headings(LinkKind.COLLECTS),
        may_publish=may_publish(viewer),
        came=outcomes.came_of(viewer, entry),
        useful=USEFUL,
        takes_part=participants.takes_part(viewer, entry),
        is_completed=outcomes.is_completed(dates),
        team=team,
        talk=talk,
        talk_form=comment_form(talk),
    )


@bp.get("/new")
@login_required
@keeps_typed_text
def new() -> ResponseReturnValue:
    """The empty editor, one filled from an earlier workshop, or a draft taken up again."""
    viewer = current_viewer()
    if (kept := EDITING.taken_up()) is not None:
        return kept
    require_trainer(viewer)
    earlier = request.args.get("copy", type=int)
    if earlier:
        entry = queries.get(viewer, earlier, KIND)
        form, said = copied.form_for_copy(viewer, entry, queries.text_for(entry, current_lang()))
        form.form_key.data = secrets.token_urlsafe(12)
        return editor_page(form, **said)
    form = WorkshopForm(
        None,
        data={
            "lang": current_lang().tag,
            "form_key": secrets.token_urlsafe(12),
            **readers_of_request(),
        },
    )
    form.begin_rows()
    return editor_page(form)


@bp.post("/")
@takes_files
@login_required
@form_says_expired
@keeps_typed_text
def create() -> ResponseReturnValue:
    """Publish a workshop, or show the editor again with what it lacks."""
    form = WorkshopForm()
    take_files(form)
    viewer = current_viewer()
    if form.rearranged():
        return editor_page(form)
    if only_looking():
        return kept_or_previewed(form)
    require_trainer(viewer)
    copied.know_copies(viewer, form)
    if form.validate() and form.is_whole():
        with form.showing_errors():
            key = key_of_form(viewer, form.form_key.data) if form.form_key.data else None
            made = operations.publish_workshop(
                by=viewer, draft=form.workshop_draft, origin=Origin(key=key)
            )
            entry = queries.get(viewer, made.id, KIND)
            first = queries.current(queries.text_for(entry, form.language))
            copied.own_copies(form, entry)
            if form.says_more_than(viewer, entry, first):
                form.base.data = form.facts_base.data = str(first.id)
                form.form_errors.append(
                    _("This is published already. Publish again to add the changes you made since.")
                )
                return editor_page(form, entry), 409
            draft_operations.discard_draft(by=viewer, draft_id=form.draft_id, page=form.page)
            db.session.commit()
            held = made.status == Status.HELD
            flash(str(SENT) if held else _("Your workshop is published."))
            say_who_was_left_out_of(entry, form.text)
            return redirect(url_of(queries.get(viewer, made.id, KIND)), 303)
    return editor_page(form), 422


@bp.get("/<int:entry_id>/edit")
@login_required
@keeps_typed_text
def edit(entry_id: int) -> ResponseReturnValue:
    """The editor of a workshop that exists, in one of its languages."""
    return EDITING.edit(entry_id)


@bp.post("/<int:entry_id>/edit")
@takes_files
@login_required
@form_says_expired
@keeps_typed_text
def update(entry_id: int) -> ResponseReturnValue:
    """Publish a new state of a workshop; where somebody changed the same passage, show both."""
    viewer = current_viewer()
    form = WorkshopForm()
    take_files(form)
    entry = queries.get(viewer, entry_id, KIND)
    closed = is_closed(entry)
    form.visibility.keep(entry)
    if form.rearranged():
        return editor_page(form, entry)
    if only_looking():
        return kept_or_previewed(form, entry)
    if closed:
        return EDITING.closed(form, entry), 409
    form.kept = facts_at(entry, form.facts_base_id, queries.latest_facts(entry))
    if form.validate() and form.is_whole():
        return EDITING.published(form, entry_id, lambda: _revised(form, entry_id))
    return editor_page(form, queries.get(viewer, entry_id, KIND)), 422


def _revised(form: WorkshopForm, entry_id: int) -> Revised:
    return revise_workshop(
        by=current_viewer(),
        entry_id=entry_id,
        base_id=form.base_id,
        facts_base_id=form.facts_base_id,
        draft=form.text,
        facts=form.facts,
        signature=form.signature,
        change=form.change,
    )


@bp.get("/<int:entry_id>/translate/<lang>")
@login_required
@keeps_typed_text
def translate(entry_id: int, lang: str) -> ResponseReturnValue:
    """The form that tells a workshop in the language it lacks."""
    return EDITING.translate(entry_id, lang)


@bp.post("/<int:entry_id>/translate/<lang>")
@login_required
@form_says_expired
@keeps_typed_text
def add_translation(entry_id: int, lang: str) -> ResponseReturnValue:
    """Publish a workshop's text in the language it lacked, with what its rows tell in it."""
    viewer = current_viewer()
    entry, wanted = EDITING.to_tell(entry_id, lang)
    form = WorkshopForm()
    form.lang.data = wanted.tag
    original = queries.text_for(entry, wanted.other)
    if form.rearranged():
        return editor_page(form, entry, original=original)
    if only_looking():
        return kept_or_previewed(form, entry, original)
    if is_closed(entry):
        return EDITING.closed(form, entry, original), 409
    form.kept = operations.facts_now(entry)
    if form.validate() and form.is_whole(telling=True):
        with form.showing_errors():
            facts, said = form.facts_told, form.said_of(wanted)
            operations.add_text(by=viewer, entry=entry, text=form.text, facts=facts, said=said)
            return EDITING.told(form, entry_id)
    entry, wanted = EDITING.to_tell(entry_id, lang)
    return editor_page(form, entry, original=queries.text_for(entry, wanted.other)), 422


@bp.post("/drafts")
@login_required
def autosave() -> ResponseReturnValue:
    """Keep the form while its trainer writes; answers the editor's script."""
    return EDITING.autosave()
