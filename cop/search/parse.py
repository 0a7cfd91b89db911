"""What somebody typed, as a `Query`. Nothing is an error: what has no meaning is searched as words.

Understood, in the signs and words of either language and keyboard:

    "open space" “开放空间” 「开放空间」     exactly this
    -word -"two words"                     without it
    +word                                  every word, none left away
    one OR other, 一个 或 另一个, a | b      either of them
    organi*                                what begins like this
    place:Ningbo 地点：宁波、北京            a field, its values separated by commas

An operator counts only at the start of a word, so "co-operation" and "2019-2020" are what they
look like; a quotation mark without its partner is punctuation, and so is the colon of a word
that is no field. What looks like an operator but cannot be followed is searched as words, and a
`Hint` says so.
"""

from dataclasses import dataclass

from cop.search.engine import Filters, Option, Query
from cop.search.fields import FieldValue, Known, everything_known, nothing_known
from cop.search.text import token_texts
from cop.search.typed import Hint, HintCode, Piece, PieceKind, pieces, said_as

__all__ = ["LONGEST_QUERY", "FieldValue", "Hint", "HintCode", "Known", "Parsed", "parse", "query"]

# Longer questions are cut here: each token costs, and nobody reads on after this.
LONGEST_QUERY = 400

_CHOSEN = frozenset({PieceKind.WORD, PieceKind.PHRASE})
_PLAIN = frozenset({PieceKind.WORD, PieceKind.GAP})


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question taken apart.

    The query does not know the fields: whoever knows what they mean adds them to its filters.
    `plain` are the words that stand side by side without any operator, a run each, in which
    terms may be named.
    """

    query: Query
    fields: tuple[FieldValue, ...] = ()
    hints: tuple[Hint, ...] = ()
    plain: tuple[str, ...] = ()


def query(text: str, filters: Filters | None = None) -> Query:
    """Return the query, for callers that know of no fields: those are searched as words."""
    return parse(text, filters, known=nothing_known).query


def parse(text: str, filters: Filters | None = None, *, known: Known = everything_known) -> Parsed:
    """Return what the text asks for, narrowed by the filters.

    `known` says which values a field has; any other is searched as words. A text without a
    single searchable word is kept as a word, so that it finds nothing rather than everything;
    one that has fields only asks for all that they leave.
    """
    whole = " ".join(text.split()) if len(text) > LONGEST_QUERY else ""
    text = " ".join(text[:LONGEST_QUERY].split())
    hints = [Hint(HintCode.CUT, "")] if len(whole) > len(text) else []
    alone, either = _choices(list(pieces(text, known, hints)), hints)
    said: dict[PieceKind, dict[str, None]] = {kind: {} for kind in PieceKind}
    for piece in alone:
        said[piece.kind][piece.text] = None
    fields = dict.fromkeys(value for piece in alone for value in piece.values)
    searched = (PieceKind.WORD, PieceKind.PHRASE, PieceKind.WITHOUT, PieceKind.PREFIX)
    if text and not (any(said[kind] for kind in searched) or either or fields):
        said[PieceKind.WORD][text] = None
    found = Query(
        words=tuple(said[PieceKind.WORD]),
        phrases=tuple(said[PieceKind.PHRASE]),
        exclusions=tuple(said[PieceKind.WITHOUT]),
        prefixes=tuple(said[PieceKind.PREFIX]),
        either=tuple(dict.fromkeys(either)),
        filters=filters if filters is not None else {},
        text=text,
        all_words=bool(said[PieceKind.PHRASE]) or any(piece.insists for piece in alone),
    )
    return Parsed(found, tuple(fields), tuple(dict.fromkeys(hints)), _plain(alone))


def _plain(alone: list[Piece]) -> tuple[str, ...]:
    """Return the runs of words without signs, little words among them."""
    runs: list[list[str]] = [[]]
    for piece in alone:
        if piece.kind in _PLAIN and piece.text and not piece.insists:
            runs[-1].append(piece.text)
        elif runs[-1]:
            runs.append([])
    return tuple(dict.fromkeys(" ".join(run) for run in runs if any(map(token_texts, run))))


def _choices(typed: list[Piece], hints: list[Hint]) -> tuple[list[Piece], list[tuple[Option, ...]]]:
    """Return the pieces that stand alone, and those that OR joins."""
    alone: list[Piece] = []
    either: list[tuple[Option, ...]] = []
    at = 0
    while at < len(typed):
        joined = _joined(typed, at)
        options = tuple(
            dict.fromkeys(Option(piece.text, piece.kind is PieceKind.PHRASE) for piece in joined)
        )
        if joined[0].kind in _CHOSEN and len(options) > 1:
            either.append(options)
            # Keeps what was insisted on, and apart the words on either side.
            alone.append(Piece(PieceKind.GAP, insists=any(piece.insists for piece in joined)))
        elif joined[0].kind is PieceKind.OR:
            alone.append(_lonely(typed, at, hints))
        else:
            alone += joined
        at += 2 * len(joined) - 1
    return alone, either


def _joined(typed: list[Piece], at: int) -> list[Piece]:
    """Return the piece, and those that OR joins to it."""
    joined = [typed[at]]
    for sign, other in zip(typed[at + 1 :: 2], typed[at + 2 :: 2], strict=False):
        if sign.kind is not PieceKind.OR or not _can_be_joined(joined[0], other):
            break
        joined.append(other)
    return joined


def _can_be_joined(first: Piece, other: Piece) -> bool:
    """Whether OR means something here: between words and phrases, or two values of one field."""
    if first.kind in _CHOSEN:
        return other.kind in _CHOSEN
    return bool(first.values and other.values) and first.values[0].name == other.values[0].name


def _lonely(typed: list[Piece], at: int, hints: list[Hint]) -> Piece:
    """Return an OR that joins nothing as the word it may be. A lonely bar is only a line."""
    said = typed[at].text
    if not said[0].isalpha():
        return Piece(PieceKind.GAP)
    nothing = Piece(PieceKind.GAP)
    around = [typed[at - 1] if at else nothing, (typed[at + 1 :] or [nothing])[0]]
    between = all(piece.kind not in {PieceKind.GAP, PieceKind.OR} for piece in around)
    hints.append(Hint(HintCode.OTHER_OR if between else HintCode.LONELY_OR, said))
    return said_as(PieceKind.WORD, said)
