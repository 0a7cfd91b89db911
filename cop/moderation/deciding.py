"""Deciding: claim a case, let it go, decide about the item and about who wrote it. Actor first, no commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Invalid
from cop.core.i18n import _l
from cop.entries import cases, commenting, holding, operations as entries, queries, reasons
from cop.entries.cases import Decided, Why
from cop.entries.models import Case, Comment, Decision, Entry, Status, Visibility
from cop.entries.reasons import Reason
from cop.events.record import record
from cop.moderation import events, policy, queue
from cop.people import queries as people, standing, suspensions
from cop.people.models import User
from cop.people.viewer import Viewer

#: For how many days somebody can be limited or suspended.
DAYS = (3, 7, 30, 90, 365)


_CIRCLE = Visibility.CIRCLE
_Item = tuple[Entry, Comment | None]


@dataclass(frozen=True)
class Verdict:
    """What a moderator decides: about the item, perhaps about who wrote it, and why."""

    item: str
    person: str = ""
    words: str = ""
    ready: str = ""
    days: int = 0


def options(entry: Entry, comment: Comment | None) -> list[Decided]:
    """Return what can be decided about an item as it is now, the mildest first."""
    if (comment or entry).status == Status.HELD:
        return [Decided.APPROVE, Decided.REFUSE]
    can = [Decided.KEEP, Decided.HIDE if comment is None else Decided.REMOVE]
    if entry.locked_at is None:
        can.append(Decided.LOCK)
    return can


def person_options(by: Viewer, case: Case, entry: Entry) -> list[Decided]:
    """Return what can be decided about who wrote it; limits and suspensions are for moderators alone.

    Nobody is limited or suspended for what is unnamed: everybody could see then who wrote it.
    """
    if case.author_id is None:
        return []
    if policy.is_masked_case(case, entry):
        return [Decided.WARN]
    if policy.person_of(case, entry) is None:
        return []
    if not policy.may_moderate(by) or not (case.passed_on or entry.visibility != _CIRCLE):
        return [Decided.WARN]
    return [Decided.WARN, Decided.LIMIT, Decided.SUSPEND]


def released_with(case: Case, entry: Entry) -> holding.Waiting:
    """Return what else appears when a held case is let through: all that waits under a newcomer's name."""
    user = policy.person_of(case, entry)
    if case.why != Why.HELD or user is None or standing.is_limited(user):
        return holding.Waiting()
    if entry.visibility == _CIRCLE:
        return holding.Waiting()
    if not standing.is_newcomer(user, people.grants_of(user.id)):
        return holding.Waiting()
    found = holding.waiting_of(user)
    return holding.Waiting(
        tuple(one for one in found.entries if case.comment_id or one.id != case.entry_id),
        tuple(pair for pair in found.comments if pair[0].id != case.comment_id),
    )


def claim(*, by: Viewer, case_id: int) -> Case:
    """Say that one is at work on a case; raise Conflict where somebody else is, or it is decided."""
    case = _open(by, case_id)
    case.claimed_by_id, case.claimed_at = by.id, clock.now()
    return case


def release(*, by: Viewer, case_id: int) -> Case:
    """Let a case go that one had claimed; done twice, it stays free."""
    case = queue.get(by, case_id, to_change=True)
    if case.claimed_by_id == by.id:
        case.claimed_by_id = case.claimed_at = None
    return case


def decide(*, by: Viewer, case_id: int, number: int, verdict: Verdict) -> Case:
    """Decide a case. `number` is the one the form was made for.

    Raises Conflict where somebody else decided or claimed it meanwhile, so that nothing is done twice.
    """
    case = _open(by, case_id, number)
    by = _acting(by, case)
    entry, comment = item_of(by, case)
    if verdict.item not in options(entry, comment):
        raise Invalid("item", _l("Please choose one of the options offered."))
    if verdict.person and verdict.person not in person_options(by, case, entry):
        raise Invalid("person", _l("Please choose one of the options offered."))
    if verdict.person in _TIMED and verdict.days not in DAYS:
        raise Invalid("days", _l("Please choose for how long."))
    why = _reason(verdict)
    _ABOUT_ITEMS[Decided(verdict.item)](by, case, (entry, comment), why)
    if verdict.person:
        _about_person(by, case, entry, comment, verdict, why)
    return case


def _reason(verdict: Verdict) -> Reason:
    """Return why; that something keeps to the rules needs no further words."""
    mild = verdict.item in _MILD and not verdict.person
    if mild and not (verdict.words.strip() or verdict.ready):
        return Reason(ready="fits")
    return reasons.checked(verdict.words, verdict.ready)


def item_of(by: Viewer, case: Case) -> tuple[Entry, Comment | None]:
    """Return what a case is about."""
    if case.comment_id is None:
        return queries.get(by, case.entry_id), None
    return commenting.get_comment(by, case.comment_id)


def _acting(by: Viewer, case: Case) -> Viewer:
    return policy.acting(by, case, db.session.get_one(Entry, case.entry_id))


def _open(by: Viewer, case_id: int, number: int | None = None) -> Case:
    found = queue.get(by, case_id)
    holding.take_in_order(found.author_id, [found.entry_id])
    case = queue.get(by, case_id, to_change=True)
    if case.decided_at is not None or number not in (None, case.number):
        raise Conflict(_decided_by(case))
    claimed = queue.claimant(case)
    if claimed is not None and claimed != by.id:
        name = queue.names_of({claimed}).get(claimed, "")
        raise Conflict(_l("%(name)s is at work on this. Nothing was done.", name=name))
    return case


def _decided_by(case: Case) -> Any:
    """Return the sentence that says who was faster."""
    last = db.session.scalar(
        select(Decision)
        .where(
            Decision.entry_id == case.entry_id,
            Decision.comment_id.is_not_distinct_from(case.comment_id),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )
    by = queue.names_of({last.by_id}) if last is not None and last.by_id else {}
    if not by:
        return _l("This is settled already. Nothing was done.")
    return _l(
        "%(name)s has decided this meanwhile. Nothing was done.", name=next(iter(by.values()))
    )


def _keep(by: Viewer, case: Case, item: _Item, why: Reason) -> None:
    entry, comment = item
    cases.settle(by=by, act=Decided.KEEP, reason=why, entry=entry, comment=comment, only=case)
    kept = events.ItemKept(
        entry_id=entry.id,
        comment_id=comment.id if comment else None,
        reason=why.words,
        ready=why.ready,
    )
    record(kept, actor_id=by.id)


def _approve(by: Viewer, case: Case, item: _Item, why: Reason) -> None:
    entry, comment = item
    author_id = comment.author_id if comment else entry.author_id
    if comment is None:
        holding.approve(by=by, entry_id=entry.id, reason=why.words, ready=why.ready)
    else:
        holding.approve_comment(by=by, comment_id=comment.id, reason=why.words, ready=why.ready)
    # What is unnamed is let through by itself: trust, and what appears with it, would tell who wrote it.
    # Whom the whole site trusts is not for the hosts of a circle to say.
    named = author_id is not None and not policy.is_masked(entry, author_id, comment)
    if named and entry.visibility != _CIRCLE:
        holding.trust(db.session.get_one(User, author_id), by=by, why=why)


def _refuse(by: Viewer, case: Case, item: _Item, why: Reason) -> None:
    entry, comment = item
    if comment is None:
        holding.refuse(by=by, entry_id=entry.id, reason=why.words, ready=why.ready)
    else:
        holding.refuse_comment(by=by, comment_id=comment.id, reason=why.words, ready=why.ready)


def _hide(by: Viewer, case: Case, item: _Item, why: Reason) -> None:
    entry, _comment = item
    entries.hide(by=by, entry_id=entry.id, reason=why.words, ready=why.ready)


def _remove(by: Viewer, case: Case, item: _Item, why: Reason) -> None:
    _entry, comment = item
    assert comment is not None, "only comments are removed"  # noqa: S101
    commenting.remove_comment(by=by, comment_id=comment.id, reason=why.words, ready=why.ready)


def _lock(by: Viewer, case: Case, item: _Item, why: Reason) -> None:
    entry, comment = item
    commenting.lock(by=by, entry_id=entry.id, reason=why.words, ready=why.ready)
    cases.settle(by=by, act=Decided.KEEP, reason=why, entry=entry, comment=comment, only=case)


_About = Callable[[Viewer, Case, _Item, Reason], None]
_ABOUT_ITEMS: Mapping[Decided, _About] = {
    Decided.APPROVE: _approve,
    Decided.REFUSE: _refuse,
    Decided.KEEP: _keep,
    Decided.HIDE: _hide,
    Decided.REMOVE: _remove,
    Decided.LOCK: _lock,
}
#: What needs no reason of its own.
_MILD = frozenset({Decided.KEEP.value, Decided.APPROVE.value})
_TIMED = frozenset({Decided.LIMIT.value, Decided.SUSPEND.value})


def _about_person(
    by: Viewer, case: Case, entry: Entry, comment: Comment | None, verdict: Verdict, why: Reason
) -> None:
    until = clock.now() + timedelta(days=verdict.days) if verdict.person in _TIMED else None
    user = db.session.get_one(User, case.author_id)
    if verdict.person == Decided.WARN:
        warned = events.AuthorWarned(
            entry_id=entry.id,
            comment_id=comment.id if comment else None,
            user_id=user.id,
            reason=why.words,
            ready=why.ready,
        )
        record(warned, actor_id=by.id)
    elif verdict.person == Decided.LIMIT and until is not None:
        standing.limit_until(user, until, by=by, reason=why.words, ready=why.ready)
    else:
        suspensions.suspend(by=by, user_id=user.id, reason=why.words, ready=why.ready, until=until)
    cases.tell(
        by=by,
        act=Decided(verdict.person),
        reason=why,
        user_id=user.id,
        entry=entry,
        comment=comment,
        until=until,
    )
