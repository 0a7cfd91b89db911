"""Pages every entry has: history, comparison, one revision, withdrawing, hiding; and one's drafts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import (
    comparing,
    drafts,
    enclosures,
    mentions,
    operations,
    pictures,
    policy,
    queries,
    saying,
)
from cop.entries.cards import cards
from cop.entries.draft import images_from_json
from cop.entries.forms import ConfirmForm, ReasonForm
from cop.entries.kinds import KINDS
from cop.entries.models import COMMENT_DRAFT, Entry, Text
from cop.entries.pages import reading
from cop.entries.policy import Act
from cop.people.sessions import current_viewer, login_required
from cop.web.addresses import kept_args
from cop.web.csrf import form_says_expired

bp = Blueprint("entries", __name__)


def _opened(entry_id: int, act: Act = Act.READ) -> tuple[Entry, Text]:
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id)
    policy.require(viewer, act, entry)
    return entry, queries.text_for(
        entry, Lang.of_tag(request.args.get("text", "")) or current_lang()
    )


def _opened_or_joined(entry_id: int) -> tuple[Entry, Text]:
    """Open what can be read, and what the history of a page that leads to another one now is about."""
    entry = queries.get_with_joined(current_viewer(), entry_id)
    wanted = Lang.of_tag(request.args.get("text", "")) or current_lang()
    return entry, queries.text_for(entry, wanted)


def url_of(entry: Entry, text: Text | None = None) -> str:
    """Return the address of an entry's page."""
    told = text or queries.text_for(entry, current_lang())
    more: dict[str, Any] = (
        {"text": Lang(told.lang).tag}
        if told.lang != current_lang() and len(entry.texts) > 1
        else {}
    )
    return url_for(KINDS[entry.kind].endpoint, entry_id=entry.id, slug=told.slug, **more)


@bp.get("/entries/<int:entry_id>")
def show(entry_id: int) -> ResponseReturnValue:
    """Lead to the page of an entry whatever its kind."""
    entry, text = _opened(entry_id)
    return redirect(url_of(entry, text), 302)


@bp.get("/entries/<int:entry_id>/edit")
@login_required
def edit(entry_id: int) -> ResponseReturnValue:
    """Lead to the editor of an entry whatever its kind."""
    entry, _text = _opened(entry_id, Act.REVISE)
    return redirect(
        url_for(KINDS[entry.kind].edit_endpoint, entry_id=entry.id, **kept_args("text", "draft")),
        302,
    )


@bp.get("/entries/<int:entry_id>/translate/<lang>")
@login_required
def translate(entry_id: int, lang: str) -> ResponseReturnValue:
    """Lead to the form that tells an entry in another language."""
    entry, _text = _opened(entry_id, Act.REVISE)
    if Lang.of_tag(lang) is None:
        raise NotFound
    return redirect(
        url_for(
            KINDS[entry.kind].translate_endpoint, entry_id=entry.id, lang=lang, **kept_args("draft")
        ),
        302,
    )


@bp.get("/entries/<int:entry_id>/history")
def history(entry_id: int) -> ResponseReturnValue:
    """The revisions of one text of an entry, newest first."""
    viewer = current_viewer()
    entry, text = _opened_or_joined(entry_id)
    page = queries.history(text, before=request.args.get("before", type=int))
    return render_template(
        "entries/history.html",
        page=reading(viewer, entry, text, queries.current(text)),
        older=page.older,
        rows=comparing.rows(viewer, entry, text, page.items),
        joined=[
            (queries.text_for(one, current_lang()), one.id)
            for one in queries.joined_with(viewer, entry)
        ],
        href=url_of(entry, text),
    )


@bp.get("/entries/<int:entry_id>/diff")
def diff(entry_id: int) -> ResponseReturnValue:
    """Any two revisions of a text, by section; without numbers the last two."""
    viewer = current_viewer()
    entry, text = _opened_or_joined(entry_id)
    new = request.args.get("to", text.number, type=int)
    old = request.args.get("from", max(1, new - 1), type=int)
    old, new = min(old, new), max(old, new)
    before, after = queries.revision_of(text, old), queries.revision_of(text, new)
    return render_template(
        "entries/diff.html",
        page=reading(viewer, entry, text, after),
        comparison=comparing.compare(viewer, entry, before, after),
        href=url_of(entry, text),
    )


@bp.get("/entries/<int:entry_id>/revisions/<int:number>")
def revision(entry_id: int, number: int) -> ResponseReturnValue:
    """One earlier state of a text."""
    viewer = current_viewer()
    entry, text = _opened_or_joined(entry_id)
    found = queries.revision_of(text, number)
    kind, html = KINDS[entry.kind], comparing.shown(viewer, entry, found)
    return render_template(
        "entries/revision.html",
        page=reading(viewer, entry, text, found),
        row=comparing.row(viewer, entry, text, found),
        sections=[(key, kind.titles[key], html[key]) for key in kind.sections if html.get(key)],
        images=pictures.shown_then(entry, [images_from_json(found.facts.get("images", {}))])[0],
        files=enclosures.shown_then(entry, [found.facts.get("files", {})])[0],
        form=ReasonForm(),
        href=url_of(entry, text),
    )


@bp.post("/entries/<int:entry_id>/revisions/<int:number>/restoration")
@login_required
def restore(entry_id: int, number: int) -> ResponseReturnValue:
    """Publish an earlier state again."""
    entry, text = _opened(entry_id, Act.RESTORE)
    found = queries.revision_of(text, number)
    done = KINDS[entry.kind].restore(by=current_viewer(), entry_id=entry.id, revision_id=found.id)
    db.session.commit()
    if done.changed:
        flash(_("Revision %(number)s is published again.", number=number))
    else:
        flash(_("That revision says the same as the text published now."))
    return redirect(url_of(entry, text), 303)


@bp.route("/entries/<int:entry_id>/revisions/<int:number>/suppression", methods=["GET", "POST"])
@login_required
@form_says_expired
def suppress(entry_id: int, number: int) -> ResponseReturnValue:
    """Take the words of an earlier revision out of the database, for a reason."""
    viewer = current_viewer()
    entry, text = _opened(entry_id, Act.SUPPRESS)
    found = queries.revision_of(text, number)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            operations.suppress(
                by=viewer, entry_id=entry.id, revision_id=found.id, reason=form.reason.data or ""
            )
            db.session.commit()
            flash(
                _(
                    "The words of revision %(number)s are gone. Its date and number stay in the history.",
                    number=number,
                )
            )
            return redirect(
                url_for("entries.history", entry_id=entry.id, text=Lang(text.lang).tag), 303
            )
    entry, text = _opened(entry_id, Act.SUPPRESS)
    page = reading(viewer, entry, text, queries.revision_of(text, number))
    body = render_template(
        "entries/suppress.html", page=page, form=form, number=number, href=url_of(entry, text)
    )
    return body, 422 if request.method == "POST" else 200


@bp.route("/entries/<int:entry_id>/withdrawal", methods=["GET", "POST"])
@login_required
@form_says_expired
def withdraw(entry_id: int) -> ResponseReturnValue:
    """Take one's own entry back."""
    viewer = current_viewer()
    entry, text = _opened(entry_id)
    if policy.is_done(viewer, Act.WITHDRAW, entry):
        return _as_it_was(entry, text, _("You have withdrawn this already."))
    policy.require(viewer, Act.WITHDRAW, entry)
    form = ConfirmForm()
    if form.validate_on_submit():
        operations.withdraw(by=viewer, entry_id=entry.id)
        db.session.commit()
        flash(
            _("You have withdrawn this. Only you can read it now; you can publish it again below.")
        )
        return redirect(url_of(entry, text), 303)
    page = reading(viewer, entry, text, queries.current(text))
    body = render_template("entries/withdraw.html", page=page, form=form, href=url_of(entry, text))
    return body, 422 if request.method == "POST" else 200


def _as_it_was(entry: Entry, text: Text, sentence: str) -> ResponseReturnValue:
    """Lead back to a page that is already as somebody wished it to be."""
    flash(sentence)
    return redirect(url_of(entry, text), 303)


@bp.post("/entries/<int:entry_id>/return")
@login_required
def give_back(entry_id: int) -> ResponseReturnValue:
    """Publish one's own withdrawn entry again."""
    entry, text = _opened(entry_id)
    if policy.is_done(current_viewer(), Act.RETURN, entry):
        return _as_it_was(entry, text, _("This is published already."))
    operations.give_back(by=current_viewer(), entry_id=entry.id)
    db.session.commit()
    flash(_("This is published again."))
    return redirect(url_of(entry, text), 303)


@bp.route("/entries/<int:entry_id>/hiding", methods=["GET", "POST"])
@login_required
@form_says_expired
def hide(entry_id: int) -> ResponseReturnValue:
    """Hide an entry at once, for a reason (moderators)."""
    return _moderate(entry_id, Act.HIDE)


@bp.route("/entries/<int:entry_id>/unhiding", methods=["GET", "POST"])
@login_required
@form_says_expired
def unhide(entry_id: int) -> ResponseReturnValue:
    """Show a hidden entry again, for a reason (moderators)."""
    return _moderate(entry_id, Act.UNHIDE)


def _moderate(entry_id: int, act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    entry, text = _opened(entry_id)
    if policy.is_done(viewer, act, entry):
        done = _("This is hidden already.") if act is Act.HIDE else _("This is shown already.")
        return _as_it_was(entry, text, done)
    policy.require(viewer, act, entry)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            if act is Act.HIDE:
                operations.hide(by=viewer, entry_id=entry.id, reason=form.reason.data or "")
                said = _("This is hidden now. Its author still sees it, with your reason.")
            else:
                operations.unhide(by=viewer, entry_id=entry.id, reason=form.reason.data or "")
                said = _("This is shown again.")
            db.session.commit()
            flash(said)
            return redirect(url_of(entry, text), 303)
    entry, text = _opened(entry_id, act)
    page = reading(viewer, entry, text, queries.current(text))
    body = render_template(
        "entries/hide.html", page=page, form=form, hiding=act is Act.HIDE, href=url_of(entry, text)
    )
    return body, 422 if request.method == "POST" else 200


@bp.post("/entries/preview")
@login_required
def preview() -> ResponseReturnValue:
    """Render Markdown exactly as a page would show it, for the editor."""
    typed = request.form.get("text", "")[: operations.SECTION_LIMIT + 1]
    return mentions.shown(current_viewer(), None, markup.render(typed).html)


@bp.get("/drafts/", endpoint="drafts")
@login_required
def list_drafts() -> ResponseReturnValue:
    """What the viewer is writing, and everything she published, whatever became of it."""
    viewer = current_viewer()
    page = queries.page(
        queries.own(viewer), older=request.args.get("older"), newer=request.args.get("newer")
    )
    return render_template(
        "entries/drafts.html",
        drafts=queries.drafts(viewer),
        comments=saying.rows(),
        kinds=KINDS,
        page=page,
        cards=cards(viewer, page.items),
    )


@bp.post("/drafts/<int:draft_id>/deletion")
@login_required
def delete_draft(draft_id: int) -> ResponseReturnValue:
    """Delete one of one's own drafts."""
    viewer = current_viewer()
    draft = queries.draft(viewer, draft_id)
    drafts.discard_draft(by=viewer, draft_id=draft.id)
    db.session.commit()
    flash(_("The draft is deleted."))
    return redirect(url_for("entries.drafts"), 303)


@bp.get("/drafts/<int:draft_id>")
@login_required
def draft(draft_id: int) -> ResponseReturnValue:
    """Go on writing a draft."""
    found = queries.draft(current_viewer(), draft_id)
    if found.kind == COMMENT_DRAFT:
        return redirect(url_for("comment_drafts.take_up", draft_id=found.id), 302)
    kind = KINDS.get(found.kind)
    if kind is None:
        raise NotFound
    if found.entry_id is not None:
        entry = queries.get(current_viewer(), found.entry_id)
        if kind.propose_endpoint and not policy.may(current_viewer(), Act.REVISE, entry):
            return redirect(url_for(kind.propose_endpoint, entry_id=entry.id, draft=found.id))
        if any(text.lang == found.lang for text in entry.texts):
            return redirect(url_for(kind.edit_endpoint, entry_id=entry.id, draft=found.id))
        target = url_for(
            kind.translate_endpoint, entry_id=entry.id, lang=Lang(found.lang).tag, draft=found.id
        )
        return redirect(target)
    return redirect(url_for(kind.new_endpoint, draft=found.id))
