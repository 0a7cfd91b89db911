"""Saved searches: what a search asks for, as the query of its address, and how it is put in words."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

from cop.core.i18n import _
from cop.terms.refs import ref_of
from cop.terms.vocabulary import vocabulary

#: What of a search's address says what is looked for; the rest is about the page.
ASKED = (
    "q",
    "kind",
    "text",
    "strategy",
    "sector",
    "place",
    "outcome",
    "evidence",
    "period",
    "by",
    "exact",
    "without",
)
LONGEST = 1000


def address_of(args: Iterable[tuple[str, str]]) -> str:
    """Return the query of a search's address in one form, so that equal searches are equal; "" if nothing is asked."""
    # PostgreSQL takes no NUL.
    args = ((name, value.replace("\0", "")) for name, value in args)
    kept = sorted({(name, value.strip()) for name, value in args if name in ASKED})
    kept = [(name, value) for name, value in kept if value]
    if not any(name not in ("exact", "without") for name, _value in kept):
        return ""
    return urlencode(kept)


def said_of(address: str) -> str:
    """Return what a search looks for in words: those typed, and the names of what it is narrowed to."""
    known = vocabulary()
    words, names = "", []
    for name, value in parse_qsl(address):
        if name == "q":
            words = value
        elif name in known.schemes and value in known.by_key:
            names.append(ref_of(known.by_key[value]).name)
        elif name == "text":
            names.append(_("Chinese") if value == "zh" else _("English"))
        elif name == "period":
            names.append(value)
    # Translators: the words of a search and what it is narrowed to, one after the other.
    return _(", ").join([words, *names] if words else names) or address
