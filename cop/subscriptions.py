"""The page of consequences: what follows from each event, and which function does each job."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from cop.circles import closing, events as circles, exporting
from cop.core.db import db
from cop.discover import indexing, upkeep
from cop.discover.indexing import AUTHORS_JOB, INDEX_JOB, ORGANISATIONS_JOB, TERMS_JOB
from cop.discussions import events as discussions
from cop.entries import drafts, events as entries, file_words, tidying
from cop.entries.attaching import DISCARD_JOB, TIDY_JOB
from cop.entries.drafts import DRAFTS_JOB
from cop.events.record import Follow, subscribe
from cop.handouts import making, printing
from cop.jobs import queue, schedule
from cop.jobs.queue import QUEUED
from cop.jobs.schedule import next_morning, next_night
from cop.jobs.worker import Handler
from cop.mail import outbox
from cop.mail.outbox import MAIL_JOB, Maker
from cop.moderation import (
    events as moderation,
    letters as letters_of_moderators,
    queue as cases,
    views as moderating,
)
from cop.moderation.letters import LIFTED_JOB, LIMITED_JOB, SUSPENDED_JOB
from cop.notes import events as notes
from cop.notifications import circle_mails, digest, duties, letters, searching, telling
from cop.notifications.circle_mails import CIRCLES_JOB
from cop.notifications.digest import CLOCKS_JOB, DIGEST_JOB
from cop.notifications.duties import DUTIES_JOB
from cop.notifications.searching import SEARCHES_JOB
from cop.notifications.telling import LEFT_JOB, TELL_JOB
from cop.outside import looking
from cop.outside.events import AddressBroke
from cop.outside.naming import LOOK_JOB
from cop.people import events as people, mails, posting
from cop.people.mails import PASSWORD_NOTICE_JOB
from cop.people.operations import MAIL_JOB as ACCOUNT_MAIL_JOB
from cop.practices import events as practices, joining
from cop.proposals import events as proposals
from cop.suggestions import letters as letters_of_terms
from cop.takeout import events as takeouts, operations as takeout
from cop.terms.events import SuggestionDecided, VocabularyChanged
from cop.workshops import (
    events as workshops,
    following_up,
    forgetting,
    running_events as running,
    signing,
    team_events as teams,
)

_REINDEX = (Follow(INDEX_JOB),)
_REINDEX_AND_TELL = (*_REINDEX, Follow(TELL_JOB, each=True))

#: Event → the jobs that follow from it.
CONSEQUENCES: dict[type[Any], Sequence[Follow]] = {
    **dict.fromkeys(entries.CHANGES, _REINDEX),
    **dict.fromkeys(discussions.CHANGES, _REINDEX),
    **dict.fromkeys(practices.CHANGES, _REINDEX),
    **dict.fromkeys(discussions.TOLD, _REINDEX_AND_TELL),
    **dict.fromkeys(entries.TOLD, _REINDEX_AND_TELL),
    **dict.fromkeys(circles.TOLD, (Follow(CIRCLES_JOB, each=True),)),
    circles.CircleExportAsked: (Follow(exporting.EXPORT_JOB, once=False),),
    notes.NoteTriedAfter: (Follow(TELL_JOB, each=True),),
    moderation.AuthorWarned: (Follow(TELL_JOB, each=True),),
    entries.EntryHeld: (*_REINDEX, Follow(DUTIES_JOB, each=True)),
    **dict.fromkeys(
        (entries.CommentHeld, moderation.ItemFlagged), (Follow(DUTIES_JOB, each=True),)
    ),
    proposals.ProposalDecided: (Follow(TELL_JOB, each=True),),
    proposals.ProposalRemarked: (Follow(TELL_JOB, each=True),),
    proposals.WordsTakenUp: (Follow(TELL_JOB, each=True),),
    **dict.fromkeys(running.TOLD, (Follow(TELL_JOB, each=True),)),
    **dict.fromkeys(teams.TOLD, (Follow(TELL_JOB, each=True),)),
    teams.WorkshopHandedOver: _REINDEX_AND_TELL,
    AddressBroke: (Follow(TELL_JOB, each=True),),
    **dict.fromkeys(
        (entries.EntryWithdrawn, practices.PracticeGraded, practices.PageJoined), _REINDEX_AND_TELL
    ),
    SuggestionDecided: (Follow(letters_of_terms.SUGGESTED_JOB),),
    VocabularyChanged: (Follow(TERMS_JOB, once=False), Follow(joining.JOIN_JOB)),
    people.OrganisationsRenamed: (Follow(ORGANISATIONS_JOB, once=False),),
    **dict.fromkeys(workshops.TOLD, (Follow(TELL_JOB, each=True),)),
    people.AccountClosed: (
        Follow(signing.LEFT_JOB, once=False),
        Follow(DRAFTS_JOB, once=False),
        Follow(AUTHORS_JOB, once=False),
        Follow(LEFT_JOB, once=False),
        Follow(takeout.LEFT_JOB, once=False),
    ),
    takeouts.TakeoutAsked: (Follow(takeout.MAKE_JOB, once=False),),
    people.AccountSuspended: (Follow(SUSPENDED_JOB),),
    people.MemberLimited: (Follow(LIMITED_JOB),),
    people.SuspensionLifted: (Follow(LIFTED_JOB),),
    people.PreferencesChanged: (Follow(CLOCKS_JOB),),
    people.PasswordChanged: (Follow(PASSWORD_NOTICE_JOB),),
    people.PasswordReset: (Follow(PASSWORD_NOTICE_JOB),),
}

#: Job name → function.
HANDLERS: dict[str, Handler] = {
    INDEX_JOB: indexing.index_entries,
    AUTHORS_JOB: indexing.reindex_authors,
    DRAFTS_JOB: drafts.forget_drafts,
    joining.JOIN_JOB: joining.join_pages,
    ORGANISATIONS_JOB: indexing.reindex_organisations,
    TERMS_JOB: indexing.reindex_carriers,
    TELL_JOB: telling.tell,
    CIRCLES_JOB: circle_mails.tell,
    DUTIES_JOB: duties.tell,
    exporting.EXPORT_JOB: exporting.make,
    closing.FORGET_JOB: closing.forget,
    takeout.MAKE_JOB: takeout.make,
    takeout.LEFT_JOB: takeout.forget_of_people,
    takeout.FORGET_JOB: takeout.tidy,
    SEARCHES_JOB: searching.found_by_searches,
    following_up.DUE_JOB: following_up.tell_due,
    forgetting.FORGET_JOB: forgetting.forget,
    LEFT_JOB: telling.forget_of_people,
    signing.LEFT_JOB: signing.forget_people,
    DIGEST_JOB: digest.queue_digests,
    CLOCKS_JOB: digest.follow_clocks,
    MAIL_JOB: posting.deliver_mails,
    ACCOUNT_MAIL_JOB: mails.send_asked,
    PASSWORD_NOTICE_JOB: mails.send_password_notices,
    SUSPENDED_JOB: letters_of_moderators.send_suspended,
    LIMITED_JOB: letters_of_moderators.send_limited,
    LIFTED_JOB: letters_of_moderators.send_lifted,
    letters_of_terms.SUGGESTED_JOB: letters_of_terms.send_decided,
    LOOK_JOB: looking.look_at_addresses,
    DISCARD_JOB: tidying.discard_files,
    TIDY_JOB: tidying.tidy,
    file_words.READ_JOB: file_words.read_files,
    printing.PDF_JOB: making.make,
    printing.SWEEP_JOB: printing.sweep,
    upkeep.FORGET_JOB: upkeep.forget,
    upkeep.REPAIR_JOB: upkeep.repair,
}


#: Tries of jobs that depend on a mail server: with growing waits about two days, as mail servers do themselves.
PATIENT = {MAIL_JOB: 16}

#: Jobs taken a few at a time: a mail may wait half a minute for each answer of its server, and is sent twice
#: where the lease of its batch ends first; reading a file or making a booklet may take as long, and what one has
#: read is not read again because the next cannot be.
SMALL_BATCHES = {MAIL_JOB: 4, file_words.READ_JOB: 1, printing.PDF_JOB: 1, takeout.MAKE_JOB: 1}

#: Jobs that recur → when the next one is due.
RECURRING = {
    TIDY_JOB: next_night,
    printing.SWEEP_JOB: next_night,
    upkeep.FORGET_JOB: next_night,
    closing.FORGET_JOB: next_night,
    forgetting.FORGET_JOB: next_night,
    takeout.FORGET_JOB: next_night,
    upkeep.REPAIR_JOB: next_night,
    DIGEST_JOB: digest.next_run,
    following_up.DUE_JOB: next_morning,
    LOOK_JOB: looking.next_look,
}

#: What the key of a mail begins with → what writes it when it is sent.
MAKERS: dict[str, Maker] = {
    letters.TOLD: letters.written,
    digest.DIGEST: digest.written,
    circle_mails.CIRCLE: circle_mails.written,
    duties.DUTY: duties.written,
}


def install(app: Flask) -> None:
    """Make the consequences known, and let a commit that queued jobs wake the worker of this process."""
    subscribe(CONSEQUENCES)
    queue.PATIENT.update(PATIENT)
    queue.SMALL_BATCHES.update(SMALL_BATCHES)
    schedule.RECURRING.update(RECURRING)
    outbox.MAKERS.update(MAKERS)
    duties.COUNTING.of = cases.count
    duties.COUNTING.of_page = moderating.cases_behind_the_bell

    if not event.contains(db.session, "after_commit", wake_worker):
        event.listen(db.session, "after_commit", wake_worker)


def wake_worker(session: Session) -> None:
    """Tell the worker of this process that a commit queued work; its own commits mostly do not."""
    if session.info.pop(QUEUED, False):
        worker = current_app.extensions.get("worker")
        if worker is not None:
            worker.wake()
