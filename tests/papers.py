"""Documents and sounds made when asked for: good ones, and what somebody hostile or unlucky would send."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

#: Who made them; must be nowhere in what is kept clean.
NAME = "Zebulonia Quibble"


@cache
def docx(*paragraphs: str, table: str = "") -> bytes:
    """Return a document with a table and a comment, all by somebody."""
    import docx as words

    made = words.Document()
    for paragraph in paragraphs or ("An invented paragraph.",):
        last = made.add_paragraph(paragraph)
    if table:
        made.add_table(rows=1, cols=1).cell(0, 0).text = table
    made.add_comment(last.runs, text="An invented remark.", author=NAME, initials="ZQ")
    made.core_properties.author = NAME
    made.core_properties.last_modified_by = NAME
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@cache
def pptx(*lines: str, notes: str = "") -> bytes:
    """Return slides, the first with speaker's notes."""
    from pptx import Presentation

    made = Presentation()
    slide: Any = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "An invented slide"
    slide.placeholders[1].text = "\n".join(lines or ("An invented line.",))
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
    made.core_properties.author = NAME
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_RELS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>"""
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(*cells: str) -> bytes:
    """Return a sheet with words shared, words in place, and a number."""
    shared = "".join(f"<si><t>{one}</t></si>" for one in cells or ("An invented cell",))
    row = "".join(
        f'<c r="{chr(65 + at)}1" t="s"><v>{at}</v></c>' for at in range(len(cells or ("",)))
    )
    return packed(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELS
            % f'<Relationship Id="r1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><fileSharing userName="{NAME}"/>'
            '<sheets><sheet name="Invented sheet" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _RELS
            % f'<Relationship Id="r1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1">{row}'
            '<c r="Z1" t="inlineStr"><is><t>Words in place</t></is></c><c r="Z2"><v>4711</v></c>'
            "</row></sheetData></worksheet>",
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
            "xl/comments1.xml": f'<comments xmlns="{_MAIN}"><authors><author>{NAME}</author></authors>'
            "<commentList/></comments>",
            "docProps/core.xml": "<c:coreProperties xmlns:c='http://schemas.openxmlformats.org/package/2006/"
            f"metadata/core-properties' xmlns:d='http://purl.org/dc/elements/1.1/'><d:creator>{NAME}"
            "</d:creator></c:coreProperties>",
        }
    )


def packed(members: dict[str, Any]) -> bytes:
    """Return a ZIP of the members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def with_members(data: bytes, **more: Any) -> bytes:
    """Return an office file with members added or replaced; `__` in a name is a slash."""
    return with_named(data, {name.replace("__", "/"): one for name, one in more.items()})


def with_named(data: bytes, more: dict[str, Any]) -> bytes:
    """Return an office file with members added or replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members: dict[str, Any] = {one: archive.read(one) for one in archive.namelist()}
    return packed({**members, **more})


def with_relation(data: bytes, kind: str, target: str, mode: str = "External") -> bytes:
    """Return a document whose text refers to something elsewhere."""
    name = "word/_rels/document.xml.rels"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        there = archive.read(name).decode()
    row = f'<Relationship Id="evil" Type="{_REL}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return with_named(data, {name: there.replace("</Relationships>", f"{row}</Relationships>")})


def xml_bomb() -> bytes:
    """Return a document whose text grows without end when it is read."""
    lol = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><x>&l9;</x>'
    return with_named(docx(), {"word/document.xml": bomb})


def outside_entity() -> bytes:
    """Return a document that reads a file of the machine that reads it."""
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    return with_named(docx(), {"word/document.xml": evil})


def zip_bomb() -> bytes:
    """Return a small document that comes to very much more."""
    return with_named(docx(), {"word/media/image1.png": b"\0" * 20_000_000})


def many_members() -> bytes:
    """Return a document of very many parts."""
    return with_named(docx(), {f"word/media/{at}.png": b"" for at in range(6_000)})


def with_field(*pieces: str) -> bytes:
    """Return a document with a field in a header, written in these pieces."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    runs = "".join(f"<w:r><w:instrText>{escape(one)}</w:instrText></w:r>" for one in pieces)
    begins = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    header = f'<w:hdr xmlns:w="{space}"><w:p>{begins}{runs}</w:p></w:hdr>'
    return with_named(docx(), {"word/header9.xml": header.encode()})


def pdf(text: str = "An invented page", *, pages: int = 1, **info: str) -> bytes:
    """Return a PDF of text, with who made it."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    made = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for _page in range(pages):
        page = made.add_blank_page(300, 200)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = made._add_object(stream)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): made._add_object(font)})}
        )
    made.add_metadata({"/Author": NAME, "/Title": "Invented", **info})
    made.xmp_metadata = (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f"<!-- {NAME} --></x:xmpmeta><?xpacket end='w'?>"
    ).encode()
    return _written(made)


def _written(made: Any) -> bytes:
    target = io.BytesIO()
    made.write(target)
    return target.getvalue()


def acting_pdf() -> bytes:
    """Return a PDF that runs a script when it is opened, and carries another file."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    made = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('invented')")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    made._root_object[NameObject("/OpenAction")] = made._add_object(action)
    made.add_attachment("evil.exe", b"MZ invented program")
    return _written(made)


def roundabout_pdf() -> bytes:
    """Return a PDF whose link runs a script, and whose note carries a file; that they do stands in other objects."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import (
        ArrayObject,
        DictionaryObject,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    made = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    corners = ArrayObject([NumberObject(one) for one in (0, 0, 99, 99)])
    script = DictionaryObject(
        {
            NameObject("/S"): made._add_object(NameObject("/JavaScript")),
            NameObject("/JS"): TextStringObject("invented program"),
        }
    )
    link = {"/Subtype": NameObject("/Link"), "/Rect": corners, "/A": script}
    note = {
        "/Subtype": made._add_object(NameObject("/FileAttachment")),
        "/Rect": corners,
        "/FS": TextStringObject("invented file"),
    }
    made.pages[0][NameObject("/Annots")] = ArrayObject(
        made._add_object(DictionaryObject({NameObject(key): value for key, value in one.items()}))
        for one in (link, note)
    )
    return _written(made)


def locked_pdf() -> bytes:
    """Return a PDF behind a password."""
    from pypdf import PdfReader, PdfWriter

    made = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    made.encrypt("secret", algorithm="RC4-128")
    return _written(made)


def wav(seconds: float = 0.1) -> bytes:
    """Return silence."""
    target = io.BytesIO()
    with wave.open(target, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\0\0" * int(8000 * seconds))
    return target.getvalue()


def mp3(frames: int = 8) -> bytes:
    """Return frames of MPEG layer 3 behind a tag that names somebody."""
    words = NAME.encode()
    tag = b"ID3\x03\0\0" + struct.pack("4B", 0, 0, 0, len(words)) + words
    # 128 kbit/s at 44,100 Hz: 417 bytes a frame.
    return tag + (b"\xff\xfb\x90\x00" + b"\0" * 413) * frames


def aac(frames: int = 5) -> bytes:
    """Return frames of AAC as it is streamed."""
    return (b"\xff\xf1\x50\x80\x02\x1f\xfc" + b"\0" * 9) * frames


def ogg(first: bytes = b"OpusHead") -> bytes:
    """Return two pages of Ogg."""
    body = first + b"\0" * 11
    head = b"OggS\0%b" + b"\0" * 8 + b"\0" * 12
    pages = b""
    for flag in (b"\x02", b"\0"):
        pages += head.replace(b"%b", flag) + bytes([1, len(body)]) + body
    return pages


def spoken_ogg() -> bytes:
    """Return pages of Ogg whose comments name somebody, over two pages."""
    said = [f"ARTIST={NAME}".encode(), b"PLACE=" + b"x" * 300 + NAME.encode()]
    comments = b"".join(struct.pack("<I", len(one)) + one for one in said)
    packet = b"OpusTags" + struct.pack("<I", 1) + b"v" + struct.pack("<I", len(said)) + comments
    head = b"OggS\0%b" + b"\0" * 20
    first = b"OpusHead" + b"\0" * 11
    pages = head.replace(b"%b", b"\x02") + bytes([1, len(first)]) + first
    pages += head.replace(b"%b", b"\0") + bytes([1, 255]) + packet[:255]
    return pages + head.replace(b"%b", b"\1") + bytes([1, len(packet) - 255]) + packet[255:]


def told_wav() -> bytes:
    """Return silence with a list that names somebody."""
    name = NAME.encode() + b"\0" * (len(NAME) % 2)
    told = b"INFOIART" + struct.pack("<I", len(name)) + name
    body = wav()[12:] + b"LIST" + struct.pack("<I", len(told)) + told
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def told_m4a() -> bytes:
    """Return the boxes of an MP4 of which one names somebody."""
    handler = _box(b"hdlr", b"\0" * 8 + b"soun" + b"\0" * 12)
    told = _box(b"udta", _box(b"meta", NAME.encode()))
    moov = _box(b"moov", _box(b"trak", _box(b"mdia", handler)) + told)
    return _box(b"ftyp", b"M4A \0\0\0\0") + moov + _box(b"mdat", b"\0" * 64)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def m4a(track: bytes = b"soun") -> bytes:
    """Return the boxes of an MP4 with one track."""
    handler = _box(b"hdlr", b"\0" * 8 + track + b"\0" * 12)
    moov = _box(b"moov", _box(b"trak", _box(b"mdia", handler)))
    return _box(b"ftyp", b"M4A \0\0\0\0") + moov + _box(b"mdat", b"\0" * 64)
