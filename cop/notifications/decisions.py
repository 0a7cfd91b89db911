"""What was decided or said about something of somebody's, in words."""

from collections.abc import Mapping

from cop.core.i18n import _
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


def decided(event: Event, *, by_host: bool = False) -> str:
    """Return what a moderator, or a host of its circle, decided about what somebody wrote, and the reason given."""
    of_hosts = {
        "EntryHidden": _("A host of the circle has hidden this."),
        "EntryUnhidden": _("A host of the circle shows this again."),
        "EntryLocked": _("A host of the circle has locked this, so that nothing can be added."),
        "EntryUnlocked": _("A host of the circle has opened this for comments again."),
        "EntryApproved": _("A host of the circle has let this through: others can read it now."),
        "CommentApproved": _(
            "A host of the circle has let your comment through: others can read it now."
        ),
        "CommentRefused": _("A host of the circle did not let your comment through."),
        "AuthorWarned": _("A host of the circle asks you to change something about this."),
        "CommentRemoved": _("A host of the circle has removed your comment."),
        "ImageRemoved": _("A host of the circle removed an image from this."),
        "FileRemoved": _("A host of the circle removed a file from this."),
        "CommentShown": _("A host of the circle shows your comment again."),
        "DiscussionMerged": _("A host of the circle has joined this with another discussion."),
        "RepliesReceived": _("A host of the circle has moved replies of yours here."),
    }
    sentences = {
        "EntryHidden": _("A moderator has hidden this."),
        "EntryUnhidden": _("A moderator shows this again."),
        "EntryLocked": _("A moderator has locked this, so that nothing can be added."),
        "EntryUnlocked": _("A moderator has opened this for comments again."),
        "EntryApproved": _("A moderator has let this through: others can read it now."),
        "CommentApproved": _("A moderator has let your comment through: others can read it now."),
        "CommentRefused": _("A moderator did not let your comment through."),
        "AuthorWarned": _("A moderator asks you to change something about this."),
        "CommentRemoved": _("A moderator has removed your comment."),
        "ImageRemoved": _("A moderator removed an image from this."),
        "FileRemoved": _("A moderator removed a file from this."),
        "CommentShown": _("A moderator shows your comment again."),
        "DiscussionMerged": _("A moderator has joined this with another discussion."),
        "RepliesReceived": _("A moderator has moved replies of yours here."),
        "ProposalRemarked": _("Something was said about a proposal you take part in."),
        "WordsTakenUp": _("This page took up words of yours, and says where they come from."),
        "accepted": _("A curator has accepted what you proposed: it is published."),
        "amended": _("A curator has published what you proposed, with changes."),
        "declined": _("A curator has declined what you proposed."),
    }
    sentences |= of_hosts if by_host else {}
    decision = sentences.get(event.verb) or sentences.get(event.data.get("state", ""), "")
    reason = said(event.data.get("ready", ""), event.data.get("reason", ""))
    if not reason:
        return decision
    # Translators: what a moderator decided, then the reason.
    return _("%(decision)s Reason: %(reason)s", decision=decision, reason=reason)
