"""Pages of papers: the sheet and the booklet of a workshop, to be printed from the browser."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.models import Entry, LinkKind, Visibility
from cop.handouts.eyes import Reach, eyes_of, reach_of
from cop.handouts.paper import BOTH, Paper, booklet_of, langs_of, sheet_of
from cop.people.sessions import current_viewer
from cop.people.viewer import Viewer
from cop.web.addresses import kept_args
from cop.web.cache import public_page
from cop.workshops.operations import KIND

bp = Blueprint("handouts", __name__, url_prefix="/workshops")

#: What an address says of a paper: in which language, and whether for members alone.
ARGS = ("text", "for")
_SHEET, _BOOKLET = "handouts.sheet", "handouts.booklet"


@bp.get("/<int:entry_id>/sheet")
@bp.get("/<int:entry_id>-<slug>/sheet")
@public_page("text")
def sheet(entry_id: int, slug: str = "") -> ResponseReturnValue:
    """The sheet of a workshop: one page of paper."""
    return _page(_SHEET, entry_id, slug)


@bp.get("/<int:entry_id>/booklet")
@bp.get("/<int:entry_id>-<slug>/booklet")
@public_page("text")
def booklet(entry_id: int, slug: str = "") -> ResponseReturnValue:
    """The booklet of a workshop: everything it is built on, whole."""
    return _page(_BOOKLET, entry_id, slug)


@dataclass(frozen=True)
class Opened:
    """A workshop whose paper is asked for: by whom, for whom, in which languages."""

    reader: Viewer
    entry: Entry
    eyes: Viewer
    reach: Reach
    langs: tuple[Lang, ...]

    @property
    def booklet(self) -> Paper:
        """The booklet asked for."""
        return booklet_of(self.eyes, self.entry, self.langs, self.reach)


def opened(entry_id: int) -> Opened:
    """Return what the address asks for; raise NotFound where the reader may not have it."""
    reader = current_viewer()
    entry = queries.get(reader, entry_id, KIND)
    reach = reach_of(reader, entry, request.args.get("for", ""))
    asked = request.args.get("text") or request.args.get("lang", "")
    eyes = eyes_of(reader, entry, reach)
    return Opened(reader, entry, eyes, reach, langs_of(asked, current_lang()))


def elsewhere(endpoint: str, entry: Entry, slug: str) -> ResponseReturnValue | None:
    """Return where a page is, if not at the address asked for."""
    if slug in {text.slug for text in entry.texts}:
        return None
    right = queries.text_for(entry, current_lang()).slug
    return redirect(url_for(endpoint, entry_id=entry.id, slug=right, **kept_args(*ARGS)), 301)


def _page(endpoint: str, entry_id: int, slug: str) -> ResponseReturnValue:
    asked = opened(entry_id)
    entry, reach = asked.entry, asked.reach
    moved = elsewhere(endpoint, entry, slug)
    if moved is not None:
        return moved
    is_booklet = endpoint == _BOOKLET
    if is_booklet:
        paper = asked.booklet
    else:
        lang = asked.langs[0] if len(asked.langs) == 1 else current_lang()
        paper = sheet_of(asked.eyes, entry, lang, reach)
    public = entry.visibility == Visibility.PUBLIC
    return render_template(
        "handouts/page.html",
        paper=paper,
        is_booklet=is_booklet,
        back=url_for("workshops.show", entry_id=entry.id, slug=slug),
        pdf=_address("papers.show", entry, slug) if is_booklet else "",
        tabs=_tabs(endpoint, entry, slug),
        languages=_languages(endpoint, entry, slug, paper.tag),
        left_out=_left_out(asked.reader, asked.eyes, entry),
        for_members=reach == Reach.MEMBERS,
        with_members=_address(endpoint, entry, slug, **{"for": Reach.MEMBERS.value})
        if public and reach == Reach.EVERYBODY and asked.reader.is_member
        else "",
        with_everybody=_address(endpoint, entry, slug, **{"for": None})
        if public and reach == Reach.MEMBERS
        else "",
    )


def _address(endpoint: str, entry: Entry, slug: str, **changed: Any) -> str:
    values = {**kept_args(*ARGS), **changed}
    return url_for(endpoint, entry_id=entry.id, slug=slug, **values)


def _tabs(endpoint: str, entry: Entry, slug: str) -> list[tuple[str, str, bool, str]]:
    rows = [(_SHEET, _("One sheet")), (_BOOKLET, _("Booklet"))]
    return [(words, _address(one, entry, slug), one == endpoint, "") for one, words in rows]


def _languages(
    endpoint: str, entry: Entry, slug: str, shown: str
) -> list[tuple[str, str, bool, str]]:
    rows = [(Lang.ZH.tag, "中文", Lang.ZH.value), (Lang.EN.tag, "English", Lang.EN.value)]
    if endpoint == _BOOKLET:
        # Translators: a booklet in Chinese and in English.
        rows.append((BOTH, _("Both languages"), ""))
    return [
        (words, _address(endpoint, entry, slug, text=tag), tag == shown, lang)
        for tag, words, lang in rows
    ]


def _left_out(reader: Viewer, eyes: Viewer, entry: Entry) -> int:
    """Return how many linked things the reader may read and those whom the paper is for may not."""
    if not reader.is_member:
        return 0
    hers = {one.id for one in queries.linked(reader, entry, LinkKind.MATERIAL)}
    theirs = {one.id for one in queries.linked(eyes, entry, LinkKind.MATERIAL)}
    return len(hers - theirs)
