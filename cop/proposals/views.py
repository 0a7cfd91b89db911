"""Pages of proposals: propose, look, talk, take back, decide."""

import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _, _l, current_lang
from cop.core.text import guess_lang
from cop.core.types import Lang
from cop.entries import drafts, mentions, queries as entries, taken
from cop.entries.keeping import kept_or_previewed, only_looking, opened, saved
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Text
from cop.people.sessions import current_viewer, login_required
from cop.proposals import deciding, operations, policy, promoting, queries
from cop.proposals.forms import ProposalForm, RemarkForm, form_class, form_for, form_of
from cop.proposals.models import Proposal
from cop.proposals.pages import editor_page, preview_of, proposal_page, rows_of
from cop.proposals.promoting_views import put_words
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text

bp = Blueprint("proposals", __name__)


@bp.get("/proposals/")
@login_required
def index() -> ResponseReturnValue:
    """What the viewer proposed, and what became of it."""
    viewer = current_viewer()
    page = queries.own(viewer, older=request.args.get("older"))
    return render_template(
        "proposals/index.html", rows=rows_of(viewer, page.items), page=page, entry=None
    )


@bp.get("/entries/<int:entry_id>/proposals/")
@login_required
def of_entry(entry_id: int) -> ResponseReturnValue:
    """What was proposed for a page."""
    viewer = current_viewer()
    entry = _page_of(entry_id, joined=True)
    page = queries.of_entry(viewer, entry.id, older=request.args.get("older"))
    return render_template(
        "proposals/index.html",
        rows=rows_of(viewer, page.items),
        page=page,
        entry=entry,
        title=entries.text_for(entry, current_lang()).title,
        kind=KINDS[entry.kind],
    )


@bp.get("/entries/<int:entry_id>/proposals/new")
@login_required
@keeps_typed_text
def new(entry_id: int) -> ResponseReturnValue:
    """The form that proposes an edit of a page, or of one of its sections."""
    entry = _page_of(entry_id)
    policy.require_proposing(current_viewer(), entry)
    kept = request.args.get("draft", type=int)
    if kept:
        draft = entries.draft(current_viewer(), kept)
        if draft.entry_id != entry.id:
            raise NotFound
        return editor_page(opened(form_class(entry.kind), draft), entry)
    text = entries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
    section = request.args.get("section", "")
    section = section if section in KINDS[entry.kind].sections else ""
    revision = entries.current(text)
    told = mentions.names(current_viewer(), entry, revision.sections.values())
    form = form_for(entry.kind, revision, told, Lang(text.lang), section)
    form.form_key.data = secrets.token_urlsafe(12)
    return _filled(form, entry, section)


@bp.post("/entries/<int:entry_id>/proposals/")
@login_required
@form_says_expired
@keeps_typed_text
def create(entry_id: int) -> ResponseReturnValue:
    """Propose an edit."""
    viewer = current_viewer()
    entry = _page_of(entry_id)
    form = form_class(entry.kind)()
    if only_looking():
        return kept_or_previewed(
            form,
            entry,
            show=lambda **more: editor_page(form, entry, **more),
            preview=lambda: preview_of(form, entry),
        )
    if form.validate():
        with form.showing_conflicts():
            made = operations.propose(
                by=viewer,
                entry_id=entry.id,
                base_id=form.base_id,
                wish=_wish(form),
                key=_key(form),
            )
            return _sent(form, made.id)
        if form.status == 409:
            form.base.data = str(_current(entry_id, form.language).id)
    return editor_page(form, entries.get(viewer, entry_id)), form.status


@bp.get("/proposals/new")
@login_required
def take_up() -> ResponseReturnValue:
    """Go on with the draft of a page that is not there yet; without one, choose a strategy."""
    kept = request.args.get("draft", 0, type=int)
    if not kept:
        return redirect(url_for("practices.index"), 303)
    draft = entries.draft(current_viewer(), kept)
    return redirect(url_for("proposals.new_page", kind=draft.kind, draft=draft.id), 303)


@bp.get("/proposals/new/<kind>")
@login_required
@keeps_typed_text
def new_page(kind: str) -> ResponseReturnValue:
    """The form that proposes a page which is not there yet."""
    starting = _starting(kind)
    kept = request.args.get("draft", type=int)
    if kept:
        draft = entries.draft(current_viewer(), kept)
        if draft.entry_id is not None or draft.kind != kind:
            raise NotFound
        return editor_page(opened(form_class(kind), draft), None)
    facts = starting.facts(request.args)
    about = {"about": urlencode(facts), "form_key": secrets.token_urlsafe(12)}
    form = form_class(kind)(None, data={"lang": current_lang().tag, **about})
    form.title.data, form.significance.data = starting.title(facts), "meaning"
    return _filled(form, None, KINDS[kind].sections[-1] if kind == "guide" else "")


@bp.post("/proposals/new/<kind>")
@login_required
@form_says_expired
@keeps_typed_text
def create_page(kind: str) -> ResponseReturnValue:
    """Propose a page which is not there yet."""
    starting = _starting(kind)
    form = form_class(kind)()
    if only_looking():
        return kept_or_previewed(
            form,
            None,
            show=lambda **more: editor_page(form, None, **more),
            preview=lambda: preview_of(form, None),
        )
    if form.validate():
        with form.showing_errors():
            facts = starting.facts(dict(parse_qsl(form.about.data or "")))
            made = operations.propose_page(
                by=current_viewer(), kind=kind, facts=facts, wish=_wish(form), key=_key(form)
            )
            if request.form.get("act") == "begin" and policy.may_decide(current_viewer()):
                return _begun(form, made)
            return _sent(form, made.id)
    return editor_page(form, None), 422


def _filled(form: ProposalForm, entry: Entry | None, section: str) -> ResponseReturnValue:
    """Show a new form with the words it takes up; where they are proposed already, that proposal."""
    named = request.args.get("taken", "")
    if named:
        viewer, source = current_viewer(), taken.source_named(current_viewer(), named)
        there = promoting.open_one(
            viewer, source, entry_id=entry.id if entry else None, kind=form.entry_kind
        )
        if there is not None:
            flash(_("You have proposed this already; a curator has not decided yet."))
            return redirect(url_for("proposals.show", proposal_id=there.id), 303)
        put_words(form, source, section or form.section_keys[0])
    return editor_page(form, entry)


def _wish(form: ProposalForm) -> operations.Wish:
    """Return what is proposed, with what it takes up; raise Invalid where that is public no more."""
    if not form.taken.data:
        return form.wish
    source = taken.readable_source(current_viewer(), form.taken.data)
    if source is None:
        raise Invalid(
            "note",
            _l("What you take up is not open to everybody any more; propose without its words."),
        )
    return replace(form.wish, source=source)


def _begun(form: ProposalForm, proposal: Proposal) -> ResponseReturnValue:
    """Publish the page a curator proposed just now; sent twice, it is published already."""
    viewer = current_viewer()
    if proposal.is_open:
        proposal = deciding.accept(
            by=viewer,
            proposal_id=proposal.id,
            version=proposal.version,
            onto_id=0,
            text=form.text,
        )
    drafts.discard_draft(by=viewer, draft_id=form.draft_id, page=form.page)
    db.session.commit()
    flash(_("The page is published."))
    return redirect(url_for("entries.show", entry_id=proposal.entry_id), 303)


def _sent(form: ProposalForm, proposal_id: int) -> ResponseReturnValue:
    drafts.discard_draft(by=current_viewer(), draft_id=form.draft_id, page=form.page)
    db.session.commit()
    flash(_("Thank you. A curator looks at it; until then the page stays as it is."))
    return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)


@bp.post("/proposals/drafts")
@login_required
def autosave() -> ResponseReturnValue:
    """Keep the form while somebody writes; answers the editor's script."""
    number = request.form.get("entry", type=int)
    entry = _page_of(number, joined=True) if number else None
    kind = entry.kind if entry else request.form.get("kind", "")
    if not policy.is_kept(kind):
        raise NotFound
    return saved(form_class(kind)(), entry)


@bp.get("/proposals/<int:proposal_id>")
@login_required
def show(proposal_id: int) -> ResponseReturnValue:
    """A proposal: what it changes, what was said, what became of it."""
    return proposal_page(proposal_id)


@bp.get("/proposals/<int:proposal_id>/edit")
@login_required
@keeps_typed_text
def edit(proposal_id: int) -> ResponseReturnValue:
    """The form that changes what one has proposed."""
    proposal = _own(proposal_id)
    if not proposal.is_open:
        return redirect(url_for("proposals.show", proposal_id=proposal.id), 303)
    entry = _entry_of(proposal)
    told = mentions.names(current_viewer(), entry, proposal.sections.values())
    return editor_page(form_of(proposal, told), entry, proposal=proposal)


@bp.post("/proposals/<int:proposal_id>/edit")
@login_required
@form_says_expired
@keeps_typed_text
def update(proposal_id: int) -> ResponseReturnValue:
    """Change what one has proposed."""
    proposal = _own(proposal_id)
    form = form_class(proposal.kind)()
    if request.form.get("act") == "preview":
        entry = _entry_of(proposal)
        return editor_page(form, entry, proposal=proposal, **preview_of(form, entry))
    if form.validate():
        with form.showing_conflicts():
            operations.change(
                by=current_viewer(),
                proposal_id=proposal_id,
                version=form.version_number,
                wish=form.wish,
            )
            db.session.commit()
            flash(_("Your proposal is changed."))
            return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)
    proposal = _own(proposal_id)
    form.version.data = str(proposal.version)
    return editor_page(form, _entry_of(proposal), proposal=proposal), form.status


@bp.post("/proposals/<int:proposal_id>/withdrawal")
@login_required
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """Take back what one has proposed."""
    with flashing_errors():
        deciding.withdraw(by=current_viewer(), proposal_id=proposal_id)
        db.session.commit()
        flash(_("Your proposal is taken back. Your words stay here, for you to use again."))
    return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)


@bp.post("/proposals/<int:proposal_id>/remarks")
@login_required
@form_says_expired
@keeps_typed_text
def remark(proposal_id: int) -> ResponseReturnValue:
    """Say something about a proposal."""
    viewer = current_viewer()
    form = RemarkForm()
    if form.validate():
        with form.showing_errors():
            body = form.body.data or ""
            said = operations.remark(
                by=viewer,
                proposal_id=proposal_id,
                body=body,
                lang=guess_lang(body, default=current_lang()),
                key=f"r-{viewer.id}-{form.form_key.data or secrets.token_urlsafe(12)}"[:80],
            )
            db.session.commit()
            return redirect(
                url_for("proposals.show", proposal_id=proposal_id, _anchor=f"r-{said.id}"), 303
            )
    return proposal_page(proposal_id, remark_form=form), 422


def _key(form: ProposalForm) -> str:
    typed = form.form_key.data or secrets.token_urlsafe(12)
    return f"p-{current_viewer().id}-{typed}"[:80]


def _page_of(entry_id: int, *, joined: bool = False) -> Entry:
    find = entries.get_with_joined if joined else entries.get
    entry = find(current_viewer(), entry_id)
    if not policy.is_kept(entry.kind):
        raise NotFound
    return entry


def _own(proposal_id: int) -> Any:
    proposal = queries.get(current_viewer(), proposal_id)
    if proposal.author_id != current_viewer().id:
        raise NotFound
    return proposal


def _entry_of(proposal: Any) -> Entry | None:
    viewer = current_viewer()
    return entries.get_with_joined(viewer, proposal.entry_id) if proposal.entry_id else None


def _current(entry_id: int, lang: Lang) -> Any:
    text: Text = entries.text_for(entries.get(current_viewer(), entry_id), lang)
    return entries.current(text)


def _starting(kind: str) -> Any:
    starting = KINDS[kind].starting if kind in KINDS else None
    if starting is None:
        raise NotFound
    return starting
