"""What the pages of proposals show: the form with its preview, a proposal beside the page, lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from cop import markup
from cop.core.db import db
from cop.core.diff import SectionDiff, diff_sections
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import mentions, queries as entries
from cop.entries.kinds import KINDS
from cop.entries.mentions import Names
from cop.entries.models import Entry, Text
from cop.entries.revising import TITLE
from cop.entries.significance import SIGNIFICANCE, SIGNIFICANCE_SHORT
from cop.entries.taken import Source
from cop.people.models import User
from cop.people.sessions import current_viewer
from cop.people.viewer import Viewer
from cop.proposals import policy, queries
from cop.proposals.forms import DecisionForm, ProposalForm, RemarkForm, decision_class
from cop.proposals.models import Proposal
from cop.proposals.promoting import source_of
from cop.proposals.wording import STATES


@dataclass(frozen=True)
class Row:
    """A proposal in a list."""

    id: int
    page: str
    page_lang: str
    kind: Any
    by: str
    handle: str
    note: str
    significance: Any
    state: str
    state_words: Any
    opened_at: datetime


def rows_of(viewer: Viewer, proposals: Sequence[Proposal]) -> list[Row]:
    """Return proposals as lists show them; what they are for is read in one query."""
    titles = _titles([one.entry_id for one in proposals if one.entry_id])
    return [_row(one, titles) for one in proposals]


def _row(proposal: Proposal, titles: Mapping[int, Mapping[str, str]]) -> Row:
    told = titles.get(proposal.entry_id or 0, {})
    name, lang = told.get(current_lang().value), current_lang().value
    if not name:
        name, lang = told.get(proposal.lang) or proposal.title, proposal.lang
    author = proposal.author
    return Row(
        id=proposal.id,
        page=name,
        page_lang=lang,
        kind=KINDS[proposal.kind].label,
        by=_name(author),
        handle=author.handle if author is not None and author.active else "",
        note=proposal.note,
        significance=SIGNIFICANCE_SHORT[proposal.significance],
        state=proposal.state,
        state_words=STATES[proposal.state],
        opened_at=proposal.opened_at,
    )


def _name(user: User | None) -> str:
    return user.name if user is not None and user.active else _("Somebody who left")


def _titles(entry_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    if entry_ids:
        rows = db.session.execute(
            select(Text.entry_id, Text.lang, Text.title).where(Text.entry_id.in_(entry_ids))
        )
        for entry_id, lang, title in rows:
            found.setdefault(entry_id, {})[lang] = title
    return found


def preview_of(form: ProposalForm, entry: Entry | None) -> dict[str, Any]:
    """Return what the page shows of the form as readers would see it."""
    titles = KINDS[form.entry_kind].titles
    told = [key for key in form.section_keys if form[key].data]
    html = {key: markup.render(form[key].data).html for key in told}
    shown = mentions.shown_all(current_viewer(), entry, html)
    return {"preview": [(titles[key], shown[key]) for key in told]}


def editor_page(
    form: ProposalForm,
    entry: Entry | None,
    *,
    proposal: Proposal | None = None,
    **more: Any,
) -> str:
    """Show the form: of an edit, of one that is changed, or (without an entry) of a page that is not there yet."""
    if proposal is not None:
        action = url_for("proposals.update", proposal_id=proposal.id)
    elif entry is not None:
        action = url_for("proposals.create", entry_id=entry.id)
    else:
        action = url_for("proposals.create_page", kind=form.entry_kind)
    kind = KINDS[form.entry_kind]
    wanted = form.section.data if form.section.data in form.section_keys else ""
    title = entries.text_for(entry, form.language).title if entry is not None else ""
    return render_template(
        "proposals/edit.html",
        proposal_form=form,
        entry=entry,
        page_title=title,
        kind=kind,
        action=action,
        shown=[wanted] if wanted else list(form.section_keys),
        section=wanted,
        proposal=proposal,
        may_begin=entry is None and proposal is None and policy.may_decide(current_viewer()),
        **more,
    )


@dataclass(frozen=True)
class Looked:
    """A proposal as its page shows it."""

    row: Row
    proposal: Proposal
    significance: Any
    entry: Entry | None
    href: str
    #: What it changes, beside what stands on the page now; of a decided one, beside what it was made for.
    sections: Sequence[SectionDiff]
    titles: Mapping[str, str]
    clashing: Sequence[str]
    moved: bool
    decided_by: str
    may_decide: bool
    may_talk: bool
    is_mine: bool
    #: What it takes up, and under which name that stands, where this viewer may read it.
    source: Source | None = None
    source_by: str = ""
    #: Of an amended one: what the curator changed about it, where nothing else came in between.
    amended: Sequence[SectionDiff] = ()


def proposal_page(
    proposal_id: int,
    *,
    remark_form: RemarkForm | None = None,
    decision_form: DecisionForm | None = None,
) -> str:
    """Show a proposal, with the forms that this viewer may send."""
    viewer = current_viewer()
    proposal = queries.get(viewer, proposal_id)
    looked, together = looked_at(viewer, proposal)
    said = queries.remarks(proposal)
    html = {str(one.id): markup.render(one.body).html for one in said}
    told = mentions.names(viewer, looked.entry, [*together.words.values(), *html.values()])
    late = decision_form if decision_form and not looked.may_decide else None
    if looked.may_decide:
        decision_form = _decision_form(proposal, together, told, decision_form)
    return render_template(
        "proposals/show.html",
        looked=looked,
        remarks=[(one, _name(one.author), told.html(html[str(one.id)])) for one in said],
        remark_form=remark_form or (RemarkForm(None) if looked.may_talk else None),
        decision_form=decision_form if looked.may_decide else None,
        late=(late.form_errors[:1], _typed(late, proposal, told)) if late else None,
        changed_keys=[part.key for part in looked.sections],
    )


def _typed(form: DecisionForm, proposal: Proposal, told: Names) -> list[tuple[str, str]]:
    """Return what a curator typed into a form that comes too late, beside what was proposed, as (name, words)."""
    proposed = told.sources({TITLE: proposal.title, **proposal.sections})
    keys = ["reason", TITLE, *form.section_keys]
    words = {key: (form[key].data or "").replace("\r\n", "\n").strip() for key in keys}
    return [
        (str(form[key].label.text), words[key])
        for key in keys
        if words[key] and words[key] != proposed.get(key, "").strip()
    ]


def looked_at(viewer: Viewer, proposal: Proposal) -> tuple[Looked, queries.Together]:
    """Return a proposal beside the page it is for, as this viewer sees it."""
    entry = entries.get_with_joined(viewer, proposal.entry_id) if proposal.entry_id else None
    text = entries.text_for(entry, Lang(proposal.lang)) if entry is not None else None
    if proposal.is_open:
        together = queries.put_together(proposal, text)
        before = together.current
    else:
        before = queries.base(proposal)
        together = queries.Together(before, {TITLE: proposal.title, **proposal.sections})
    was = {TITLE: before.title, **before.sections} if before is not None else {}
    published = queries.amended_to(proposal)
    told = mentions.names(
        viewer, entry, [*was.values(), *together.words.values(), *published.values()]
    )
    source = source_of(viewer, proposal)
    kind = KINDS[proposal.kind]
    order = (TITLE, *kind.sections)
    titles = {TITLE: _("Title"), **{key: str(kind.titles[key]) for key in kind.sections}}
    proposed = _worded(told, together.words)
    found = diff_sections(_worded(told, was), proposed, order)
    amended = diff_sections(proposed, _worded(told, published), order) if published else ()
    return Looked(
        row=rows_of(viewer, [proposal])[0],
        proposal=proposal,
        significance=SIGNIFICANCE[proposal.significance],
        entry=entry,
        href=url_for(kind.endpoint, entry_id=entry.id) if entry is not None else "",
        sections=[part for part in found if part.changed],
        titles=titles,
        clashing=[titles.get(key, key) for key in together.clashing],
        moved=together.moved,
        decided_by=_name(proposal.decided_by) if proposal.decided_by_id else "",
        may_decide=policy.may_decide_about(viewer, proposal),
        may_talk=policy.may_talk(viewer, proposal),
        is_mine=proposal.author_id == viewer.id,
        source=source,
        source_by=source.byline(viewer).name if source else "",
        amended=[part for part in amended if part.changed],
    ), together


def _worded(told: Names, words: Mapping[str, str]) -> dict[str, str]:
    """Return title and sections as a comparison shows them: whoever is mentioned by name."""
    return {key: told.words(text) for key, text in words.items()}


def _decision_form(
    proposal: Proposal, together: queries.Together, told: Names, sent: DecisionForm | None
) -> DecisionForm:
    """Return the form that decides; what a curator typed stays, what she looked at is as it is now."""
    form = sent or decision_class(proposal.kind)(None)
    if sent is None:
        for key, value in together.words.items():
            if key in form:
                form[key].data = told.source(value)
    form.version.data = str(proposal.version)
    form.onto.data = str(together.current.id) if together.current is not None else ""
    return form


def proposal_answer(proposal_id: int, form: DecisionForm, status: int) -> ResponseReturnValue:
    """Show a proposal again whose decision was not taken, with everything typed."""
    return proposal_page(proposal_id, decision_form=form), status
