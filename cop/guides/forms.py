"""The editor's form of guides."""

from typing import ClassVar

from wtforms import HiddenField, SelectMultipleField, TextAreaField

from cop.entries.curated_form import CuratedForm
from cop.guides import operations
from cop.guides.draft import FACT_TITLES, KIND, SECTION_TITLES, SECTIONS


class GuideForm(CuratedForm):
    """A guide as typed; terms of any scheme are chosen with it."""

    entry_kind: ClassVar[str] = KIND
    section_keys: ClassVar[tuple[str, ...]] = SECTIONS
    words: ClassVar[tuple[str, ...]] = ("title", *SECTIONS)
    whole_by: ClassVar[str] = "whole"
    marked: ClassVar[tuple[str, ...]] = SECTIONS
    choosing: ClassVar[str] = "terms"
    lacking = staticmethod(operations.lacking)

    summary = TextAreaField(SECTION_TITLES["summary"])
    body = TextAreaField(SECTION_TITLES["body"])
    terms = SelectMultipleField(FACT_TITLES["terms"], choices=[], validate_choice=False)
    #: Sent with the whole form, never with a telling in another language.
    whole = HiddenField()
