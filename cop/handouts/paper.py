"""Papers as HTML: the same words for the page, for the printer and for the file, whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup

from cop.core.i18n import _l, speaking
from cop.core.types import Lang
from cop.entries.models import Entry
from cop.handouts import wording
from cop.handouts.blocks import whole
from cop.handouts.booklet import Booklet, Sheet, booklet, sheet
from cop.handouts.eyes import ON_ITS_FACE, Reach
from cop.notes.models import Outcome
from cop.notes.wording import OUTCOMES
from cop.people.viewer import Viewer
from cop.settings import Settings

#: What the address calls a booklet in both languages.
BOTH = "both"


@dataclass(frozen=True)
class Paper:
    """A paper made: its title and its words."""

    title: str
    langs: Sequence[Lang]
    body: Markup

    @property
    def tag(self) -> str:
        """What the address calls its language, or both."""
        return self.langs[0].tag if len(self.langs) == 1 else BOTH


def langs_of(asked: str, otherwise: Lang) -> tuple[Lang, ...]:
    """Return the languages that an address asks for; Chinese stands first where there are both."""
    if asked == BOTH:
        return (Lang.ZH, Lang.EN)
    return (Lang.of_tag(asked) or otherwise,)


def base_url() -> str:
    """Return the address of the site as papers name it."""
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url.rstrip("/")


def booklet_of(eyes: Viewer, entry: Entry, langs: Sequence[Lang], reach: Reach) -> Paper:
    """Return the booklet of a workshop as these eyes may read it."""
    made = booklet(eyes, entry, langs, base_url())
    return _paper("handouts/booklet.html", made, langs, reach)


def sheet_of(eyes: Viewer, entry: Entry, lang: Lang, reach: Reach) -> Paper:
    """Return the sheet of a workshop as these eyes may read it."""
    made = sheet(eyes, entry, lang, base_url())
    return _paper("handouts/sheet.html", made, (lang,), reach)


def _paper(template: str, made: Booklet | Sheet, langs: Sequence[Lang], reach: Reach) -> Paper:
    """Render the words of a paper: nothing of a request goes into them, so that they are the same for all."""
    with speaking(langs[0]):
        said = wording.said_in(langs)
        html = current_app.jinja_env.get_template(template).render(
            made=made,
            lang=langs[0].value,
            words={name: said(sentence) for name, sentence in wording.WORDS.items()},
            on_its_face=said(ON_ITS_FACE[reach]) if reach in ON_ITS_FACE else "",
            day=lambda number: said(_l("Day %(number)d", number=number)),
            outcome_in=_outcome_in,
            whole=lambda rendered: whole(rendered, base_url()),
        )
    title = made.face.first.title
    return Paper(title=title, langs=langs, body=Markup(html))  # noqa: S704  made by our templates


def _outcome_in(lang: Lang, outcome: str) -> str:
    with speaking(lang):
        return str(OUTCOMES[Outcome(outcome)])
