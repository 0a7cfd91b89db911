"""The words of a document, for search; run by `confined`, in a process of its own, on what was made harmless before."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from cop.core.confined import Refused
from cop.storage.vetting import office, xmls

#: Characters of one file that are kept for search: some hundred printed pages.
LIMIT = 200_000
#: Shapes inside one another that are followed.
_DEEPEST = 20


def answer(data: bytes, kind: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return the words of a document of this format, one paragraph, cell or line a line."""
    lines = {"pdf": _pdf, "docx": _docx, "pptx": _pptx, "xlsx": _xlsx}[kind](data)
    kept, length = [], 0
    for line in lines:
        said = " ".join(line.split())
        if said:
            kept.append(said)
            length += len(said) + 1
        if length > LIMIT:
            break
    words = "\n".join(kept)[:LIMIT]
    return {"read": True}, [words.encode("utf-8", "replace")]


def _pdf(data: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    for page in PdfReader(io.BytesIO(data)).pages:
        yield from page.extract_text().splitlines()


def _docx(data: bytes) -> Iterator[str]:
    from docx import Document
    from docx.oxml.ns import qn

    # Every paragraph, also those of tables and boxes.
    for paragraph in Document(io.BytesIO(data)).element.body.iter(qn("w:p")):
        yield "".join(_run(one, qn) for one in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")))


def _run(piece: Any, qn: Any) -> str:
    return (piece.text or "") if piece.tag == qn("w:t") else " "


def _pptx(data: bytes) -> Iterator[str]:
    from pptx import Presentation

    for slide in Presentation(io.BytesIO(data)).slides:
        yield from _shapes(slide.shapes, 0)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            yield from slide.notes_slide.notes_text_frame.text.splitlines()


def _shapes(shapes: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise Refused("broken")
    for shape in shapes:
        if getattr(shape, "has_text_frame", False):
            yield from shape.text_frame.text.splitlines()
        if getattr(shape, "has_table", False):
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes, depth + 1)


def _xlsx(data: bytes) -> Iterator[str]:
    """Names of sheets, words shared between cells, then words and numbers in the cells of each sheet."""
    parts = dict(office.members_of(data))
    yield from _names(parts.get("xl/workbook.xml", b"<x/>"))
    yield from _texts(parts.get("xl/sharedStrings.xml", b"<x/>"), "si")
    for name in sorted(
        one for one in parts if one.startswith("xl/worksheets/") and "/_" not in one
    ):
        yield from _cells(parts[name])


def _names(workbook: bytes) -> list[str]:
    found: list[str] = []
    xmls.read(
        workbook,
        lambda name, told: (
            found.append(told.get("name", "")) if xmls.local(name) == "sheet" else None
        ),
    )
    return found


def _texts(part: bytes, around: str) -> list[str]:
    """Return the text of each element of this name, without how it is pronounced."""
    found: list[str] = []
    open_now: list[str] = []

    def started(name: str, _told: dict[str, str]) -> None:
        open_now.append(xmls.local(name))
        if open_now[-1] == around:
            found.append("")

    def text(words: str) -> None:
        if open_now and open_now[-1] == "t" and "rPh" not in open_now and around in open_now:
            found[-1] += words

    def ended(_name: str) -> None:
        open_now.pop()

    xmls.read(part, started, ended, text)
    return found


def _cells(sheet: bytes) -> list[str]:
    """Return what cells hold themselves; words that are shared stand elsewhere."""
    values: list[str] = []
    kind, inside = "", ""

    def started(name: str, told: dict[str, str]) -> None:
        nonlocal kind, inside
        inside = xmls.local(name)
        if inside == "c":
            kind = told.get("t", "n")

    def ended(_name: str) -> None:
        nonlocal inside
        inside = ""

    def text(words: str) -> None:
        if inside == "v" and kind not in ("s", "b", "e") and len(values) < LIMIT:
            values.append(words)

    xmls.read(sheet, started, ended, text)
    return [*_texts(sheet, "is"), *values]
