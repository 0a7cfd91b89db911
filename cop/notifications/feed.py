"""What came to somebody through what she watches, as entries: a list of the front page."""

from cop.core.page import Page
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.notifications import queries
from cop.people.viewer import Viewer


def watched(viewer: Viewer, older: str | None, newer: str | None) -> Page[Entry]:
    """Return the entries that a page of the viewer's lines tells of, each once, the last told of first."""
    page = queries.page(viewer, older=older, newer=newer)
    ids = dict.fromkeys(line.entry_id for line in page.items)
    return Page(entries.in_order(viewer, list(ids)), older=page.older, newer=page.newer)
