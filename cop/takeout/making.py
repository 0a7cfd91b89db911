"""The worker's part: room after room is put into parts, each a transaction; then they are packed into one file."""

from collections.abc import Sequence
from typing import Protocol

import structlog

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import speaking
from cop.core.types import Json, Lang
from cop.jobs.queue import enqueue
from cop.people.mails import post_to
from cop.people.models import Takeout, User
from cop.storage.store import StorageFull
from cop.takeout import account, attached, begun, letters, packing, said, sent, taken_part, written
from cop.takeout.folder import folder
from cop.takeout.operations import MAKE_JOB, forget
from cop.takeout.owner import Owner, owner_of
from cop.takeout.parts import Part
from cop.web.negotiate import on_clock_of

log = structlog.get_logger(__name__)

#: Things of one part.
MOST = 50
#: Why a file could not be made.
FULL = "full"


class _Room(Protocol):
    """Some of somebody's things, in an order of numbers."""

    def count(self, owner: Owner) -> int:
        """Return how many there are."""

    def write(self, owner: Owner, after: int, most: int, part: Part) -> tuple[int, int | None]:
        """Put things into a part; return how many, and the last of them where there may be more."""


#: Everything that is in a file, in the order in which its first page names it.
ROOMS: Sequence[_Room] = (
    *(written.Room(kind) for kind in written.OWN),
    said.COMMENTS,
    begun.DRAFTS,
    begun.PROPOSALS,
    begun.REMARKS,
    begun.DRAFT_REMARKS,
    begun.SUGGESTIONS,
    begun.EDITS,
    sent.SENT,
    account.ACCOUNT,
    account.SESSIONS,
    account.CIRCLES,
    account.REQUESTS,
    account.WATCHES,
    account.NOTICES,
    taken_part.SIGN_UPS,
    taken_part.TEAM,
    taken_part.DECISIONS,
    taken_part.FLAGS,
)


def make(payloads: Sequence[Json]) -> None:
    """Job: put the next part into these files, and go on with a job of its own until they are whole.

    So it is seen how far a file is, others' jobs have their turn, and after a kill it goes on from there: a part
    done twice takes its own place.
    """
    for payload in payloads:
        row = _row(payload["takeout_id"])
        if row is None or row.ready_at is not None or row.problem:
            continue
        user = db.session.get_one(User, row.user_id)
        if not user.active:
            forget(row)
            continue
        lang = Lang.of_tag(row.lang) or user.language
        with speaking(lang), on_clock_of(user.timezone):
            _go_on(row, owner_of(user, lang))


def _row(takeout_id: int) -> Takeout | None:
    return db.session.get(Takeout, takeout_id, populate_existing=True, with_for_update=True)


def _go_on(row: Takeout, owner: Owner) -> None:
    try:
        if row.room < len(ROOMS):
            _one_part(row, owner)
        else:
            _pack(row, owner)
    except StorageFull:
        log.warning("takeout.full", takeout=row.id)
        found = _row(row.id)
        if found is not None:
            found.problem = FULL
            folder().forget_parts(found.name)
        return
    if row.ready_at is None:
        enqueue(db.session, MAKE_JOB, {"takeout_id": row.id})


def _one_part(row: Takeout, owner: Owner) -> None:
    """Put as many things as a part holds into one, from as many rooms as it takes."""
    part, free = Part(), MOST
    if not row.total:
        row.total = sum(room.count(owner) for room in ROOMS)
    while free > 0 and row.room < len(ROOMS):
        number, last = ROOMS[row.room].write(owner, row.last_id, free, part)
        row.done += number
        free -= number
        row.last_id = last or 0
        if last is None:
            row.room += 1
    folder().put_part(row.name, row.parts, part.write)
    row.parts += 1
    row.moved_at = clock.now()


def _pack(row: Takeout, owner: Owner) -> None:
    """Put the parts and her images and files into one file, while no transaction is open."""
    takeout_id, name = row.id, row.name
    paths = folder().parts(name)
    refs = packing.refs_in(paths)
    packed = packing.Packed(
        parts=paths,
        sent=attached.all_in_file(owner.id, owner.cut),
        left_out=owner.cut is not None,
        own_name=owner.user.name,
        handle=owner.user.handle,
        beside=packing.beside(refs),
    )
    row.moved_at = clock.now()
    # Copying takes long where there is much: nobody who writes may wait for it.
    db.session.commit()
    size = folder().put(name, packed.write, wanted=sum(one.bytes for one in packed.sent))
    folder().forget_parts(name)
    found = _row(takeout_id)
    user = db.session.get_one(User, owner.id, populate_existing=True)
    if found is None or not user.active:
        # She closed her account meanwhile, or may not sign in for now.
        folder().forget(name)
        if found is not None:
            forget(found)
        return
    found.ready_at, found.bytes = clock.now(), size
    _forget_earlier(found)
    post_to(user, lambda: letters.ready(found))


def _forget_earlier(row: Takeout) -> None:
    for earlier in db.session.query(Takeout).filter(
        Takeout.user_id == row.user_id, Takeout.id < row.id
    ):
        forget(earlier)
