"""Reading XML that somebody sent, by a parser that knows neither entities nor anything outside the text."""

from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from cop.core.confined import Refused

#: (name with its namespace, attributes)
Started = Callable[[str, dict[str, str]], None]
#: More elements inside one another than any program writes.
_DEEPEST = 500
#: Between a namespace and a name.
SPACE = " "


def read(
    data: bytes,
    started: Started | None = None,
    ended: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Tell of each element as it comes. Raises Refused for what is no whole XML in UTF-8 or declares entities."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused("broken")
    parser: Any = expat.ParserCreate("utf-8", SPACE)
    depth = 0

    def refuse(*_told: Any) -> None:
        raise Refused("broken")

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            refuse()
        if started is not None:
            started(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if ended is not None:
            ended(name)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
        parser.buffer_text = True
    parser.XmlDeclHandler = lambda _version, encoding, _alone: (
        None
        if (encoding or "utf-8").lower() in ("utf-8", "utf8", "us-ascii", "ascii")
        else refuse()
    )
    try:
        parser.Parse(data, 1)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("broken") from error


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition(SPACE)[2]
