"""Taking words of a reply or a note up in a page: where to, and the form of a proposal filled with them."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.i18n import _, current_lang, speaking
from cop.core.types import Lang
from cop.entries import queries as entries, taken
from cop.entries.kinds import KINDS
from cop.entries.models import Entry
from cop.entries.quoting import quoted
from cop.entries.taken import Source
from cop.people.sessions import current_viewer, login_required
from cop.proposals import taking
from cop.proposals.forms import ProposalForm

bp = Blueprint("promoting", __name__)


@bp.get("/comments/<int:comment_id>/promotion")
@login_required
def reply(comment_id: int) -> ResponseReturnValue:
    """Where words of a reply can be taken up."""
    return _choose(taken.of_reply(current_viewer(), comment_id))


@bp.get("/entries/<int:entry_id>/promotion")
@login_required
def note(entry_id: int) -> ResponseReturnValue:
    """Where the lesson of a note can be taken up."""
    return _choose(taken.of_note(current_viewer(), entry_id))


def _choose(source: Source) -> ResponseReturnValue:
    viewer, sought = current_viewer(), request.args.get("q", "").strip()[:80]
    places = taking.places(viewer, source, sought)
    return render_template(
        "proposals/promote.html",
        source=source,
        byline=source.byline(viewer),
        text=entries.text_for(entries.get(viewer, source.entry.id), current_lang()),
        words=taking.words_of(source, current_lang()),
        words_lang=taking.lang_of(source, current_lang()).value,
        places=[_Place(entry, source) for entry in places.pages],
        unwritten=places.unwritten,
        new_guide=taking.about_of(source),
        sought=sought,
    )


class _Place:
    """A page that can take something up, with the way to the form for each of its sections."""

    def __init__(self, entry: Entry, source: Source) -> None:
        text = entries.text_for(entry, taking.lang_of(source, current_lang()))
        kind = KINDS[entry.kind]
        self.title, self.lang, self.kind = text.title, text.lang, kind.label
        self.sections = [
            (
                kind.titles[key],
                url_for(
                    "proposals.new",
                    entry_id=entry.id,
                    text=Lang(text.lang).tag,
                    section=key,
                    taken=source.name,
                ),
            )
            for key in kind.sections
        ]


def put_words(form: ProposalForm, source: Source, section: str) -> None:
    """Put the words that are taken up below what stands in a section, with the way back to them, and say why."""
    with speaking(form.language):
        back = _("A reply in a discussion") if source.comment else _("A case note")
    present = (form[section].data or "").rstrip()
    quotation = quoted(taking.words_of(source, form.language)).rstrip()
    form[section].data = f"{present}\n\n{quotation}\n\n[{back}]({source.href})\n".lstrip()
    form.taken.data = source.name
    form.note.data = (
        _("Takes up a reply in a discussion")
        if source.comment
        else _("Takes up what a case note learned")
    )
