"""What somebody typed, cut into pieces: words, phrases, what is to be left out, beginnings, fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cop.search.fields import FieldFound, FieldValue, Known, field_at
from cop.search.text import CJK_RUN, token_texts

# So much of a word must stand before its star, or half of all words would begin like it.
SHORTEST_PREFIX = 2

_PAIRS = (
    ('"\uff02', '"\uff02'),
    ("\u201c\u201d\u201e\u201f", "\u201c\u201d"),  # “ ” „ ‟
    ("\u300c", "\u300d"),  # 「 」
    ("\u300e", "\u300f"),  # 『 』
)
_MARKS = "".join(dict.fromkeys("".join(opening + closing for opening, closing in _PAIRS)))
_QUOTED = "|".join(f"[{opening}][^{opening}{closing}]+[{closing}]" for opening, closing in _PAIRS)
_BARS = "|\uff5c"
_PART = re.compile(
    rf"(?P<sign>(?<!\S)[-+\uff0d\u2212\uff0b](?=\S))?"
    rf"(?:(?P<quoted>{_QUOTED})|(?P<bar>[{_BARS}]+)|(?P<word>[^\s{_MARKS}{_BARS}]+)|[{_MARKS}])"
)
_VALUE = re.compile(rf"(?P<quoted>{_QUOTED})|(?P<plain>[^\s,\uff0c\u3001{_MARKS}{_BARS}]+)")
_MINUS = frozenset("-\uff0d\u2212")  # as typed on either keyboard
_OR = frozenset({"OR", "\u6216", "\u6216\u8005"})  # OR 或 或者
_STARRED = re.compile(r"([^*\uff0a]+)[*\uff0a]")
_LAST_WORD = re.compile(r"[^\W_](?:['\u2019]?[^\W_])*$")


class HintCode(StrEnum):
    """What could not be followed as it was typed."""

    CUT = "cut"  # the question is longer than is searched
    LONELY_OR = "lonely-or"  # nothing to choose from on one side
    OTHER_OR = "other-or"  # a choice between other things than words and phrases
    SHORT_PREFIX = "short-prefix"  # too little before the star
    SIGNED_PREFIX = "signed-prefix"  # a beginning that is to be left out
    EMPTY_FIELD = "empty-field"  # a field without a value
    SIGNED_FIELD = "signed-field"  # a field that is to be left out
    UNKNOWN_VALUE = "unknown-value"  # a field that has no such value


@dataclass(frozen=True, slots=True)
class Hint:
    """A piece of the question that was searched as words although it looked like more."""

    code: HintCode
    piece: str


class PieceKind(StrEnum):
    """What a piece is. A gap has nothing to search for, as a little word or a lonely sign."""

    WORD = "word"
    PHRASE = "phrase"
    WITHOUT = "without"
    PREFIX = "prefix"
    FIELD = "field"
    OR = "or"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that was typed; `insists` where a plus sign stood before it."""

    kind: PieceKind
    text: str = ""
    insists: bool = False
    values: tuple[FieldValue, ...] = ()


def pieces(text: str, known: Known, hints: list[Hint]) -> Iterator[Piece]:
    """Yield what was typed, one thing at a time. Expects single spaces; adds to the hints."""
    at = 0
    while match := _PART.search(text, at):
        at = match.end()
        sign, quoted, word = match["sign"], match["quoted"], match["word"]
        begins = bool(sign) or match.start() == 0 or text[match.start() - 1] == " "
        field = field_at(text, match.start("word"), _VALUE, known) if word and begins else None
        if field is not None:
            at = field.end
            yield from _field(field, sign, hints)
        elif match["bar"] or (word in _OR and not sign):
            yield Piece(PieceKind.OR, match["bar"] or word)
        elif quoted:
            yield _phrase(quoted[1:-1].strip(), sign)
        elif word:
            yield from _word(word, sign, hints)
        else:
            yield Piece(PieceKind.GAP)


def _field(field: FieldFound, sign: str | None, hints: list[Hint]) -> Iterator[Piece]:
    """Yield the values that are known; the others, and all that are to be left out, as words."""
    values = [value.value for value in field.values]
    if sign in _MINUS:
        hints.append(Hint(HintCode.SIGNED_FIELD, f"{sign}{field.raw}"))
        for said in (*values, *field.unknown):
            yield said_as(PieceKind.WITHOUT, said)
        return
    if values:
        yield Piece(PieceKind.FIELD, field.raw, values=field.values)
    elif not field.unknown:
        hints.append(Hint(HintCode.EMPTY_FIELD, field.raw))
        yield said_as(PieceKind.WORD, field.raw, sign)
    for said in field.unknown:
        hints.append(Hint(HintCode.UNKNOWN_VALUE, field.raw))
        yield said_as(PieceKind.WORD, said, sign)


def _phrase(said: str, sign: str | None) -> Piece:
    return said_as(PieceKind.WITHOUT if sign in _MINUS else PieceKind.PHRASE, said)


def _word(word: str, sign: str | None, hints: list[Hint]) -> Iterator[Piece]:
    starred = _STARRED.fullmatch(word)
    last = _LAST_WORD.search(starred[1]) if starred else None
    if starred and last and not CJK_RUN.search(word):
        yield from _beginning(starred[1], last.start(), sign, hints)
        return
    # Chinese words are found inside sentences anyway, so that a star after them adds nothing.
    said = starred[1] if starred else word
    yield said_as(PieceKind.WITHOUT if sign in _MINUS else PieceKind.WORD, said, sign)


def _beginning(stem: str, at: int, sign: str | None, hints: list[Hint]) -> Iterator[Piece]:
    """Yield a beginning: of the last word, where punctuation joins several."""
    if sign in _MINUS:
        hints.append(Hint(HintCode.SIGNED_PREFIX, f"{sign}{stem}*"))
        yield said_as(PieceKind.WITHOUT, stem)
    elif len(stem) - at < SHORTEST_PREFIX:
        hints.append(Hint(HintCode.SHORT_PREFIX, f"{stem}*"))
        yield said_as(PieceKind.WORD, stem, sign)
    else:
        if token_texts(stem[:at]):
            yield said_as(PieceKind.WORD, stem[:at], sign)
        yield Piece(PieceKind.PREFIX, stem[at:], insists=_insists(sign))


def said_as(kind: PieceKind, said: str, sign: str | None = None) -> Piece:
    """Return the piece, or a gap where nothing in it can be searched for."""
    if not token_texts(said):
        return Piece(PieceKind.GAP, "" if sign else said)
    return Piece(kind, said, insists=_insists(sign))


def _insists(sign: str | None) -> bool:
    return sign is not None and sign not in _MINUS
