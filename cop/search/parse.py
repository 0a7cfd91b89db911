"""What somebody typed, as a `Query`. Nothing is an error: what has no meaning is searched as words.

Understood: "quoted phrases" in the quotation marks of either language, `-word` and `-"phrase"`
to leave something out, `+word` to insist. An operator counts only at the start of a word, so
"co-operation" and "2019-2020" are what they look like; a quotation mark without its partner is
punctuation.
"""

import re

from cop.search.engine import Filters, Query
from cop.search.text import token_texts

# Longer questions are cut here: each token costs, and nobody reads on after this.
LONGEST_QUERY = 400

_PAIRS = (
    ('"\uff02', '"\uff02'),
    ("\u201c\u201d\u201e\u201f", "\u201c\u201d"),  # “ ” „ ‟
    ("\u300c", "\u300d"),  # 「 」
    ("\u300e", "\u300f"),  # 『 』
)
_MARKS = "".join(dict.fromkeys("".join(opening + closing for opening, closing in _PAIRS)))
_QUOTED = "|".join(f"[{opening}]([^{opening}{closing}]+)[{closing}]" for opening, closing in _PAIRS)
_PART = re.compile(
    rf"(?P<sign>(?<!\S)[-+\uff0d\u2212\uff0b](?=\S))?"
    rf"(?:(?P<quoted>{_QUOTED})|(?P<word>[^\s{_MARKS}]+)|[{_MARKS}])"
)
_MINUS = frozenset("-\uff0d\u2212")  # as typed on either keyboard


def parse(text: str, filters: Filters | None = None) -> Query:
    """The query that the text asks for, narrowed by the filters.

    A text without a single searchable word is kept as a word, so that it finds nothing
    rather than everything.
    """
    text = " ".join(text[:LONGEST_QUERY].split())
    words: list[str] = []
    phrases: list[str] = []
    exclusions: list[str] = []
    insists = False
    for part in _PART.finditer(text):
        sign, quoted = part["sign"], part["quoted"]
        said = (quoted[1:-1] if quoted else part["word"] or "").strip()
        if not token_texts(said):
            continue
        if sign in _MINUS:
            exclusions.append(said)
        elif quoted:
            phrases.append(said)
        else:
            words.append(said)
            insists = insists or sign is not None
    if text and not (words or phrases or exclusions):
        words.append(text)
    return Query(
        words=tuple(dict.fromkeys(words)),
        phrases=tuple(dict.fromkeys(phrases)),
        exclusions=tuple(dict.fromkeys(exclusions)),
        filters=filters or {},
        text=text,
        all_words=insists or bool(phrases),
    )


def query(text: str, filters: Filters | None = None) -> Query:
    """The query that the text asks for, and nothing more."""
    return parse(text, filters)
