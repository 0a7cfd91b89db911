"""The comment an entry was found by, where its own text holds nothing of what was typed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cop import markup
from cop.entries.models import Entry
from cop.entries.spoken import Spoken, spoken_on
from cop.search.engine import Query
from cop.search.passages import Segment, passage
from cop.search.text import tokens


@dataclass(frozen=True)
class Said:
    """A comment that answers: which, and its passage with what was found marked."""

    comment_id: int
    lang: str
    passage: Sequence[Segment]


def said_on(entries: Sequence[Entry], query: Query, own: Collection[str]) -> dict[int, Said]:
    """Return the comment of each entry that holds most of what was typed, the newest of several.

    The entries are such as the viewer may read; `own` are the tokens of what was typed.
    """
    discussed = [entry.id for entry in entries if entry.replies]
    if not discussed or not own:
        return {}
    found: dict[int, Said] = {}
    for entry_id, comments in spoken_on(discussed).items():
        best = next(_answering(comments, query, frozenset(own)), None)
        if best is not None:
            found[entry_id] = best
    return found


def _answering(comments: Sequence[Spoken], query: Query, own: frozenset[str]) -> Iterator[Said]:
    """The comments that hold something of what was typed, those that hold most first."""
    held = [
        # Looked for in the HTML, which takes a tenth of the time that reading the words out of it takes.
        (len({token.text for token in tokens(comment.html, only=own)}), comment)
        for comment in comments
    ]
    for count, comment in sorted(held, key=lambda one: (-one[0], -one[1].id)):
        if count:
            told = passage(markup.words_of(comment.html), query)
            if any(segment.marked for segment in told):
                yield Said(comment.id, comment.lang, told)
