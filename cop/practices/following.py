"""What is told of a step follows it when steps are put in, taken out, moved or reworded.

Case notes cited at a step, and which steps are the editors' own, are facts that name steps by number. A page told in
two languages has one set of them: they follow the text that is edited first, and the other one catches up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from difflib import SequenceMatcher

from cop import markup
from cop.entries import queries
from cop.entries.draft import EDITORS, Cited
from cop.entries.models import Entry, Revision, Text
from cop.practices.draft import PLACES, STEPS, Attached, PracticeFacts
from cop.practices.steps import own_steps, steps, with_own_steps

#: Two texts that were published together are not ahead of each other.
_SOON = timedelta(minutes=1)
#: Steps that have less than this in common are two different steps.
_ALIKE = 0.6


def followed(
    entry: Entry, text: Text, current: Revision, sections: Mapping[str, str], facts: PracticeFacts
) -> PracticeFacts:
    """Return the facts of a page whose text becomes these sections, with each step named by its new number."""
    before, after = current.sections.get(STEPS, ""), sections.get(STEPS, "")
    if before == after or not _names_steps(facts):
        return facts
    old, new = _told(before), _told(after)
    if not old or _catches_up(entry, text, current, len(old), len(new)):
        return facts
    moved = _moved(old, new)
    return replace(
        facts,
        attached=tuple(dict.fromkeys(_attached(one, moved) for one in facts.attached)),
        sources=tuple(_sources(facts.sources, moved)),
    )


def _catches_up(entry: Entry, text: Text, current: Revision, old: int, new: int) -> bool:
    """Tell whether the other language went ahead, so that the facts name its steps already."""
    other = next((one for one in entry.texts if one.id != text.id), None)
    if other is None:
        return False
    ahead = queries.current(other)
    there = len(_told(ahead.sections.get(STEPS, "")))
    if there != old:
        return new == there
    return new == old and ahead.created_at > current.created_at + _SOON


def _names_steps(facts: PracticeFacts) -> bool:
    cited = [(one.key, one.at) for one in facts.sources]
    return bool(own_steps(cited)) or any(_number(one.at) for one in facts.attached)


def _number(at: str) -> int:
    """Return the number of the step that a place is; 0 for a section."""
    section, _space, number = at.partition(" ")
    return int(number) if section == STEPS and number.isdecimal() else 0


def _attached(one: Attached, moved: Mapping[int, int]) -> Attached:
    number = _number(one.at)
    if not number:
        return one
    at = f"{STEPS} {moved.get(number, 0)}"
    # Of a step that is gone the note stands at the end of the section.
    return replace(one, at=at if at in PLACES else STEPS)


def _sources(sources: Sequence[Cited], moved: Mapping[int, int]) -> list[Cited]:
    told = []
    for one in sources:
        own = own_steps([(one.key, one.at)]) if one.key == EDITORS else frozenset()
        if not own:
            told.append(one)
            continue
        at = with_own_steps(one.at, {moved[number] for number in own if number in moved})
        if at:
            told.append(replace(one, at=at))
    return told


def _told(source: str) -> list[str]:
    return [step.html.striptags() for step in steps(markup.render(source).html, ())]


def _moved(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return number before → number after of the steps that are still there: said alike, else in the same place."""
    found: dict[int, int] = {}
    left = list(range(len(new)))

    def pair(one: int, other: int) -> None:
        found[one + 1] = other + 1
        left.remove(other)

    for one, words in enumerate(old):
        same = next((other for other in left if new[other] == words), None)
        if same is not None:
            pair(one, same)
    reworded = [
        (ratio, -abs(one - other), one, other)
        for one, words in enumerate(old)
        if one + 1 not in found
        for other in left
        if (ratio := _alike(words, new[other])) >= _ALIKE
    ]
    for _ratio, _far, one, other in sorted(reworded, reverse=True):
        if one + 1 not in found and other in left:
            pair(one, other)
    if len(old) == len(new):
        for one in range(len(old)):
            if one + 1 not in found and one in left:
                pair(one, one)
    return found


def _alike(one: str, other: str) -> float:
    compared = SequenceMatcher(None, one, other, autojunk=False)
    # The first two say quickly that it cannot be more.
    if compared.real_quick_ratio() < _ALIKE or compared.quick_ratio() < _ALIKE:
        return 0.0
    return compared.ratio()
