"""What was decided or said about something of somebody's, in words."""

from collections.abc import Mapping
from typing import Any

from cop.core.i18n import _, _l
from cop.entries import deciders
from cop.entries.models import Entry
from cop.entries.reasons import said
from cop.events.models import Event


def by_hosts(events: Mapping[int, Event], entries: Mapping[int, Entry]) -> frozenset[int]:
    """Return those of the events in which a host decided about something of her circle."""
    return deciders.by_hosts(
        {
            event.id: (event.actor_id, entry)
            for event in events.values()
            if (entry := entries.get(event.entry_id or 0)) is not None
        }
    )


#: What a moderator decided about what somebody wrote, and what became of a proposal.
_DECIDED: Mapping[str, Any] = {
    "EntryHidden": _l("A moderator has hidden this."),
    "EntryUnhidden": _l("A moderator shows this again."),
    "EntryLocked": _l("A moderator has locked this, so that nothing can be added."),
    "EntryUnlocked": _l("A moderator has opened this for comments again."),
    "EntryApproved": _l("A moderator has let this through: others can read it now."),
    "CommentApproved": _l("A moderator has let your comment through: others can read it now."),
    "CommentRefused": _l("A moderator did not let your comment through."),
    "AuthorWarned": _l("A moderator asks you to change something about this."),
    "CommentRemoved": _l("A moderator has removed your comment."),
    "ImageRemoved": _l("A moderator removed an image from this."),
    "FileRemoved": _l("A moderator removed a file from this."),
    "CommentShown": _l("A moderator shows your comment again."),
    "DiscussionMerged": _l("A moderator has joined this with another discussion."),
    "RepliesReceived": _l("A moderator has moved replies of yours here."),
    "ProposalRemarked": _l("Something was said about a proposal you take part in."),
    "WordsTakenUp": _l("This page took up words of yours, and says where they come from."),
    "accepted": _l("A curator has accepted what you proposed: it is published."),
    "amended": _l("A curator has published what you proposed, with changes."),
    "declined": _l("A curator has declined what you proposed."),
}
#: The same where a host of its circle did.
_BY_HOST: Mapping[str, Any] = {
    "EntryHidden": _l("A host of the circle has hidden this."),
    "EntryUnhidden": _l("A host of the circle shows this again."),
    "EntryLocked": _l("A host of the circle has locked this, so that nothing can be added."),
    "EntryUnlocked": _l("A host of the circle has opened this for comments again."),
    "EntryApproved": _l("A host of the circle has let this through: others can read it now."),
    "CommentApproved": _l(
        "A host of the circle has let your comment through: others can read it now."
    ),
    "CommentRefused": _l("A host of the circle did not let your comment through."),
    "AuthorWarned": _l("A host of the circle asks you to change something about this."),
    "CommentRemoved": _l("A host of the circle has removed your comment."),
    "ImageRemoved": _l("A host of the circle removed an image from this."),
    "FileRemoved": _l("A host of the circle removed a file from this."),
    "CommentShown": _l("A host of the circle shows your comment again."),
    "DiscussionMerged": _l("A host of the circle has joined this with another discussion."),
    "RepliesReceived": _l("A host of the circle has moved replies of yours here."),
}


def decided(event: Event, *, by_host: bool = False) -> str:
    """Return what a moderator, or a host of its circle, decided about what somebody wrote, and the reason given."""
    sentences = {**_DECIDED, **_BY_HOST} if by_host else _DECIDED
    decision = str(sentences.get(event.verb) or sentences.get(event.data.get("state", ""), ""))
    reason = said(event.data.get("ready", ""), event.data.get("reason", ""))
    if not reason:
        return decision
    # Translators: what a moderator decided, then the reason.
    return _("%(decision)s Reason: %(reason)s", decision=decision, reason=reason)


def edited(event: Event | None) -> str:
    """Return what became of a page that somebody watches, and the reason of who judged it."""
    if event is None or event.verb != "PracticeGraded":
        return _("This page says something else now. Its history shows what.")
    judged = _("A curator has judged this page anew.")
    reason = event.data.get("reason", "")
    return (
        _("%(decision)s Reason: %(reason)s", decision=judged, reason=reason) if reason else judged
    )
