"""What a collection holds, on paper: names, reasons and addresses; the words of its entries are not in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cop.collections.draft import CollectionFacts
from cop.collections.operations import KIND
from cop.core.i18n import pick
from cop.entries.cards import headings
from cop.entries.collecting import inside_many
from cop.entries.kinds import KINDS
from cop.entries.models import Entry
from cop.handouts.gathering import Gathered
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Inside:
    """An entry of a collection, and why it is in it."""

    kind: str
    title: str
    lang: str
    reason: str
    reason_lang: str
    #: Its short address.
    address: str


def insides(eyes: Viewer, found: Gathered, base: str) -> dict[int, Sequence[Inside]]:
    """Return what the linked collections hold for these eyes, each in its order, in the language of the moment.

    As many statements for many collections as for one. What these eyes do not meet in lists leaves no gap.
    """
    collections = [one for one in found.linked if one.kind == KIND]
    held = inside_many(eyes, [one.id for one in collections])
    every = list({one.id: one for entries in held.values() for one in entries}.values())
    named = dict(zip([one.id for one in every], headings(every), strict=True))
    made: dict[int, Sequence[Inside]] = {}
    for collection in collections:
        reasons = _facts(found, collection).reasons
        rows = []
        for one in held.get(collection.id, ()):
            reason, lang = pick(reasons.get(one.key, {}))
            rows.append(
                Inside(
                    kind=str(KINDS[one.kind].label),
                    title=named[one.id].title,
                    lang=named[one.id].lang,
                    reason=reason,
                    reason_lang=lang.value,
                    address=f"{base}/entries/{one.id}",
                )
            )
        made[collection.id] = rows
    return made


def _facts(found: Gathered, collection: Entry) -> CollectionFacts:
    """Return what it holds: the newest revision of any text tells the facts as they are now."""
    told = [one for (entry_id, _lang), one in found.revisions.items() if entry_id == collection.id]
    newest = max(told, key=lambda one: one.id, default=None)
    return CollectionFacts.from_json(newest.facts if newest else {})
