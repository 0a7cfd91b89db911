"""The field of a form that asks who can read an entry: everyone, members, or a circle of the author's."""

from collections.abc import Mapping
from typing import Any

from flask import request
from markupsafe import Markup
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _, _l
from cop.entries.models import Entry, Visibility
from cop.people import belonging
from cop.people.sessions import current_viewer

_PREFIX = "circle-"


class ReadersField(RadioField):  # type: ignore[misc]
    """Who can read it; offers the circles of who is looking. `meant` says what was chosen."""

    choices: list[SelectChoice]
    data: str | None

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        """Offer the circles of who is looking."""
        super().__init__(
            label or _l("Who can read it"),
            choices=[
                SelectChoice(Visibility.PUBLIC.value, _l("Everyone")),
                SelectChoice(Visibility.MEMBERS.value, _l("Members")),
            ],
            default=Visibility.MEMBERS.value,
            **kwargs,
        )
        self._opens = False
        self._circles = {
            value_of(number): name for number, name in belonging.names_of(current_viewer().circles)
        }
        self.choices = [*self.choices, *(SelectChoice(*one) for one in self._circles.items())]

    def keep(self, entry: Entry) -> None:
        """Let the circle that an entry is of be chosen on, and stay where nothing else is chosen."""
        if entry.visibility != Visibility.CIRCLE or entry.circle_id is None:
            return
        self._opens = True
        value = value_of(entry.circle_id)
        if value not in self._circles:
            self._circles[value] = Markup.escape(_("The circle it was posted in"))
            self.choices = [*self.choices, SelectChoice(value, self._circles[value])]
        if not self.raw_data and self.data == Visibility.MEMBERS.value:
            self.data = value

    @property
    def meant(self) -> tuple[Visibility, int | None]:
        """Who is to read it, and which circle, where it is one; never more than was chosen."""
        chosen = self.data or ""
        if chosen.startswith(_PREFIX):
            digits = chosen.removeprefix(_PREFIX)
            known = digits.isascii() and digits.isdigit() and len(digits) < 10
            return Visibility.CIRCLE, int(digits) if known else None
        if chosen == Visibility.PUBLIC.value:
            return Visibility.PUBLIC, None
        return Visibility.MEMBERS, None

    @property
    def hint(self) -> str:
        """What opening something of a circle means, where it could be opened."""
        if not self._opens:
            return ""
        return _(
            "You may open it to others. What was said about it in the circle stays there, and earlier versions are "
            "emptied. It cannot go back."
        )

    @property
    def details(self) -> Mapping[str, str]:
        """A sentence for each circle that is offered."""
        return dict.fromkeys(self._circles, _("Only this circle."))

    @property
    def icons(self) -> Mapping[str, str]:
        """The icon of each circle that is offered."""
        return dict.fromkeys(self._circles, "lock")


def readers_of_request(about: Entry | None = None) -> dict[str, str]:
    """Return who a new entry is for: the circle the address names, else the one that what it is about is of."""
    number = request.args.get("circle", type=int)
    if number is None and about is not None and about.visibility == Visibility.CIRCLE:
        number = about.circle_id
    joined = number is not None and number in current_viewer().circles
    return {"visibility": value_of(number)} if joined and number is not None else {}


def value_of(circle_id: int) -> str:
    """Return what the field holds for a circle."""
    return f"{_PREFIX}{circle_id}"


def chosen_of(entry: Entry) -> str:
    """Return what the field holds for an entry as it is."""
    if entry.visibility == Visibility.CIRCLE and entry.circle_id is not None:
        return value_of(entry.circle_id)
    return entry.visibility
