"""What the editors of all kinds answer alike: opened, taken up from a draft, published, clashing, told anew.

A kind makes its `Editing` once, beside its pages; its views say what is true of that kind alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.diff import diff_sections
from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import drafts, keeping, mentions, policy, queries
from cop.entries.comparing import worded
from cop.entries.editor_form import EditorForm
from cop.entries.keeping import is_closed
from cop.entries.mention_views import say_who_was_left_out_of
from cop.entries.models import Entry, Status, Text
from cop.entries.pages import SENT
from cop.entries.policy import Act
from cop.entries.revising import EditConflict, Revised
from cop.entries.views import url_of
from cop.people.sessions import current_viewer
from cop.web.addresses import kept_args

F = TypeVar("F", bound=EditorForm)


@dataclass(frozen=True)
class Editing(Generic[F]):
    """The editor of one kind; called from views of a blueprint that has the endpoint `edit`."""

    kind: str
    form: type[F]
    #: The form filled with a text as it is published, and the one that tells an entry in the language it lacks.
    as_published: Callable[[Entry, Text], F]
    for_telling: Callable[[Entry, Lang], F]
    #: `page(form, entry, original=…)`.
    page: Callable[..., str]
    conflict_page: Callable[[F, int, EditConflict], str]

    def taken_up(self) -> ResponseReturnValue | None:
        """Return the form as the draft that the address names kept it; None where it names none."""
        kept = request.args.get("draft", type=int)
        if not kept:
            return None
        draft = queries.draft(current_viewer(), kept)
        if draft.entry_id is not None:
            return redirect(url_for(".edit", entry_id=draft.entry_id, draft=draft.id))
        return self.page(keeping.opened(self.form, draft))

    def edit(self, entry_id: int) -> str:
        """Show the form of an entry that exists, in one of its languages."""
        viewer = current_viewer()
        entry = queries.get(viewer, entry_id, self.kind)
        closed = is_closed(entry)
        form = self._of_draft(entry)
        if form is not None:
            return self.closed(form, entry) if closed else self.page(form, entry)
        policy.require(viewer, Act.REVISE, entry)
        text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
        return self.page(self.as_published(entry, text), entry)

    def translate(self, entry_id: int, lang: str) -> ResponseReturnValue:
        """Show the form that tells an entry in the language it lacks; of one told in it, lead to the editor."""
        entry, wanted = self.to_tell(entry_id, lang)
        closed = is_closed(entry)
        if is_told(entry, wanted):
            kept = kept_args("draft")
            return redirect(url_for(".edit", entry_id=entry.id, text=wanted.tag, **kept), 302)
        form = self._of_draft(entry)
        if form is None:
            policy.require(current_viewer(), Act.REVISE, entry)
            form = self.for_telling(entry, wanted)
        form.lang.data = wanted.tag
        told = queries.text_for(entry, wanted.other)
        return self.closed(form, entry, told) if closed else self.page(form, entry, original=told)

    def to_tell(self, entry_id: int, lang: str) -> tuple[Entry, Lang]:
        """Return the entry and the language named; raise NotFound for one we do not speak."""
        entry = queries.get(current_viewer(), entry_id, self.kind)
        wanted = Lang.of_tag(lang)
        if wanted is None:
            raise NotFound
        return entry, wanted

    def autosave(self) -> dict[str, Any]:
        """Keep the form while its author writes; return the answer to the editor's script."""
        viewer = current_viewer()
        form = self.form()
        number = request.form.get("entry", type=int)
        entry = queries.get(viewer, number, self.kind) if number else None
        if entry is not None and entry.status != Status.PUBLISHED and entry.author_id != viewer.id:
            raise NotFound
        return keeping.saved(form, entry)

    def published(
        self, form: F, entry_id: int, revise: Callable[[], Revised]
    ) -> ResponseReturnValue:
        """Publish a new state, or show the form again: beside a state that clashes with it, closed, or with errors."""
        try:
            with form.showing_errors():
                done = revise()
                discard_draft_of(form)
                db.session.commit()
                say_published(done)
                say_who_was_left_out_of(done.entry, form.text)
                return redirect(url_of(done.entry, done.text), 303)
        except EditConflict as conflict:
            db.session.rollback()
            return self.conflict_page(form, entry_id, conflict), 409
        except Forbidden:
            db.session.rollback()
            fresh = self._fresh(entry_id)
            is_closed(fresh)
            return self.closed(form, fresh), 409
        return self.page(form, self._fresh(entry_id)), 422

    def told(self, form: F, entry_id: int) -> ResponseReturnValue:
        """Commit what tells an entry in the language it lacked, and lead to it."""
        discard_draft_of(form)
        db.session.commit()
        flash(_("This is now told in both languages."))
        fresh = self._fresh(entry_id)
        return redirect(url_of(fresh, queries.text_for(fresh, form.language)), 303)

    def closed(self, form: F, entry: Entry, original: Text | None = None) -> str:
        """Show the form of an entry hidden or withdrawn while its author wrote, with everything typed."""
        keeping.say_closed(form, entry)
        return self.page(form, entry, original=original)

    def _of_draft(self, entry: Entry) -> F | None:
        return keeping.form_of_draft(self.form, entry, self.as_published)

    def _fresh(self, entry_id: int) -> Entry:
        return queries.get(current_viewer(), entry_id, self.kind)


def is_told(entry: Entry, lang: Lang) -> bool:
    """Tell whether an entry has a text in this language."""
    return any(text.lang == lang for text in entry.texts)


def discard_draft_of(form: EditorForm) -> None:
    """Let the draft go that a form was kept in, now that it is published."""
    drafts.discard_draft(by=current_viewer(), draft_id=form.draft_id, page=form.page)


def say_published(done: Revised) -> None:
    """Say what became of changes."""
    if not done.changed:
        flash(_("Nothing was changed, so there is no new revision."))
    elif done.entry.status == Status.HELD:
        flash(str(SENT))
    elif done.merged:
        flash(_("Your changes are published, together with those somebody else made meanwhile."))
    else:
        flash(_("Your changes are published."))


def two_texts(
    form: EditorForm,
    entry: Entry,
    conflict: EditConflict,
    *,
    order: Sequence[str],
    titles: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what a page shows of two texts that do not merge; sending the form again decides knowingly."""
    viewer = current_viewer()
    theirs = queries.revision_of(queries.text_for(entry, form.language), conflict.theirs.number)
    typed = form.text.sections
    told = mentions.names(viewer, entry, [*theirs.sections.values(), *typed.values()])
    mine = {"title": form.text.title} | {key: told.words(words) for key, words in typed.items()}
    sections = diff_sections(worded(told, theirs), mine, order)
    form.base.data = str(theirs.id)
    return {
        "conflict": conflict,
        "theirs": theirs,
        "theirs_by": policy.byline(viewer, theirs, entry),
        "differences": [section for section in sections if section.changed],
        "section_titles": titles,
    }
