"""What those are told who prepare a workshop, are asked to, or came: in words, and where that leads."""

from cop.core.i18n import _
from cop.entries import policy
from cop.entries.models import Entry, NameMask
from cop.events.models import Event
from cop.notifications.models import Because
from cop.people.models import User
from cop.people.viewer import Viewer

#: What is told of workshops, each to one person: `user_id` of the event.
VERBS = (
    "CoTrainerInvited",
    "CoTrainerAccepted",
    "CoTrainerDeclined",
    "CoTrainerLeft",
    "CoTrainerRemoved",
    "WorkshopOffered",
    "WorkshopHandedOver",
    "FollowUpDue",
    "CameToWorkshop",
    "WorkshopCircleOpened",
    "DraftShared",
    "DraftRemarked",
    "DraftWanted",
)
#: What is told to somebody because she came.
_CAME = ("CameToWorkshop", "WorkshopCircleOpened", "DraftRemarked", "DraftWanted")


def said(viewer: Viewer, event: Event, entry: Entry, who: User | None) -> str:
    """Return what happened, with the name of who did it as this reader may know it."""
    name = _name(viewer, event, entry, who)
    sentences = {
        "CoTrainerInvited": _("%(name)s asks you to prepare this workshop together.", name=name),
        "CoTrainerAccepted": _("%(name)s prepares this workshop with you now.", name=name),
        "CoTrainerDeclined": _("%(name)s has declined to prepare this workshop.", name=name),
        "CoTrainerLeft": _("%(name)s prepares this workshop no longer.", name=name),
        "CoTrainerRemoved": _("You prepare this workshop no longer: its author ended that."),
        "WorkshopOffered": _("%(name)s asks you to lead this workshop from now on.", name=name),
        "FollowUpDue": _("It is time to say what came of this workshop."),
        "WorkshopCircleOpened": _("The workshop has a circle now. You are asked to come in."),
        "DraftShared": _("%(name)s lets you read a draft.", name=name),
        "DraftRemarked": _("%(name)s mentions you in a remark on a shared draft.", name=name)
        if event.data.get("mentions")
        else _("%(name)s said something about a shared draft.", name=name),
        "DraftWanted": _("%(name)s asks you to publish your draft.", name=name),
        "CameToWorkshop": _("How was it? Three questions, to be answered without your name."),
        "WorkshopHandedOver": _("%(name)s leads this workshop now.", name=name),
    }
    return sentences.get(event.verb, "")


def href_of(event: Event, entry: Entry) -> str:
    """Return where one answers what is told."""
    if event.verb == "CoTrainerRemoved":
        return f"/workshops/{entry.id}"
    of_date = {"FollowUpDue": "follow-up", "CameToWorkshop": "evaluation"}
    if event.verb in of_date:
        return f"/workshops/{entry.id}/dates/{event.data['number']}/{of_date[event.verb]}"
    if "draft_id" in event.data:
        return f"/workshops/{entry.id}/participants/drafts/{event.data['draft_id']}"
    if event.verb == "WorkshopCircleOpened":
        return f"/workshops/{entry.id}/participants/"
    return f"/workshops/{entry.id}/trainers/"


def because_of(event: Event) -> Because:
    """Return why somebody is told: she prepares the workshop or is asked to, or she came."""
    return Because.CAME if event.verb in _CAME else Because.TRAINS


def _name(viewer: Viewer, event: Event, entry: Entry, who: User | None) -> str:
    """Return the author's name as the workshop shows it; who answers her acts under her own."""
    if entry.name_mask == NameMask.UNNAMED and event.actor_id == entry.author_id:
        return policy.byline_of(viewer, entry, who).name
    return policy.name_of(who)
