"""What curators do at the desk of any kind of page they keep: edit it, tell it in the other language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import keeping, mentions, policy, queries
from cop.entries.comparing import shown
from cop.entries.curated import Curated, revise
from cop.entries.curated_form import CuratedForm
from cop.entries.editing_views import discard_draft_of, is_told, say_published, two_texts
from cop.entries.keeping import only_looking, saved
from cop.entries.models import Entry, Text
from cop.entries.policy import Act
from cop.entries.revising import EditConflict
from cop.people.sessions import current_viewer, login_required
from cop.web.addresses import kept_args
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text


@dataclass(frozen=True)
class Words:
    """What the editor's page says that only this kind says, as lazy strings."""

    heading: Any
    title_hint: Any
    #: What kind of terms the list is to hold.
    choosing_hint: Any
    hints: Mapping[str, Any]
    #: What is not written on this page.
    elsewhere: Any
    #: Names of title, sections and facts, for two texts that do not merge.
    names: Mapping[str, Any]
    #: Sections that are short.
    short: Sequence[str] = field(default=("summary",))


class Desk:
    """The editor of one kind of page, with its addresses on a blueprint."""

    def __init__(
        self,
        curated: Curated,
        form: type[CuratedForm],
        words: Words,
        *,
        offered: Callable[[CuratedForm], Sequence[Any]],
        address: Callable[[Entry, Lang | None], str],
    ) -> None:
        """Name the terms the form offers, and the address of a page in a language."""
        self.curated = curated
        self.form = form
        self.words = words
        self.offered = offered
        self.address = address
        self.name = ""

    def add_to(self, bp: Blueprint) -> None:
        """Give a blueprint the addresses `/<id>/edit`, `/<id>/translate/<lang>` and `/drafts`."""
        self.name = bp.name
        edit, tell = "/<int:entry_id>/edit", "/<int:entry_id>/translate/<lang>"
        bp.add_url_rule(edit, "edit", self.edit, methods=["GET"])
        bp.add_url_rule(edit, "update", self.update, methods=["POST"])
        bp.add_url_rule(tell, "translate", self.translate, methods=["GET"])
        bp.add_url_rule(tell, "add_translation", self.add_translation, methods=["POST"])
        bp.add_url_rule("/drafts", "autosave", self.autosave, methods=["POST"])

    @login_required
    @keeps_typed_text
    def edit(self, entry_id: int) -> ResponseReturnValue:
        """The editor of a page, in one of its languages."""
        entry = self.opened(entry_id)
        form = keeping.form_of_draft(self.form, entry, self._form_for_edit)
        if form is None:
            lang = Lang.of_tag(request.args.get("text", "")) or current_lang()
            form = self._form_for_edit(entry, queries.text_for(entry, lang))
        return self._page(form, entry)

    @login_required
    @form_says_expired
    @keeps_typed_text
    def update(self, entry_id: int) -> ResponseReturnValue:
        """Publish a new state of a page; where somebody changed the same passage, show both."""
        entry = self.opened(entry_id)
        form = self.form()
        if only_looking():
            return self._kept_or_previewed(form, entry)
        if form.validate() and form.is_whole():
            form.kept = self.curated.facts_now(entry)
            try:
                with form.showing_errors():
                    return self._revised(form, entry_id)
            except EditConflict as conflict:
                db.session.rollback()
                return self._conflict_page(form, entry_id, conflict), 409
        return self._page(form, self.opened(entry_id)), 422

    @login_required
    @keeps_typed_text
    def translate(self, entry_id: int, lang: str) -> ResponseReturnValue:
        """The form that tells a page in the language it lacks."""
        entry, wanted = self._to_tell(entry_id, lang)
        if is_told(entry, wanted):
            kept = kept_args("draft")
            target = url_for(f"{self.name}.edit", entry_id=entry.id, text=wanted.tag, **kept)
            return redirect(target, 302)
        form = keeping.form_of_draft(self.form, entry, self._form_for_edit) or self.form(None)
        form.lang.data = wanted.tag
        return self._page(form, entry, original=queries.text_for(entry, wanted.other))

    @login_required
    @form_says_expired
    @keeps_typed_text
    def add_translation(self, entry_id: int, lang: str) -> ResponseReturnValue:
        """Publish a page's text in the language it lacked."""
        entry, wanted = self._to_tell(entry_id, lang)
        form = self.form()
        form.lang.data = wanted.tag
        if only_looking():
            return self._kept_or_previewed(form, entry, queries.text_for(entry, wanted.other))
        if form.validate() and form.is_whole():
            with form.showing_errors():
                self.curated.add_text(by=current_viewer(), entry=entry, text=form.text)
                discard_draft_of(form)
                db.session.commit()
                flash(_("This is now told in both languages."))
                return redirect(self.address(entry, wanted), 303)
        entry, wanted = self._to_tell(entry_id, lang)
        return self._page(form, entry, original=queries.text_for(entry, wanted.other)), 422

    @login_required
    def autosave(self) -> ResponseReturnValue:
        """Keep the form while its writer writes; answers the editor's script."""
        number = request.form.get("entry", type=int)
        entry = queries.get(current_viewer(), number, self.curated.kind) if number else None
        return saved(self.form(), entry)

    def opened(self, entry_id: int, act: Act = Act.REVISE) -> Entry:
        """Return a page on which the viewer may act."""
        viewer = current_viewer()
        entry = queries.get(viewer, entry_id, self.curated.kind)
        policy.require(viewer, act, entry)
        return entry

    def _to_tell(self, entry_id: int, lang: str) -> tuple[Entry, Lang]:
        """Return the entry and the language named; raise NotFound for one we do not speak."""
        entry = self.opened(entry_id)
        wanted = Lang.of_tag(lang)
        if wanted is None:
            raise NotFound
        return entry, wanted

    def _revised(self, form: CuratedForm, entry_id: int) -> ResponseReturnValue:
        done = revise(
            self.curated,
            by=current_viewer(),
            entry_id=entry_id,
            base_id=form.base_id,
            draft=form.text,
            facts=form.facts,
            change=form.change,
        )
        discard_draft_of(form)
        db.session.commit()
        say_published(done)
        return redirect(self.address(done.entry, form.language), 303)

    def _form_for_edit(self, entry: Entry, text: Text) -> CuratedForm:
        """Return the form filled with a text of a page as it is published."""
        revision, facts = queries.current(text), self.curated.facts_now(entry)
        told = mentions.names(current_viewer(), entry, revision.sections.values())
        values = {
            "lang": Lang(text.lang).tag,
            "title": revision.title,
            **{name: revision.sections.get(name, "") for name in self.curated.sections},
            self.form.choosing: list(facts.get(self.form.choosing, ())),
            self.form.whole_by: facts.get(self.form.whole_by, "yes"),
            "base": str(revision.id),
        }
        return self.form(None, data=values | told.sources(revision.sections))

    def _page(
        self, form: CuratedForm, entry: Entry, *, original: Text | None = None, **more: Any
    ) -> str:
        """Show the editor of a page, or (with `original`) of its text in another language."""
        if original is not None:
            lang = form.language.tag
            action = url_for(f"{self.name}.add_translation", entry_id=entry.id, lang=lang)
            revision = queries.current(original)
            html = shown(current_viewer(), entry, revision)
            more["original_title"], more["original_lang"] = revision.title, original.lang
            more["original"] = {
                name: html[name] for name in self.curated.sections if html.get(name)
            }
        else:
            action = url_for(f"{self.name}.update", entry_id=entry.id)
        return render_template(
            "entries/curated_edit.html",
            curated_form=form,
            said=self.words,
            sections=self.curated.sections,
            entry=entry,
            action=action,
            autosave=url_for(f"{self.name}.autosave"),
            offered=self.offered(form),
            **more,
        )

    def _kept_or_previewed(
        self, form: CuratedForm, entry: Entry, original: Text | None = None
    ) -> ResponseReturnValue:
        """Save the draft or show the preview for those without script; nothing is checked but the token."""

        def show(**more: Any) -> str:
            return self._page(form, entry, original=original, **more)

        def preview() -> dict[str, Any]:
            html = {name: markup.render(words).html for name, words in form.text.sections.items()}
            return {"preview": mentions.shown_all(current_viewer(), entry, html), "previewed": True}

        return keeping.kept_or_previewed(form, entry, show=show, preview=preview)

    def _conflict_page(self, form: CuratedForm, entry_id: int, conflict: EditConflict) -> str:
        """Show what stands published beside what was typed; sending the form again decides knowingly."""
        entry = queries.get(current_viewer(), entry_id, self.curated.kind)
        order = ("title", *self.curated.sections)
        texts = two_texts(form, entry, conflict, order=order, titles=self.words.names)
        return self._page(form, entry, **texts)
