"""The forms of proposals: what is proposed, what is said about it, what a curator decides."""

from functools import lru_cache
from typing import Any, ClassVar

from wtforms import HiddenField, StringField, TextAreaField

from cop.core.i18n import _l
from cop.core.types import Lang
from cop.entries.draft import TextDraft
from cop.entries.editor_form import EditorForm
from cop.entries.kinds import KINDS
from cop.entries.mentioning_form import MentioningForm
from cop.entries.mentions import Names
from cop.entries.models import Revision
from cop.entries.revising import TITLE
from cop.proposals.models import Proposal
from cop.proposals.operations import Wish
from cop.web.forms import SentOnce, number_of


class ProposalForm(EditorForm):
    """A page as somebody would have it; `wish` is what it says. `form_class` adds the sections of a kind."""

    section_keys: ClassVar[tuple[str, ...]]

    title = StringField(_l("Title"))
    note = StringField(_l("Reason"))
    #: The one section it is about; empty for the whole page.
    section = HiddenField()
    #: Of a page that is not there yet: what it would be about, as an address says it.
    about = HiddenField()
    #: Of a proposal that is changed: which state of it.
    version = HiddenField()
    #: The reply or note whose words it takes up, as `taken.Source` names it.
    taken = HiddenField()

    @property
    def text(self) -> TextDraft:
        """The page as typed."""
        sections = {key: self[key].data or "" for key in self.section_keys}
        return TextDraft(self.language, self.title.data or "", sections)

    @property
    def wish(self) -> Wish:
        """What is proposed, as the operation takes it."""
        return Wish(
            self.text,
            self.note.data or "",
            self.significance.data or "",
            self.section.data if self.section.data in self.section_keys else "",
        )

    @property
    def version_number(self) -> int:
        """The state of the proposal that is changed."""
        return number_of(self.version.data)

    def fill(self, words: dict[str, str]) -> None:
        """Put title and sections into the fields."""
        for key, value in words.items():
            if key in self:
                self[key].data = value


@lru_cache(maxsize=8)
def form_class(kind: str) -> type[ProposalForm]:
    """Return the form with the sections of a kind."""
    keys = KINDS[kind].sections
    fields: dict[str, Any] = {key: TextAreaField(KINDS[kind].titles[key]) for key in keys}
    facts = {
        "entry_kind": kind,
        "section_keys": keys,
        "words": (TITLE, *keys),
        "whole_by": "significance",
        "marked": keys,
    }
    return type("ProposalFormOfKind", (ProposalForm,), {**fields, **facts})


def form_for(
    kind: str, revision: Revision, told: Names, lang: Lang, section: str = ""
) -> ProposalForm:
    """Return the form filled with a page as it stands, under the names `told` says."""
    form = form_class(kind)(None, data={"lang": lang.tag, "section": section})
    form.fill({TITLE: revision.title, **told.sources(revision.sections)})
    form.base.data = str(revision.id)
    return form


def form_of(proposal: Proposal, told: Names) -> ProposalForm:
    """Return the form filled with what was proposed, under the names `told` says."""
    kept = {"note": proposal.note, "significance": proposal.significance}
    data = {"lang": Lang(proposal.lang).tag, "section": proposal.section, **kept}
    form = form_class(proposal.kind)(None, data=data)
    form.fill({TITLE: proposal.title, **told.sources(proposal.sections)})
    form.version.data = str(proposal.version)
    return form


class RemarkForm(MentioningForm, SentOnce):
    """Something said about a proposal."""

    marked = ("body",)

    body = TextAreaField(_l("Your words"))


class DecisionForm(MentioningForm):
    """What a curator decides: the page as she saw it in the end, and why. `decision_class` adds the sections."""

    section_keys: ClassVar[tuple[str, ...]]

    title = StringField(_l("Title"))
    reason = StringField(_l("Reason"))
    version = HiddenField()
    #: The revision the page was put together with.
    onto = HiddenField()

    @property
    def onto_id(self) -> int:
        """The revision the page was put together with; 0 for a new page."""
        return number_of(self.onto.data)

    @property
    def version_number(self) -> int:
        """The state of the proposal the curator read."""
        return number_of(self.version.data)

    def text(self, lang: Lang) -> TextDraft:
        """Return the page as the curator would publish it."""
        sections = {key: self[key].data or "" for key in self.section_keys}
        return TextDraft(lang, self.title.data or "", sections)


@lru_cache(maxsize=8)
def decision_class(kind: str) -> type[DecisionForm]:
    """Return the form with the sections of a kind."""
    keys = KINDS[kind].sections
    fields: dict[str, Any] = {key: TextAreaField(KINDS[kind].titles[key]) for key in keys}
    facts = {"section_keys": keys, "marked": keys}
    return type("DecisionFormOfKind", (DecisionForm,), {**fields, **facts})
