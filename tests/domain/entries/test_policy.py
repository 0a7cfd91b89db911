"""Who may read and do what: the same answer in Python, in SQL and in the index, whatever meets whatever."""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy import select

from cop.circles.operations import leave
from cop.core.db import db
from cop.core.errors import Forbidden, Gone, NotFound
from cop.core.types import Lang
from cop.discover.indexing import engine
from cop.entries import policy, queries
from cop.entries.models import Entry, Status, Visibility
from cop.entries.policy import Act
from cop.events.record import record
from cop.people.events import AccountSuspended
from cop.people.models import AccountStatus
from cop.people.viewer import SYSTEM, VISITOR, Grant
from cop.search.engine import Query
from tests.collecting import collection

LEFT, MODERATOR_INSIDE = "who left the circle", "moderator in the circle"
MODERATORS = {"moderator", "admin", MODERATOR_INSIDE}
#: Who is in the circle.
INSIDE = {"author", "other author", "host", "in the circle", MODERATOR_INSIDE}
STATUSES = list(Status)
#: What only those who look after it read beside its author: what waits, what was hidden, what was joined with another.
LOOKED_AFTER = (Status.HELD, Status.HIDDEN, Status.MERGED)
VISIBILITIES = list(Visibility)


@pytest.fixture
def everybody(make):
    """Return viewers by what they are, and a circle that some of them are in; another circle has other people."""
    users = {
        "author": make.user(),
        "other author": make.user(),
        "member": make.user(),
        "trainer": make.user(grants=[Grant.TRAINER]),
        "curator": make.user(grants=[Grant.CURATOR]),
        "moderator": make.user(grants=[Grant.MODERATOR]),
        "admin": make.user(grants=[Grant.ADMIN]),
        "host": make.user(),
        "in the circle": make.user(),
        "moderator in the circle": make.user(grants=[Grant.MODERATOR]),
        "host of another circle": make.user(),
        "who left the circle": make.user(),
    }
    inside = ("author", "other author", "in the circle", *(LEFT, MODERATOR_INSIDE))
    circle = make.circle(by=users["host"], members=[users[who] for who in inside])
    make.circle(by=users["host of another circle"])
    leave(by=make.viewer(users[LEFT]), circle_id=circle.id)
    viewers = {who: make.viewer(user) for who, user in users.items()}
    return {"visitor": VISITOR, **viewers}, circle


@pytest.fixture
def people(everybody):
    """Return viewers by what they are."""
    return everybody[0]


@pytest.fixture
def circle(everybody):
    """Return the circle that some of them are in."""
    return everybody[1]


def set_status(entry: Entry, status: Status) -> Entry:
    """Put an entry where it is in its life, as operations of later rooms will."""
    entry.status = status.value
    entry.audience = policy.audience_of(status, entry.visibility, entry.circle_id)
    return entry


@pytest.fixture
def entries(make, people, circle):
    """Return one entry for each status, visibility and author, and no author."""
    term = make.term()
    made = {}
    for status, visibility, who in product(STATUSES, VISIBILITIES, ("author", "other author", "")):
        entry = make.note(
            by=people[who or "author"],
            visibility=visibility,
            circle=circle if visibility is Visibility.CIRCLE else None,
            strategies=[term],
        )
        if not who:
            entry.author_id = None
        made[status, visibility, who] = set_status(entry, status)
    db.session.flush()
    return made


def expected(status: Status, visibility: Visibility, author: str, who: str) -> bool:
    """Say it again in the words of PRODUCT.md, apart from the code."""
    if author and author == who:
        return True
    if visibility is Visibility.CIRCLE:
        if status is Status.PUBLISHED:
            return who in INSIDE
        return status in LOOKED_AFTER and who == "host"
    if status is Status.PUBLISHED:
        return visibility is Visibility.PUBLIC or who != "visitor"
    return status in LOOKED_AFTER and who in MODERATORS


def test_python_sql_lists_and_index_agree_on_who_reads_what(entries, people, index):
    index()
    for who, viewer in people.items():
        should = {entry.id for case, entry in entries.items() if expected(*case, who)}
        listed = {
            entry.id
            for (status, visibility, _author), entry in entries.items()
            if status is Status.PUBLISHED
            and (
                who in INSIDE
                if visibility is Visibility.CIRCLE
                else visibility is Visibility.PUBLIC or viewer.is_member
            )
        }
        assert {e.id for e in entries.values() if policy.may_read(viewer, e)} == should, who
        readable = db.session.scalars(select(Entry.id).where(policy.readable(viewer)))
        assert set(readable) == should, who
        in_lists = db.session.scalars(select(Entry.id).where(policy.listed(viewer)))
        assert set(in_lists) == listed, who
        hits = engine().search(
            Query(), labels=viewer.labels, prefer_lang=Lang.EN.value, limit=len(entries)
        )
        assert {hit.entry_id for hit in hits.hits} == listed, who
        assert hits.total == len(listed), who


def test_every_entry_is_fetched_through_what_the_viewer_may_read(entries, people):
    for who, viewer in people.items():
        for case, entry in entries.items():
            try:
                found = queries.get(viewer, entry.id)
            except (NotFound, Gone):
                found = None
            assert (found is not None) == expected(*case, who), (case, who)


def test_what_was_open_once_is_gone_and_the_rest_was_never_there(entries, people):
    away = (Status.WITHDRAWN, Status.HIDDEN, Status.DELETED)
    for (status, visibility, author), entry in entries.items():
        for who in ("visitor", "member", "in the circle", "admin"):
            if expected(status, visibility, author, who):
                continue
            was_open = visibility is Visibility.PUBLIC or who != "visitor"
            if visibility is Visibility.CIRCLE:
                was_open = who == "in the circle"
            error = Gone if status in away and was_open else NotFound
            with pytest.raises(error):
                queries.get(people[who], entry.id)


def test_the_stored_audience_is_what_status_and_visibility_make_it(entries):
    for (status, visibility, _author), entry in entries.items():
        assert entry.audience == policy.audience_of(status, visibility, entry.circle_id)
        assert policy.labels_of(entry) >= {entry.audience}


AUTHOR, CURATOR = {"author"}, {"curator", "moderator", MODERATOR_INSIDE}
MEMBERS = {"author", "other author", "member", "trainer", "curator", "host", LEFT} | MODERATORS
MEMBERS |= {"in the circle", "host of another circle"}

#: (act, status) → who may do it to a member's note; nobody where it is not named.
OF_A_MEMBER = {
    (Act.REVISE, Status.HELD): AUTHOR,
    (Act.RESTORE, Status.HELD): AUTHOR,
    (Act.WITHDRAW, Status.HELD): AUTHOR,
    (Act.APPROVE, Status.HELD): MODERATORS,
    (Act.REFUSE, Status.HELD): MODERATORS,
    (Act.REVISE, Status.PUBLISHED): AUTHOR,
    (Act.RESTORE, Status.PUBLISHED): AUTHOR,
    (Act.WITHDRAW, Status.PUBLISHED): AUTHOR,
    (Act.RETURN, Status.WITHDRAWN): AUTHOR,
    (Act.HIDE, Status.PUBLISHED): MODERATORS,
    (Act.UNHIDE, Status.HIDDEN): MODERATORS,
    (Act.SUPPRESS, Status.PUBLISHED): AUTHOR | MODERATORS,
    (Act.SUPPRESS, Status.HELD): AUTHOR | MODERATORS,
    (Act.SUPPRESS, Status.HIDDEN): AUTHOR | MODERATORS,
    (Act.SUPPRESS, Status.WITHDRAWN): AUTHOR,
    (Act.SUPPRESS, Status.DRAFT): AUTHOR,
    (Act.SUPPRESS, Status.DELETED): AUTHOR,
    (Act.REVISE, Status.MERGED): AUTHOR,
    (Act.RESTORE, Status.MERGED): AUTHOR,
    (Act.WITHDRAW, Status.MERGED): AUTHOR,
    (Act.HIDE, Status.MERGED): MODERATORS,
    (Act.SUPPRESS, Status.MERGED): AUTHOR | MODERATORS,
    (Act.COMMENT, Status.PUBLISHED): MEMBERS,
    (Act.LOCK, Status.PUBLISHED): MODERATORS,
    (Act.ACCEPT, Status.PUBLISHED): AUTHOR | MODERATORS,
    (Act.ARRANGE, Status.PUBLISHED): MODERATORS,
    (Act.LOCK, Status.HELD): MODERATORS,
    (Act.LOCK, Status.HIDDEN): MODERATORS,
    (Act.FLAG, Status.PUBLISHED): MEMBERS - AUTHOR,
    (Act.COLLECT, Status.PUBLISHED): CURATOR | {"trainer"},
    (Act.FILE, Status.PUBLISHED): CURATOR,
}


@pytest.mark.parametrize("status", STATUSES)
def test_who_may_do_what_to_a_members_note(make, people, status):
    entry = set_status(make.note(by=people["author"]), status)
    for act in (act for act in Act if act is not Act.READ):
        allowed = {who for who, viewer in people.items() if policy.may(viewer, act, entry)}
        assert allowed == OF_A_MEMBER.get((act, status), set()), act


@pytest.mark.parametrize("status", STATUSES)
def test_who_may_do_what_to_a_note_of_a_circle(make, people, circle, status):
    entry = set_status(make.note(by=people["author"], circle=circle), status)
    for act in (act for act in Act if act is not Act.READ):
        allowed = {who for who, viewer in people.items() if policy.may(viewer, act, entry)}
        outside = OF_A_MEMBER.get((act, status), set())
        inside = outside & INSIDE - MODERATORS
        if outside & MODERATORS and not outside & {"member"}:
            inside |= {"host"}
        if "member" in outside:
            inside |= INSIDE & outside
        if act is Act.COLLECT:
            inside = INSIDE & outside
        if act is Act.FILE:
            inside = set()
        assert allowed == inside, act


@pytest.mark.parametrize("act", [Act.REVISE, Act.RESTORE])
def test_curators_keep_the_texts_of_the_editors(make, people, act):
    entry = make.note()
    entry.author_id, entry.written_by = None, "editors"
    assert {who for who, viewer in people.items() if policy.may(viewer, act, entry)} == CURATOR


def test_a_collection_is_edited_by_its_author_and_by_curators_and_is_put_into_no_other(
    make, people
):
    entry = collection(make, by=people["trainer"])
    for act, allowed in ((Act.REVISE, CURATOR | {"trainer"}), (Act.COLLECT, set())):
        assert {who for who, one in people.items() if policy.may(one, act, entry)} == allowed, act
    inner = collection(make, by=people["trainer"], visibility="members")
    assert policy.may(people["curator"], Act.REVISE, inner)


@pytest.mark.parametrize("act", list(Act))
def test_every_act_implies_reading(entries, people, act):
    for (who, viewer), entry in product(people.items(), entries.values()):
        if policy.may(viewer, act, entry):
            assert policy.may_read(viewer, entry), (who, act)


def test_the_system_may_do_everything(entries):
    assert all(policy.may(SYSTEM, act, entry) for act in Act for entry in entries.values())


def test_a_refusal_tells_of_the_entry_only_to_those_who_may_read_it(make, people):
    entry = make.note(by=people["author"], visibility="members")
    with pytest.raises(Forbidden):
        policy.require(people["member"], Act.REVISE, entry)
    with pytest.raises(NotFound):
        policy.require(VISITOR, Act.REVISE, entry)


@pytest.mark.parametrize("entry_id", [0, -1, 2**31, 10**30])
def test_ids_that_no_row_can_have_name_nothing(people, entry_id):
    with pytest.raises(NotFound):
        queries.get(people["admin"], entry_id)


@pytest.mark.parametrize("status", [AccountStatus.SUSPENDED, AccountStatus.UNCONFIRMED])
def test_the_name_of_somebody_who_cannot_sign_in_leads_to_no_profile_and_stays_in_exports(
    make, client, status
):
    author = make.user(name="Invented Suspect", handle="invented-suspect")
    note = make.note(by=author)
    path = f"/notes/{note.id}-invented"
    db.session.commit()
    assert 'href="/people/invented-suspect"' in client.get(path, follow_redirects=True).text
    author.status = status.value
    # What changes the account says so in an event; kept pages go by that.
    record(AccountSuspended(user_id=author.id, reason="Invented"), actor_id=None)
    page = client.get(path, follow_redirects=True)
    assert page.status_code == 200
    assert "Invented Suspect" in page.text
    assert "/people/invented-suspect" not in page.text
    assert policy.byline(VISITOR, note).handle is None
    assert policy.credited_to(note, author) == "invented-suspect"
