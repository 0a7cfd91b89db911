"""What was decided or said about something of somebody's, in words."""

from cop.core.i18n import _
from cop.entries.reasons import said
from cop.events.models import Event


def decided(event: Event) -> str:
    """Return what a moderator decided about what somebody wrote, and the reason given."""
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
        "CommentShown": _("A moderator shows your comment again."),
        "DiscussionMerged": _("A moderator has joined this with another discussion."),
        "RepliesReceived": _("A moderator has moved replies of yours here."),
        "ProposalRemarked": _("Something was said about a proposal you take part in."),
        "accepted": _("A curator has accepted what you proposed: it is published."),
        "amended": _("A curator has published what you proposed, with changes."),
        "declined": _("A curator has declined what you proposed."),
    }
    decision = sentences.get(event.verb) or sentences.get(event.data.get("state", ""), "")
    reason = said(event.data.get("ready", ""), event.data.get("reason", ""))
    if not reason:
        return decision
    # Translators: what a moderator decided, then the reason.
    return _("%(decision)s Reason: %(reason)s", decision=decision, reason=reason)
