"""The form's page: what every showing of it needs, what is kept as a draft, and two texts that do not merge."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from cop import markup
from cop.core import clock
from cop.core.db import db
from cop.core.diff import diff_sections
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _, current_lang
from cop.core.text import without_invisible
from cop.core.types import Lang
from cop.discussions import operations, queries as discussions
from cop.discussions.draft import BODY, FACT_TITLES
from cop.discussions.forms import DiscussionForm, values_of
from cop.discussions.operations import KIND
from cop.discussions.revising import EditConflict
from cop.discussions.similar import similar
from cop.entries import drafts, policy, queries
from cop.entries.cards import cards
from cop.entries.comparing import html_of
from cop.entries.models import Draft, Entry, Status, Text
from cop.entries.policy import Act
from cop.people.sessions import current_viewer
from cop.terms.queries import Choice, choices
from cop.terms.vocabulary import vocabulary
from cop.web.filters import here

#: Schemes whose terms the form offers, one after the other.
SCHEMES = ("strategy", "sector", "place", "audience", "power", "motivation", "resource", "phase")


def only_looking() -> bool:
    """Tell whether a button was pressed that publishes nothing."""
    return request.form.get("act") in ("draft", "preview")


def terms_offered(chosen: list[str]) -> list[Choice]:
    """Return the terms to choose from; what was chosen from another scheme stays among them."""
    offered = [choice for scheme in SCHEMES for choice in choices(scheme, current_lang())]
    known = {choice.key for choice in offered}
    words = vocabulary()
    others = {
        words.by_key[key].scheme for key in chosen if key in words.by_key and key not in known
    }
    return offered + [
        choice
        for scheme in sorted(others)
        for choice in choices(scheme, current_lang())
        if choice.key in chosen
    ]


def form_for_edit(entry: Entry, text: Text) -> DiscussionForm:
    """Return the form filled with a text of a discussion as it is published."""
    values = values_of(entry, queries.current(text), Lang(text.lang), operations.facts_now(entry))
    return DiscussionForm(None, data=values)


def editor_page(
    form: DiscussionForm, entry: Entry | None = None, *, original: Text | None = None, **more: Any
) -> str:
    """Show the form: of a new discussion, of one that exists, or (with `original`) of a text in another language."""
    viewer = current_viewer()
    if original is not None and entry is not None:
        action = url_for("discussions.add_translation", entry_id=entry.id, lang=form.language.tag)
        revision = queries.current(original)
        more["original_title"], more["original_lang"] = revision.title, original.lang
        more["original"] = html_of(revision).get(BODY, "")
    elif entry is not None:
        action = url_for("discussions.update", entry_id=entry.id)
    else:
        action = url_for("discussions.create")
    about = _about(form, entry)
    return render_template(
        "discussions/edit.html",
        discussion_form=form,
        entry=entry,
        action=action,
        spaces=discussions.all_spaces(),
        offered=terms_offered(list(form.terms.data or ())),
        about=cards(viewer, about),
        alike=similar(viewer, form.title.data or "", but=entry.id if entry else 0)
        if original is None
        else [],
        **more,
    )


def _about(form: DiscussionForm, entry: Entry | None) -> list[Entry]:
    viewer = current_viewer()
    if entry is not None:
        return queries.about(viewer, entry)
    return queries.in_order(viewer, [form.about_id]) if form.about_id else []


def kept_or_previewed(
    form: DiscussionForm, entry: Entry | None = None, original: Text | None = None
) -> ResponseReturnValue:
    """Save the draft or show the preview for those without script; nothing is checked but the token."""
    if not form.validate():
        form.form_errors[:] = form.form_errors[:1]
        return editor_page(form, entry, original=original), 422
    if request.form.get("act") == "preview":
        html = markup.render(form.body.data or "").html
        return editor_page(form, entry, original=original, preview=html, previewed=True)
    try:
        keep_draft(form, entry)
    except Invalid as error:
        form.put_error(error.field, error.message)
        return editor_page(form, entry, original=original), 422
    db.session.commit()
    flash(_("The draft is saved. Only you can read it."))
    return redirect(url_for("entries.drafts"), 303)


def saved(form: DiscussionForm, entry: Entry | None) -> dict[str, Any]:
    """Keep the form as a draft; return the answer to the script: what it says, what its fields hold now."""
    named = form.draft_id
    kept = keep_draft(form, entry)
    second = bool(named) and named != kept.id and queries.has_draft(current_viewer(), named)
    said = _("Draft saved %(time)s", time=here(clock.now()).strftime("%H:%M"))
    if second:
        said = _(
            "This draft was changed on another device; what you wrote here is kept as a second draft."
        )
    fields = {"draft": str(kept.id), "draft_seen": drafts.stamp(kept)}
    db.session.commit()
    return {"message": said, "fields": fields}


def keep_draft(form: DiscussionForm, entry: Entry | None) -> Draft:
    """Keep what the form holds as a draft of the viewer's."""
    fields = {
        name: [without_invisible(value) for value in values]
        for name, values in request.form.lists()
        if name in form and name not in ("csrf_token", "draft", "draft_seen")
    }
    return drafts.save_draft(
        by=current_viewer(),
        kind=KIND,
        lang=form.language.value,
        data=fields,
        draft_id=form.draft_id,
        entry_id=entry.id if entry is not None else None,
        page=form.page,
    )


def opened(draft: Draft) -> DiscussionForm:
    """Return the form as a draft kept it, on a page of its own."""
    form = DiscussionForm(MultiDict(draft.data))
    form.draft.data, form.draft_seen.data = str(draft.id), drafts.stamp(draft)
    form.draft_page.data = DiscussionForm(None).draft_page.data
    return form


def form_of_draft(entry: Entry) -> DiscussionForm | None:
    """Return the form as it was kept in the draft the address names, if it names one; it must be of this entry."""
    kept = request.args.get("draft", type=int)
    if not kept:
        return None
    draft = queries.draft(current_viewer(), kept)
    if draft.entry_id != entry.id:
        raise NotFound
    form = opened(draft)
    told = next((text for text in entry.texts if text.lang == draft.lang), None)
    if told is None or "form" in draft.data:
        return form
    # A draft of a telling holds words alone; told in that language by now, the rest is as published.
    made = form_for_edit(entry, told)
    for key in ("title", BODY, "draft", "draft_seen", "draft_page"):
        made[key].data = form[key].data
    return made


def is_closed(entry: Entry) -> bool:
    """Tell whether its own author cannot publish the entry now; raise Forbidden for who never may."""
    viewer = current_viewer()
    if policy.may(viewer, Act.REVISE, entry):
        return False
    if entry.status == Status.PUBLISHED or entry.author_id != viewer.id:
        policy.require(viewer, Act.REVISE, entry)
    return True


def closed_page(form: DiscussionForm, entry: Entry, original: Text | None = None) -> str:
    """Show the form of a discussion that was hidden or withdrawn while its author wrote, with everything typed."""
    if entry.status == Status.WITHDRAWN:
        sentence = _(
            "You have withdrawn this. What you typed is below; save it as a draft, and publish it again "
            "before you publish changes."
        )
    else:
        sentence = _(
            "A moderator has hidden this, so that no changes can be published now. What you typed is below; "
            "save it as a draft."
        )
    form.form_errors.append(sentence)
    return editor_page(form, entry, original=original)


def conflict_page(form: DiscussionForm, entry_id: int, conflict: EditConflict) -> str:
    """Show what stands published beside what was typed; sending the form again decides knowingly."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    theirs = queries.revision_of(queries.text_for(entry, form.language), conflict.theirs.number)
    mine = {"title": form.text.title, **form.text.sections}
    sections = diff_sections({"title": theirs.title, **theirs.sections}, mine, ("title", BODY))
    form.base.data = str(theirs.id)
    return editor_page(
        form,
        entry,
        conflict=conflict,
        theirs=theirs,
        theirs_by=policy.byline(viewer, theirs, entry),
        differences=[section for section in sections if section.changed],
        section_titles=FACT_TITLES,
    )
