"""Quotations of comments: the whole, or the words somebody marked."""

import re

from cop import markup
from cop.core.text import clean
from cop.entries import mentions, thread
from cop.entries.models import Comment, Entry
from cop.people.viewer import Viewer

_SPACE = re.compile(r"\s+")
#: What Markdown could take for marks at the beginning of a line or between words.
_MARKS = re.compile(r"([\\`*_\[\]<>#])")


def quotation(viewer: Viewer, entry: Entry, comment: Comment, marked: str = "") -> str:
    """Return a comment as a quotation in Markdown, with room to write below. It names nobody: names may change.

    Where words were marked on the page that really stand in it, only these: an address can hold anything.
    """
    html = thread.html_of(comment)
    known = mentions.names(viewer, entry, [comment.body, html]).beside(comment)
    words = clean(marked, multiline=True)
    if words and _together(words) in _together(markup.words_of(known.html(html))):
        return quoted(_MARKS.sub(r"\\\1", words))
    return quoted(known.source(comment.body))


def _together(text: str) -> str:
    return _SPACE.sub("", text)


def quoted(text: str) -> str:
    """Return a text as a quotation in Markdown."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines()) + "\n\n"
