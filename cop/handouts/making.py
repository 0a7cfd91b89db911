"""The worker's part of booklets as files: each is drawn while no transaction is open."""

from collections.abc import Sequence

from cop.core import clock
from cop.core.db import db
from cop.core.types import Json, Lang
from cop.entries import policy, queries
from cop.handouts.drawing import Drawn, NotDrawn, drawn, to_draw, words_of
from cop.handouts.eyes import Reach, eyes_for
from cop.handouts.models import Printed
from cop.handouts.paper import booklet_of, langs_of
from cop.handouts.printing import is_ready, store
from cop.people.viewer import SYSTEM


def make(payloads: Sequence[Json]) -> None:
    """Job: make these files of what the workshops hold at this moment, whatever they held when they were asked for.

    Killed half way, it begins again when its lease has run out; done twice, it does no harm.
    """
    for payload in payloads:
        asked = _asked(payload["printed_id"])
        if asked is None:
            continue
        # The drawing takes many seconds: nobody who writes may wait for it.
        db.session.commit()
        try:
            made: Drawn | NotDrawn = drawn(asked)
        except NotDrawn as problem:
            made = problem
        _keep(payload["printed_id"], made)


def _asked(printed_id: int) -> bytes | None:
    """Return what to draw, or None where there is nothing to be drawn any more."""
    row = db.session.get(Printed, printed_id, populate_existing=True)
    if row is None or is_ready(row):
        return None
    entry = queries.get(SYSTEM, row.entry_id)
    reach = Reach(row.reach)
    eyes = eyes_for(entry, reach)
    if not policy.may_read(eyes, entry):
        db.session.delete(row)
        return None
    paper = booklet_of(eyes, entry, langs_of(row.text, Lang(entry.lang)), reach)
    words = words_of(paper, row.reach)
    if words != row.words:
        _is_of_other_words(row, words)
        if row in db.session.deleted:
            return None
    return to_draw(paper, eyes)


def _is_of_other_words(row: Printed, words: str) -> None:
    """What was asked for has changed since: the file is one of its words of now."""
    same = db.session.query(Printed).filter(Printed.words == words).one_or_none()
    if same is None:
        row.words = words
    else:
        db.session.delete(row)


def _keep(printed_id: int, made: Drawn | NotDrawn) -> None:
    row = db.session.get(Printed, printed_id, populate_existing=True)
    if row is None:
        return
    if isinstance(made, NotDrawn):
        row.problem = made.why
        return
    row.sha256 = store().put(made.data)
    row.ready_at, row.problem = clock.now(), ""
    row.bytes, row.pages = len(made.data), made.pages
