"""Takes out of the parts of an office file who wrote it: its properties, and the names beside comments and changes."""

import re
from collections.abc import Mapping

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006"
#: Properties that say nothing.
_EMPTY: Mapping[str, bytes] = {
    "docprops/core.xml": _HEAD + b"<cp:coreProperties "
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docprops/app.xml": _HEAD + b'<Properties xmlns="' + _OFFICE + b'/extended-properties"/>',
    "docprops/custom.xml": _HEAD + b'<Properties xmlns="' + _OFFICE + b'/custom-properties"/>',
}
#: What stands where a name stood: programs want one.
_NOBODY = "Author"


def _attributes(names: str) -> re.Pattern[str]:
    return re.compile(rf"""(?P<name>\s(?:\w+:)?(?:{names})\s*=\s*)(?:"[^"]*"|'[^']*')""")


#: Parts → the attributes that name people in them.
_NAMING: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"word/people\.xml"), _attributes("author|userId|providerId")),
    (re.compile(r"word/[^/]+\.xml"), _attributes("author|initials")),
    (
        re.compile(r"ppt/(?:commentauthors|authors)\.xml"),
        _attributes("name|initials|userId|providerId"),
    ),
    (re.compile(r"xl/persons/[^/]+\.xml"), _attributes("displayName|userId|providerId")),
    (re.compile(r"xl/workbook\.xml"), _attributes("userName")),
    (re.compile(r"xl/revisions/[^/]+\.xml"), _attributes("userName|name")),
)
_AUTHORS = re.compile(r"(<(?:\w+:)?author\b[^>]*>)[^<]*(</(?:\w+:)?author>)")
#: The folder in which a workbook lay, which is often named after a person.
_FOLDER = re.compile(r"""(<(?:\w+:)?absPath\b[^>]*?\surl\s*=\s*)(?:"[^"]*"|'[^']*')""")


def without_names(part: str, content: bytes) -> bytes:
    """Return a part without the names of people; `content` is whole XML in UTF-8."""
    lowered = part.lower()
    if lowered in _EMPTY:
        return _EMPTY[lowered]
    if lowered.startswith("customxml/") or not lowered.endswith(".xml"):
        return content
    words = content.decode("utf-8", "replace")
    for named, attributes in _NAMING:
        if named.fullmatch(lowered):
            words = attributes.sub(rf'\g<name>"{_NOBODY}"', words)
            break
    if re.fullmatch(r"xl/(?:.*/)?comments[^/]*\.xml", lowered):
        words = _AUTHORS.sub(rf"\g<1>{_NOBODY}\g<2>", words)
    if lowered == "xl/workbook.xml":
        words = _FOLDER.sub(r'\g<1>""', words)
    return words.encode()
