"""Documents and sounds that people send: made harmless, or refused in a word, whatever they are called."""

from __future__ import annotations

import io
import zipfile

import pytest

from cop.core.confined import Refused
from cop.entries import not_kept
from cop.entries.enclosing import name_of
from cop.storage.documents import FILE_LIMIT, vetted
from cop.storage.process import NotTaken
from cop.storage.vetting import check, office
from tests import hostile, papers

NAME = papers.NAME.encode()


def kept(data: bytes, *, clean: bool = True) -> bytes:
    """Return what is kept of a file, without the process around it."""
    return check.answer(data, "clean" if clean else "as-it-is")[1][0]


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def holds(data: bytes, words: bytes) -> bool:
    """Tell whether words stand anywhere in a file, packed or not."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(words in archive.read(one) for one in archive.namelist())
    return words in data


def named(one: bytes | str) -> str:
    """Name a case by its word; what a file holds has a new identifier every time it is made."""
    return one if isinstance(one, str) else "file"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (papers.pdf(), "pdf"),
        (papers.docx(), "docx"),
        (papers.pptx(), "pptx"),
        (papers.xlsx(), "xlsx"),
        (papers.mp3(), "mp3"),
        (papers.aac(), "aac"),
        (papers.m4a(), "m4a"),
        (papers.ogg(), "ogg"),
        (papers.wav(), "wav"),
    ],
    ids=named,
)
def test_what_a_file_is_goes_by_what_it_holds(data: bytes, kind: str) -> None:
    assert check.answer(data, "clean")[0] == {"format": kind}


REFUSED = [
    (hostile.HTML, "unknown"),
    (hostile.SVG, "unknown"),
    (b"MZ" + papers.pdf(), "unknown"),
    (hostile.photograph(), "image"),
    (hostile.webp(), "image"),
    (papers.locked_pdf(), "locked"),
    (papers.pdf()[:-40], "broken"),
    (b"%PDF-1.7\n%%EOF", "broken"),
    (papers.docx()[:-30], "broken"),
    (papers.docx()[:3000], "broken"),
    (papers.with_named(papers.docx(), {"word/vbaProject.bin": b"x"}), "macros"),
    (papers.with_named(papers.docx(), {"word/activeX/activeX1.bin": b"x"}), "macros"),
    (papers.with_field("DDEAUTO c:\\\\invented.exe"), "macros"),
    (papers.with_field("DDE", "AUTO c:\\\\invented.exe"), "macros"),
    (papers.with_field(" dde c:\\\\invented.exe"), "macros"),
    (papers.with_named(papers.docx(), {"word/embeddings/oleObject1.bin": b"x"}), "embedded"),
    (papers.with_named(papers.docx(), {"word/afchunk.mht": b"x"}), "embedded"),
    (papers.with_named(papers.docx(), {"../../outside.xml": b"<x/>"}), "broken"),
    (papers.with_named(papers.docx(), {"word\\..\\x.xml": b"<x/>"}), "broken"),
    (papers.with_named(papers.docx(), {"/etc/x.xml": b"<x/>"}), "broken"),
    (papers.with_named(papers.docx(), {"WORD/document.xml": b"<x/>"}), "broken"),
    (papers.with_named(papers.docx(), {"word/document.xml": b"<open>"}), "broken"),
    (papers.with_named(papers.docx(), {"word/x.xml": "<x/>".encode("utf-16")}), "broken"),
    (papers.xml_bomb(), "broken"),
    (papers.outside_entity(), "broken"),
    (papers.zip_bomb(), "bomb"),
    (papers.many_members(), "bomb"),
    (papers.packed({"a.txt": b"x"}), "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
    (papers.m4a(b"vide"), "video"),
    (papers.m4a()[:-10], "broken"),
    (papers.ogg(b"\x80theora"), "video"),
    (papers.ogg()[:-3], "broken"),
    (papers.wav()[:-100], "broken"),
    (papers.mp3(1), "broken"),
]


@pytest.mark.parametrize(("data", "why"), REFUSED, ids=named)
def test_what_is_no_good_file_is_refused_in_a_word_that_has_a_sentence(
    data: bytes, why: str
) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011  what a decoder raises is "broken"
        check.answer(data, "clean")
    said = str(refused.value) if isinstance(refused.value, Refused) else "broken"
    assert said == why
    assert "a.pdf" in str(not_kept.file(said, "a.pdf"))


@pytest.mark.parametrize(
    "data",
    [
        *(papers.pdf(), papers.docx(), papers.pptx(), papers.xlsx(), papers.mp3()),
        *(papers.mp3()[30:] + b"TAG" + NAME.ljust(125), papers.told_wav()),
        *(papers.told_m4a(), papers.spoken_ogg()),
    ],
    ids=["pdf", "docx", "pptx", "xlsx", "mp3", "mp3-old", "wav", "m4a", "ogg"],
)
def test_who_made_a_file_is_nowhere_in_what_is_kept_clean(data: bytes) -> None:
    assert holds(data, NAME)
    assert not holds(kept(data), NAME)
    assert holds(kept(data, clean=False), NAME)
    assert kept(kept(data)) == kept(data) or data.startswith((b"%PDF", b"PK"))


@pytest.mark.parametrize(
    "data", [papers.told_wav(), papers.told_m4a(), papers.spoken_ogg()], ids=named
)
def test_a_sound_keeps_its_length_when_what_is_said_beside_it_goes(data: bytes) -> None:
    assert len(kept(data)) == len(data)


def test_what_is_kept_clean_opens_and_says_what_it_said() -> None:
    import docx
    from pptx import Presentation
    from pypdf import PdfReader

    words = docx.Document(io.BytesIO(kept(papers.docx("中文的一段。", table="Cell"))))
    assert words.paragraphs[0].text == "中文的一段。"
    assert words.tables[0].cell(0, 0).text == "Cell"
    assert Presentation(io.BytesIO(kept(papers.pptx(notes="Spoken")))).slides[0].has_notes_slide
    assert "invented page" in PdfReader(io.BytesIO(kept(papers.pdf()))).pages[0].extract_text()


def test_what_a_pdf_does_and_carries_is_taken_out_of_it() -> None:
    made = kept(papers.acting_pdf(), clean=False)
    for words in (b"/JavaScript", b"/OpenAction", b"/JS", b"MZ invented", b"/EmbeddedFile"):
        assert words in papers.acting_pdf()
        assert words not in made


def test_what_a_pdf_does_is_taken_out_of_it_also_where_another_object_says_that_it_does() -> None:
    made = kept(papers.roundabout_pdf(), clean=False)
    for words in (b"/JS", b"invented program", b"invented file"):
        assert words in papers.roundabout_pdf()
        assert words not in made


def test_fields_that_only_speak_of_such_programs_stay() -> None:
    assert check.answer(papers.with_field('HYPERLINK "https://good.example/DDE"'), "clean")


def test_nothing_is_hidden_behind_or_before_what_is_kept() -> None:
    assert not holds(kept(papers.docx() + hostile.HTML), hostile.HTML)
    assert not kept(papers.docx() + hostile.HTML).endswith(hostile.HTML)
    assert hostile.HTML not in kept(papers.pdf() + hostile.HTML)


@pytest.mark.parametrize(
    ("kind", "target", "stays"),
    [
        ("attachedTemplate", "http://evil.example/x.dotm", False),
        ("image", "http://evil.example/pixel.png", False),
        ("hyperlink", "file:///c:/evil.example", False),
        ("hyperlink", "https://good.example/", True),
    ],
)
def test_nothing_is_loaded_from_elsewhere_when_a_file_is_opened(
    kind: str, target: str, stays: bool
) -> None:
    made = kept(papers.with_relation(papers.docx(), kind, target))
    assert (target.encode() in member(made, "word/_rels/document.xml.rels")) is stays


def test_what_a_chart_was_drawn_from_is_looked_through_too() -> None:
    inside = {"word/embeddings/sheet.xlsx": papers.xlsx()}
    made = member(kept(papers.with_named(papers.docx(), inside)), "word/embeddings/sheet.xlsx")
    assert not holds(made, NAME)
    evil = papers.with_named(papers.xlsx(), {"xl/vbaProject.bin": b"x"})
    with pytest.raises(Refused):
        kept(papers.with_named(papers.docx(), {"word/embeddings/sheet.xlsx": evil}))


def test_what_is_kept_once_can_be_sent_again() -> None:
    for data in (papers.docx(), papers.pptx(), papers.xlsx(), papers.pdf()):
        assert check.answer(kept(data), "clean")[0] == check.answer(data, "clean")[0]
    assert office.harmless(kept(papers.docx()), clean=True)[0] == "docx"


def test_a_process_of_its_own_does_it() -> None:
    assert vetted(papers.pdf(), clean=True).format == "pdf"
    for data, why in ((papers.xml_bomb(), "broken"), (papers.zip_bomb(), "bomb"), (b"", "empty")):
        with pytest.raises(NotTaken) as refused:
            vetted(data, clean=True)
        assert refused.value.why == why
    with pytest.raises(NotTaken) as refused:
        vetted(b"%PDF-" + b"\0" * FILE_LIMIT, clean=True)
    assert refused.value.why == "heavy"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\evil.exe", "evil.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        (".pdf", "file.pdf"),
        ("", "file.pdf"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x.pdf"),
        ("会议 纪要.PDF", "会议 纪要.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_leads_nowhere_and_ends_as_what_the_file_is(given: str, shown: str) -> None:
    assert name_of(given, "pdf") == shown
