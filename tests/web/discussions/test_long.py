"""A thread of five thousand replies: it opens anywhere, and is joined, at the price of a short one."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from sqlalchemy import insert

from cop import markup
from cop.core import clock
from cop.core.db import db
from cop.discussions import joining, undoing
from cop.entries import moving
from cop.entries.models import Comment
from tests.counting import BUDGETS, counted, statements_of

MANY = 5_000
#: Every third reply answers the one before it.
_ANSWERS = 3
_WORDS = "<p>" + "We asked the street first, and then the office. " * 8 + "</p>"


def say(entry, number, author_id, key):
    """Write the rows that so many replies leave, and return their ids."""
    started = clock.now() - timedelta(days=10)
    rows = [
        {
            "key": f"{key}-{at}",
            "entry_id": entry.id,
            "author_id": author_id,
            "lang": "en",
            "body": "x",
            "html": _WORDS,
            "html_version": markup.VERSION,
            "status": "published",
            "created_at": started + timedelta(minutes=at),
        }
        for at in range(number)
    ]
    db.session.execute(insert(Comment), rows)
    ids = [row.id for row in db.session.query(Comment.id).filter_by(entry_id=entry.id)]
    ids.sort()
    threads = [
        {"id": one, "thread_id": ids[at - 1] if at % _ANSWERS == 1 and at else one}
        for at, one in enumerate(ids)
    ]
    for at, row in enumerate(threads):
        row["answers_id"] = ids[at - 1] if row["thread_id"] != row["id"] else None
    db.session.bulk_update_mappings(Comment, threads)
    moving.recount(entry)
    db.session.commit()
    return ids


@pytest.fixture
def author(make):
    return make.user()


def pages_of(entry, ids):
    base = f"/discussions/{entry.id}-a-thread"
    wanted = [ids[at] for at in (0, 1, len(ids) // 2, len(ids) // 2 + 1, -2, -1)]
    return [base, f"{base}?before=last", *(f"{base}?comment={one}" for one in wanted)]


def test_it_opens_at_any_reply_at_the_price_of_a_short_one(client, make, author):
    short, long = make.discussion(title="A thread"), make.discussion(title="A thread")
    few, many = say(short, 50, author.id, "s"), say(long, MANY, author.id, "l")
    asked = [
        [len(statements_of(client, url)) for url in pages_of(entry, ids)]
        for entry, ids in ((short, few), (long, many))
    ]
    assert asked[0] == asked[1]
    for url in pages_of(long, many):
        page = client.get(url)
        weight = len(gzip.compress(page.data))
        assert weight < BUDGETS["kilobytes"]["note"] * 1024
        # Packed words that repeat say little: the page itself is bounded too.
        assert page.text.count("<article") < 60


def test_it_is_joined_and_parted_in_as_many_statements_as_a_short_one(make, author):
    moderator = make.member("moderator")

    def join_and_part(number, key):
        source, target = make.discussion(), make.discussion()
        said = say(source, number, author.id, key)
        say(target, 5, author.id, f"{key}-target")
        db.session.expire_all()
        with counted() as joined:
            row = joining.merge(
                by=moderator, entry_id=source.id, into_id=target.id, reason="The same."
            )
            db.session.flush()
        assert db.session.query(Comment).filter_by(entry_id=target.id).count() == number + 5
        with counted() as parted:
            undoing.undo(by=moderator, rearrangement_id=row.id, reason="Not the same.")
            db.session.flush()
        left = db.session.query(Comment).filter_by(entry_id=source.id, mask="", origin_id=None)
        assert left.count() == len(said)
        return len(joined), len(parted)

    assert join_and_part(10, "few") == join_and_part(MANY, "many")
