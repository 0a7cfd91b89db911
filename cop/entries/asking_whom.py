"""Names typed after "@" by somebody whose browser offers none: who is meant is asked, never guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cop.core.text import is_cjk
from cop.entries.operations import SECTION_LIMIT
from cop.entries.picking import Offer, person
from cop.markup.mentions import is_one
from cop.people import finding
from cop.people.viewer import Viewer

#: Names one form asks about; more are text.
_MOST = 10
#: Names looked at for those.
_LOOKED_AT = 30
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
    for name in _names(texts):
        typed, people = finding.called(viewer, _beginnings(name))
        if people:
            found.setdefault(typed, Question(typed, [person(one) for one in people]))
        if len(found) == _MOST:
            break
    return list(found.values())


def _names(texts: Sequence[str]) -> list[str]:
    """Return what stands after an "@" in these texts, each once, as far as it is looked at.

    A text longer than any that is taken is refused for that, and not looked at.
    """
    found: dict[str, None] = {}
    for text in texts:
        for match in _TYPED.finditer(text) if len(text) <= SECTION_LIMIT else ():
            found[match["name"]] = None
            if len(found) == _LOOKED_AT:
                return list(found)
    return list(found)


def _beginnings(name: str) -> list[str]:
    """Return what of the letters after an "@" may be the name, the longest first: in Chinese any beginning."""
    shortest = 1 if is_cjk(name[0]) else len(name)
    return [name[:end] for end in range(len(name), shortest - 1, -1)]


def put_in(text: str, meant: Mapping[str, str]) -> str:
    """Return a text with those mentions in the place of the names they were chosen for.

    What is sent as chosen may be anything: only what is one mention and nothing else is put in, and never into
    what was put in before.
    """
    if not meant or len(text) > SECTION_LIMIT:
        return text

    def said(found: re.Match[str]) -> str:
        name = found["name"]
        typed = next((one for one in _beginnings(name) if one in meant), "")
        if not is_one(meant.get(typed, "")):
            return found[0]
        return meant[typed] + name[len(typed) :]

    return _TYPED.sub(said, text)
