"""The piece of a text that answers a query, with the matched words marked.

A passage is a list of segments, so that a template writes text and `<mark>` itself and nothing
here needs escaping. Words are marked as they were written, whatever the script of the question:
開放空間 marks 开放空间. Of Chinese, pairs are marked and not every lone character, unless the
question was one character.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from cop.search.engine import Query
from cop.search.marks import matches
from cop.search.text import CJK_CLASS, Token

PASSAGE = 120
# A passage gives up to this much of its end to stop where a sentence does.
_SPARE = 40
# A text is searched for its passage up to here; a 5 MB paste must not cost a page its time.
_LONGEST = 50_000

_SENTENCE_END = re.compile(
    "[\u3002!?\uff01\uff1f\uff1b;\u2026]+[\u201d\u2019\u300d\u300f)\uff09]*|[.](?= )"
)
#: Paragraphs and sections are joined by a space, which Chinese does not type after its own punctuation.
_AFTER_FULL_WIDTH = re.compile(" (?<=[\u3001-\u303f\uff01-\uff65] )")
_WORD_CHARACTER = re.compile(rf"[^\W_{CJK_CLASS}]")

Span = tuple[int, int]


class Segment(NamedTuple):
    """A piece of text, and whether it is to be marked as matched."""

    text: str
    marked: bool


def passage(text: str, query: Query, size: int = PASSAGE) -> list[Segment]:
    """The `size` characters that say most about the query; the beginning if nothing matches.

    Begins and ends with a sentence where there is room for it, else between words, and shows
    with an ellipsis where a sentence was taken apart.
    """
    text = _AFTER_FULL_WIDTH.sub("", " ".join(text[:_LONGEST].split()))
    found = matches(text, query)
    start, end = _cut(text, _densest(found, size), size)
    segments = _segments(text, start, end, [t for t in found if start <= t.start and t.end <= end])
    dots = Segment("\u2026", marked=False)
    before = [] if _between_sentences(text, start) else [dots]
    after = [] if _between_sentences(text, end) else [dots]
    return before + segments + after


def _between_sentences(text: str, at: int) -> bool:
    """Whether a cut here takes no sentence apart, so that no ellipsis is needed."""
    kept = text[:at].rstrip()
    if not kept or at >= len(text):
        return True
    return any(
        match.end() == len(kept)
        for match in _SENTENCE_END.finditer(text, max(0, len(kept) - 4), at + 1)
    )


def highlight(title: str, query: Query) -> list[Segment]:
    """The whole text with its matched words marked."""
    return _segments(title, 0, len(title), matches(title, query))


def _densest(found: Sequence[Token], size: int) -> Span:
    """The span of the matches within `size` that cover most of the query, rarer ones first."""
    occurrences = Counter(token.text for token in found)
    inside: Counter[str] = Counter()
    best, worth, first = (0.0, (0, 0)), 0.0, 0
    for last in found:
        if not inside[last.text]:
            worth += 1 + 1 / occurrences[last.text]
        inside[last.text] += 1
        while last.end - found[first].start > size:
            left = found[first].text
            inside[left] -= 1
            if not inside[left]:
                worth -= 1 + 1 / occurrences[left]
            first += 1
        if worth > best[0] + 1e-9:
            best = worth, (found[first].start, last.end)
    return best[1]


def _cut(text: str, core: Span, size: int) -> Span:
    """Where a passage of at most `size` around the core begins and ends."""
    room = max(0, size - (core[1] - core[0]))
    earliest = max(0, core[0] - room)
    starts = [match.end() for match in _SENTENCE_END.finditer(text, earliest, core[0])]
    if earliest == 0:
        starts.insert(0, 0)
    elif not starts:
        starts.append(_next_gap(text, max(earliest, core[0] - room // 3), core[0]))
    starts = [_after_spaces(text, start, core[0]) for start in starts]
    stops = [match.end() for match in _SENTENCE_END.finditer(text, core[1], starts[-1] + size)]
    if starts[-1] + size >= len(text):
        stops.append(len(text))
    # Whole sentences, as much before as after; where they are too short to say much, what fits.
    whole = [
        (start, stop) for start in starts for stop in stops if size - _SPARE <= stop - start <= size
    ]
    if whole:
        return min(whole, key=lambda span: abs(span[0] + span[1] - core[0] - core[1]))
    start = starts[0]
    limit = start + max(size, core[1] - core[0])
    return (start, len(text)) if limit >= len(text) else (start, _last_gap(text, limit, core[1]))


def _after_spaces(text: str, at: int, latest: int) -> int:
    while at < latest and text[at] == " ":
        at += 1
    return at


def _next_gap(text: str, at: int, latest: int) -> int:
    while at < latest and _in_word(text, at):
        at += 1
    return at


def _last_gap(text: str, at: int, earliest: int) -> int:
    end = at
    while end > earliest and _in_word(text, end):
        end -= 1
    return end if end > earliest else at


def _in_word(text: str, at: int) -> bool:
    """Whether cutting here would cut a word of an alphabetic script in two."""
    return bool(
        0 < at < len(text)
        and _WORD_CHARACTER.match(text[at - 1])
        and _WORD_CHARACTER.match(text[at])
    )


def _segments(text: str, start: int, end: int, found: Sequence[Token]) -> list[Segment]:
    """The text from start to end, touching marks joined into one."""
    marks: list[Span] = []
    for token in found:
        if marks and token.start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(marks[-1][1], token.end))
        else:
            marks.append((token.start, token.end))
    segments: list[Segment] = []
    at = start
    for left, right in marks:
        segments.append(Segment(text[at:left], marked=False))
        segments.append(Segment(text[left:right], marked=True))
        at = right
    segments.append(Segment(text[at:end], marked=False))
    return [segment for segment in segments if segment.text]
