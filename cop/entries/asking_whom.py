"""Names typed after "@" by somebody whose browser offers none: who is meant is asked, never guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cop.core.text import is_cjk
from cop.entries.picking import Offer, person
from cop.markup.mentions import in_source
from cop.people import finding
from cop.people.viewer import Viewer

#: Names one form asks about; more are text.
_MOST = 10
#: Letters looked at after an "@"; in Chinese no space ends a name.
_LONGEST = 24
#: The sign itself, also as Chinese keyboards type it.
_AT = "@\uff20"
_ENDS = r"\s\[\](){}<>\"“”,!?:;" + "\uff0c\u3002\uff01\uff1f\uff1a\uff1b\u3001" + _AT
_TYPED = re.compile(rf"(?<![A-Za-z0-9._\\-])[{_AT}](?P<name>[^{_ENDS}]{{1,{_LONGEST}}})")


@dataclass(frozen=True)
class Question:
    """A name as it was typed, and whom it may mean."""

    typed: str
    people: Sequence[Offer]


def questions(viewer: Viewer, texts: Sequence[str]) -> list[Question]:
    """Return what to ask about these texts: each name once that stands for somebody who can be mentioned."""
    found: dict[str, Question] = {}
    for text in texts:
        for match in _TYPED.finditer(text):
            typed, people = _whom(viewer, match["name"])
            if people and len(found) < _MOST:
                found.setdefault(typed, Question(typed, people))
    return list(found.values())


def _whom(viewer: Viewer, name: str) -> tuple[str, list[Offer]]:
    """Return the longest beginning of what stands after an "@" that is somebody's name, and whose."""
    shortest = 1 if is_cjk(name[0]) else len(name)
    for end in range(len(name), shortest - 1, -1):
        people = finding.called(viewer, name[:end])
        if people:
            return name[:end], [person(one) for one in people]
    return name, []


def put_in(text: str, meant: Mapping[str, str]) -> str:
    """Return a text with those mentions in the place of the names they were chosen for."""
    for typed, source in meant.items():
        if typed and len(in_source(source)) == 1:
            text = source.join(re.split(rf"[{_AT}]{re.escape(typed)}", text))
    return text
