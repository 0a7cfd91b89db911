"""The file can be read by who does not see it: what PDF/UA asks for, looked up in the file that is really made.

No checker of the standard runs here (the known one needs Java); these are the rules that can be told from the file.
"""

from __future__ import annotations

import io
from itertools import pairwise

import pytest

from cop.core.types import Lang
from cop.entries import queries
from cop.handouts import drawing
from cop.handouts.drawing import NotDrawn
from cop.handouts.eyes import Reach
from cop.handouts.paper import booklet_of
from cop.people.viewer import SYSTEM, VISITOR
from cop.workshops.draft import Outside
from tests.enclosures import add_files
from tests.web.handouts.test_attached import illustrated, replied


@pytest.fixture
def read(app, hold, make):
    """Return the booklet of a workshop with everything in it, in both languages, as a reader of PDF opens it."""
    from pypdf import PdfReader

    note = make.note(title="An invented failure", outcome="failed")
    talk = make.discussion(title="Who has been there?")
    replied(make, talk)
    entry = hold(note, talk, links=(Outside("w", "https://example.org/a", "An invented page"),))
    add_files(queries.get(SYSTEM, entry.id))
    illustrated(make, queries.get(SYSTEM, entry.id))
    fresh = queries.get(SYSTEM, entry.id)
    paper = booklet_of(VISITOR, fresh, (Lang.ZH, Lang.EN), Reach.EVERYBODY)
    try:
        made = drawing.drawn(drawing.to_draw(paper, VISITOR))
    except NotDrawn as problem:
        if problem.why in {"weasyprint", "pango", "font"}:
            pytest.skip(f"no PDF can be drawn here: {problem.why} is missing")
        raise
    return PdfReader(io.BytesIO(made.data))


def tags(read):
    """Give every element of the structure in reading order."""

    def inside(one):
        one = one.get_object()
        if not isinstance(one, dict) or "/S" not in one:
            return
        yield one
        kids = one.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            yield from inside(kid)

    root = read.trailer["/Root"]["/StructTreeRoot"]
    for one in root["/K"]:
        yield from inside(one)


def test_the_booklet_keeps_the_rules_of_pdf_ua_that_can_be_looked_up(read):
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"], "it is tagged"
    assert root["/Lang"] == "zh-Hans", "it says in which language it is"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"], (
        "its title is shown, not the name of the file"
    )
    assert read.metadata.title == "An invented workshop"
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfuaid" in xmp, "it says that it keeps the standard"
    assert "/Encrypt" not in read.trailer, "nothing keeps a screen reader out"
    assert all(page.get("/Tabs") == "/S" for page in read.pages if "/Annots" in page)
    found = list(tags(read))
    _figures_are_described(found)
    _headings_are_in_order(found)
    _links_say_where_they_lead(read)
    _passages_say_their_language(found)
    fonts = {
        name
        for page in read.pages
        for name, font in page["/Resources"].get("/Font", {}).items()
        if "/DescendantFonts" in font.get_object() and not _is_embedded(font.get_object())
    }
    assert fonts == set(), "every letter is in the file"


def _figures_are_described(found):
    figures = [one for one in found if one["/S"] == "/Figure"]
    # Codes of the face, of each thing, of files and of a page elsewhere; pictures; a mark of an outcome.
    assert len(figures) >= 8
    assert [one for one in figures if not one.get("/Alt")] == []
    told = {one["/Alt"] for one in figures}
    assert {"一圈椅子", "A full room", "装饰图"} - told == set(), sorted(told)
    for one in figures:
        if one["/Alt"] in {"一圈椅子", "A full room"}:
            left, top, right, bottom = one["/A"]["/BBox"]
            assert (right - left) / (bottom - top) == pytest.approx(1.5, rel=0.02), (
                "as it was taken"
            )


def _headings_are_in_order(found):
    levels = [int(one["/S"][2]) for one in found if one["/S"] in {f"/H{at}" for at in range(1, 7)}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(one, after) for one, after in pairwise(levels) if after > one + 1] == []


def _links_say_where_they_lead(read):
    notes = [one.get_object() for page in read.pages for one in page.get("/Annots", [])]
    links = [one for one in notes if one["/Subtype"] == "/Link"]
    assert links
    assert [one for one in links if not one.get("/Contents")] == []


def _passages_say_their_language(found):
    assert {"en", "zh-Hans"} <= {one["/Lang"] for one in found if "/Lang" in one}


def _is_embedded(font):
    kid = font["/DescendantFonts"][0].get_object()
    described = kid["/FontDescriptor"]
    return any(key in described for key in ("/FontFile2", "/FontFile3"))
