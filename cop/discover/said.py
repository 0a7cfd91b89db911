"""The comment or the file an entry was found by, where its own text holds nothing of what was typed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cop import markup
from cop.entries.file_words import FileWords, files_on
from cop.entries.models import Entry
from cop.entries.spoken import Spoken, spoken_on
from cop.search.engine import Query
from cop.search.passages import Segment, highlight, passage
from cop.search.text import tokens

#: Characters of a file that are looked through at once, and how far two pieces reach into one another.
_PIECE, _OVERLAP = 45_000, 200


@dataclass(frozen=True)
class Said:
    """A comment or a file that answers: which, and its passage with what was found marked."""

    lang: str
    passage: Sequence[Segment]
    comment_id: int = 0
    #: What the file is called.
    file: str = ""


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
                yield Said(comment.lang, told, comment_id=comment.id)


def held_in_files(entry_ids: Sequence[int], query: Query, own: Collection[str]) -> dict[int, Said]:
    """Return the first file of each entry that holds something of what was typed; the viewer may read the entries."""
    found: dict[int, Said] = {}
    for entry_id, held in (files_on(entry_ids) if own else {}).items():
        said = next(filter(None, (_in_file(one, query) for one in held)), None)
        if said is not None:
            found[entry_id] = said
    return found


def _in_file(held: FileWords, query: Query) -> Said | None:
    """Return the passage of a file that answers; a long one is looked through piece by piece."""
    name = highlight(held.name, query)
    for start in range(0, max(len(held.words), 1), _PIECE):
        told = passage(held.words[start : start + _PIECE + _OVERLAP], query)
        if any(segment.marked for segment in told):
            return Said(held.lang, told, file=held.name)
    if any(segment.marked for segment in name):
        return Said(held.lang, name, file=held.name)
    return None
