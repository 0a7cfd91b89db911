"""What curators do to guides: edit, tell in the other language."""

from typing import Any

from flask import Blueprint, url_for

from cop.core.i18n import _l, current_lang
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.curated_form import CuratedForm
from cop.entries.curated_views import Desk, Words
from cop.entries.models import Entry
from cop.guides.draft import FACT_TITLES, SECTION_HINTS
from cop.guides.forms import GuideForm
from cop.guides.operations import CURATED
from cop.terms.offering import terms_offered
from cop.terms.queries import Choice

bp = Blueprint("guiding", __name__, url_prefix="/guides")


def _address(entry: Entry, lang: Lang | None = None) -> str:
    more: dict[str, Any] = {"text": lang.tag} if lang and lang is not current_lang() else {}
    slug = queries.text_for(entry, lang).slug
    return url_for("guides.show", entry_id=entry.id, slug=slug, **more)


def _offered(form: CuratedForm) -> list[Choice]:
    return terms_offered(list(form[form.choosing].data or ()))


DESK = Desk(
    CURATED,
    GuideForm,
    Words(
        heading=_l("Edit guide"),
        title_hint=_l("What it helps with, as somebody would search for it."),
        choosing_hint=_l("What is it about? Others find it by these terms."),
        hints=SECTION_HINTS,
        elsewhere=_l(
            "What somebody tried and how it went belongs into a case note; what many notes on a strategy "
            "add up to, on its practice page."
        ),
        names=FACT_TITLES,
    ),
    offered=_offered,
    address=_address,
)
DESK.add_to(bp)
