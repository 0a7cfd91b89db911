"""DOCX, PPTX and XLSX: looked through member by member, and packed anew, so that nothing is left that is not seen."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from cop.core.confined import Refused
from cop.storage.vetting import naming, xmls

#: Members of one file; bytes they may come to, together and where one is XML; how far a member may be packed.
MEMBERS = 5_000
UNPACKED = 160 * 1024 * 1024
XML_LIMIT = 48 * 1024 * 1024
RATIO, RATIO_FROM = 250, 4 * 1024 * 1024
#: What the main part of a file is declared as → its format.
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_TYPES = "[Content_Types].xml"
_XML = (".xml", ".rels", ".vml")
#: Pictures, sound, fonts and settings of printers: kept as they are, and packed no further.
_PACKED = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".gif", ".tif", ".tiff", ".bmp", ".emf", ".wmf", ".webp"),
    *(".wdp", ".jxr", ".ico", ".mp3", ".mp4", ".m4a", ".m4v", ".mov", ".wav", ".wma", ".wmv"),
    *(".fntdata", ".odttf", ".ttf"),
)
_PRINTER = re.compile(r"(?i)(?:.*/)?printersettings/[^/]+\.bin")
_INSIDE = re.compile(r"(?i)(?:word|ppt|xl)/embeddings/[^/]+\.(?:docx|pptx|xlsx)")
_MACROS = re.compile(r"(?i)vba|macrosheets|activex|\.bas$|customui")
#: Fields that start another program, and the element of a table of numbers that does.
_DDE, _DDE_LINK = re.compile(r"(?i)(?:^|\0)\s*DDE(?:AUTO)?\b"), "ddeLink"
#: Where words may lead to.
_ADDRESSES = ("http://", "https://", "mailto:")
_HYPERLINK = "/hyperlink"


def harmless(data: bytes, *, clean: bool, inside: bool = False) -> tuple[str, bytes]:
    """Return the format of a file and a copy that holds nothing but what was looked at, or raise Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive)
            return _kind(archive), _copy(archive, members, clean=clean, inside=inside)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise Refused("broken") from error


def members_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the XML of a file that was made harmless."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            if member.filename.lower().endswith(_XML):
                yield member.filename, archive.read(member)


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > MEMBERS or sum(one.file_size for one in members) > UNPACKED:
        raise Refused("bomb")
    if all(one.filename != _TYPES for one in members):
        raise Refused("archive")
    names = [one.filename.lower() for one in members]
    if len(set(names)) != len(names):
        raise Refused("broken")
    for one in members:
        _check(one)
    return members


def _check(member: zipfile.ZipInfo) -> None:
    name, size = member.filename, member.file_size
    parts = name.split("/")
    if ".." in parts or "." in parts or "" in parts or re.search(r"[\x00-\x1f\\:]", name):
        raise Refused("broken")
    if member.flag_bits & 0x1:
        raise Refused("locked")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("broken")
    if size > RATIO_FROM and size > RATIO * max(member.compress_size, 1):
        raise Refused("bomb")
    if _MACROS.search(name):
        raise Refused("macros")
    if name.lower().endswith(_XML):
        if size > XML_LIMIT:
            raise Refused("bomb")
    elif not (
        name.lower().endswith(_PACKED) or _PRINTER.fullmatch(name) or _INSIDE.fullmatch(name)
    ):
        raise Refused("embedded")


def _kind(archive: zipfile.ZipFile) -> str:
    """Return the format as the list of contents declares it."""
    declared: set[str] = set()
    xmls.read(
        archive.read(_TYPES), lambda _name, told: declared.add(told.get("ContentType", "").lower())
    )
    if any("macroenabled" in one or "vba" in one or "activex" in one for one in declared):
        raise Refused("macros")
    found = {kind for one, kind in _MAIN.items() if one in declared}
    if len(found) != 1:
        raise Refused("archive")
    return found.pop()


def _copy(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], *, clean: bool, inside: bool
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for member in members:
            name, content = member.filename, archive.read(member)
            packed = zipfile.ZIP_STORED if name.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
            # A fresh entry: neither who made it, nor when, nor anything beside it comes along.
            fresh = zipfile.ZipInfo(name)
            fresh.compress_type = packed
            made.writestr(fresh, _seen(name, content, clean=clean, inside=inside))
    return target.getvalue()


def _seen(name: str, content: bytes, *, clean: bool, inside: bool) -> bytes:
    """Return a member as it is kept."""
    lowered = name.lower()
    if _INSIDE.fullmatch(name):
        # What a chart was drawn from; nothing lies deeper.
        if inside:
            raise Refused("embedded")
        return harmless(content, clean=clean, inside=True)[1]
    if not lowered.endswith(_XML):
        return content
    if lowered.endswith(".rels"):
        return _relations(content)
    if lowered.endswith(".vml"):
        return content if _is_plain(content) else b"<xml/>"
    if _starts_programs(content):
        raise Refused("macros")
    return naming.without_names(name, content) if clean else content


def _starts_programs(content: bytes) -> bool:
    """Tell whether a part holds a field or a link that starts a program; a field may be written in pieces."""
    fields: list[str] = []
    inside = links = False

    def started(name: str, told: dict[str, str]) -> None:
        nonlocal inside, links
        element = xmls.local(name)
        inside = element == "instrText"
        links = links or element == _DDE_LINK
        if element in ("fldChar", "fldSimple"):
            fields.append("\0")
            fields.extend(value for key, value in told.items() if xmls.local(key) == "instr")

    def ended(_name: str) -> None:
        nonlocal inside
        inside = False

    def text(words: str) -> None:
        if inside:
            fields.append(words)

    xmls.read(content, started, ended, text)
    return links or _DDE.search("".join(fields)) is not None


def _is_plain(drawing: bytes) -> bool:
    """Tell whether an old drawing is XML that can be looked through; some programs write it carelessly."""
    try:
        xmls.read(drawing)
    except Refused:
        return False
    return True


def _relations(content: bytes) -> bytes:
    """Return what a part refers to, written anew: nothing is loaded from elsewhere, words lead to web and mail."""
    rows: list[str] = []

    def started(name: str, told: dict[str, str]) -> None:
        if xmls.local(name) != "Relationship":
            return
        kind, target = told.get("Type", ""), told.get("Target", "")
        mode = told.get("TargetMode", "")
        if "oleobject" in kind.lower() and mode != "External":
            raise Refused("embedded")
        if mode and not (kind.endswith(_HYPERLINK) and target.lower().startswith(_ADDRESSES)):
            target = "#"
        said = {"Id": told.get("Id", ""), "Type": kind, "Target": target, "TargetMode": mode}
        pairs = (f"{key}={quoteattr(value)}" for key, value in said.items() if value)
        rows.append(f"<Relationship {' '.join(pairs)}/>")

    xmls.read(content, started)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{head}<Relationships xmlns="{space}">{"".join(rows)}</Relationships>'.encode()
