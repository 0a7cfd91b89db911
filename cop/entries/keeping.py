"""Nothing typed into an editor is lost: drafts, the preview without script, entries that were closed meanwhile.

What the editors of all kinds do alike. A kind says how its page looks: `show(**more)` is that page with the form.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _
from cop.core.text import without_invisible
from cop.entries import drafts, policy, queries
from cop.entries.drafted_form import Drafted
from cop.entries.editor_form import EditorForm
from cop.entries.image_forms import ADD, is_adding
from cop.entries.models import Draft, Entry, Status, Text, Visibility
from cop.entries.policy import Act
from cop.people.sessions import current_viewer
from cop.web.filters import here

F = TypeVar("F", bound=EditorForm)
D = TypeVar("D", bound=Drafted)
#: The button beside a picker: keep what is written, and suggest a term for this list.
_MISSED = re.compile(r"suggest:([a-z-]{1,40})")


def only_looking() -> bool:
    """Tell whether a button was pressed that publishes nothing."""
    return request.form.get("act") in ("draft", "preview", "more", ADD) or bool(_missed())


def _missed() -> str:
    """Return the list in which somebody missed a term; "" where another button was pressed."""
    found = _MISSED.fullmatch(request.form.get("act", ""))
    return found[1] if found else ""


def kept_or_previewed(
    form: Drafted,
    entry: Entry | None,
    *,
    show: Callable[..., str],
    preview: Callable[[], Mapping[str, Any]],
) -> ResponseReturnValue:
    """Save the draft or show the preview for those without script; nothing is checked but the token."""
    if not form.validate():
        form.form_errors[:] = form.form_errors[:1]
        return show(), 422
    if request.form.get("act") == "preview":
        return show(**preview())
    if is_adding():
        return show()
    try:
        kept = keep_draft(form, entry)
    except Invalid as error:
        form.put_error(error.field, error.message)
        return show(), 422
    second = _is_second(form, kept)
    db.session.commit()
    if missed := _missed():
        return redirect(url_for("suggestions.new", scheme=missed, draft=kept.id), 303)
    flash(_kept_twice() if second else _("The draft is saved. Only you can read it."))
    return redirect(url_for("entries.drafts"), 303)


def saved(form: Drafted, entry: Entry | None) -> dict[str, Any]:
    """Keep the form as a draft; return the answer to the editor's script: what it says, what its fields hold now."""
    kept = keep_draft(form, entry)
    said = _kept_twice() if _is_second(form, kept) else _saved_now()
    fields = {"draft": str(kept.id), "draft_seen": drafts.stamp(kept)}
    db.session.commit()
    return {"message": said, "fields": fields}


def _is_second(form: Drafted, kept: Draft) -> bool:
    """Tell whether the draft that the form named was left as another device saved it."""
    named = form.draft_id
    return bool(named) and named != kept.id and queries.has_draft(current_viewer(), named)


def _saved_now() -> str:
    """Say when the draft was saved, by the clock of the person writing."""
    return _("Draft saved %(time)s", time=here(clock.now()).strftime("%H:%M"))


def _kept_twice() -> str:
    """Say that another device changed the draft, so that there are two now."""
    return _(
        "This draft was changed on another device; what you wrote here is kept as a second draft."
    )


def keep_draft(form: Drafted, entry: Entry | None) -> Draft:
    """Keep what the form holds as a draft of the viewer's; raises Invalid where she has too many."""
    fields = {
        name: [without_invisible(value) for value in values]
        for name, values in request.form.lists()
        if name in form and name not in ("csrf_token", "draft", "draft_seen", "mentions_asked")
    } | form.kept_as_draft
    return drafts.save_draft(
        by=current_viewer(),
        kind=form.entry_kind,
        lang=form.language.value,
        data=fields,
        draft_id=form.draft_id,
        entry_id=entry.id if entry is not None else None,
        page=form.page,
    )


def opened(form_class: type[D], draft: Draft) -> D:
    """Return the form as a draft kept it, on a page of its own."""
    form = form_class(MultiDict(draft.data))
    form.draft.data, form.draft_seen.data = str(draft.id), drafts.stamp(draft)
    form.draft_page.data = form_class(None).draft_page.data
    form.draft_at = draft.updated_at
    return form


def form_of_draft(
    form_class: type[F], entry: Entry, as_published: Callable[[Entry, Text], F]
) -> F | None:
    """Return the form as it was kept in the draft the address names, if it names one; it must be of this entry.

    A draft of a telling holds words alone; where the entry is told in that language by now, the rest is
    as published.
    """
    kept = request.args.get("draft", type=int)
    if not kept:
        return None
    draft = queries.draft(current_viewer(), kept)
    if draft.entry_id != entry.id:
        raise NotFound
    form = opened(form_class, draft)
    told = next((text for text in entry.texts if text.lang == draft.lang), None)
    if told is None or form.whole_by in draft.data:
        return form
    return with_words_of(form, as_published(entry, told))


def with_words_of(form: F, made: F) -> F:
    """Return the form `made`, filled with the words of another, which it goes on with as a draft."""
    for key in (*form.words, "draft", "draft_seen", "draft_page"):
        made[key].data = form[key].data
    made.take_descriptions(form)
    return made


def is_closed(entry: Entry) -> bool:
    """Tell whether its own author cannot publish the entry now; raise Forbidden for who never may."""
    viewer = current_viewer()
    if policy.may(viewer, Act.REVISE, entry):
        return False
    if entry.status == Status.PUBLISHED or entry.author_id != viewer.id:
        policy.require(viewer, Act.REVISE, entry)
    return True


def say_closed(form: EditorForm, entry: Entry) -> None:
    """Put above the form why nothing can be published, of an entry hidden or withdrawn while its author wrote."""
    if entry.status == Status.WITHDRAWN:
        sentence = _(
            "You have withdrawn this. What you typed is below; save it as a draft, and publish it again "
            "before you publish changes."
        )
    elif entry.visibility == Visibility.CIRCLE:
        sentence = _(
            "A host of the circle has hidden this, so that no changes can be published now. What you typed is below; "
            "save it as a draft."
        )
    else:
        sentence = _(
            "A moderator has hidden this, so that no changes can be published now. What you typed is below; "
            "save it as a draft."
        )
    form.form_errors.append(sentence)
