"""The forms of dates: when and where, and why one is called off."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from cop.core.errors import Invalid
from cop.core.i18n import _l, current_lang
from cop.people.forms import ZoneSelect
from cop.terms.vocabulary import vocabulary
from cop.web.forms import SentOnce, number_of
from cop.workshops.agenda import hours
from cop.workshops.draft import WorkshopFacts
from cop.workshops.rows_form import whole
from cop.workshops.session_models import Spoken, WorkshopSession
from cop.workshops.session_times import day_told, last_day_of, time_told
from cop.workshops.sessions import SessionDraft

T = TypeVar("T")


class SessionForm(SentOnce):
    """A date as typed; `draft` is what it says."""

    day = StringField(_l("Day"))
    starts = StringField(_l("Begins at"))
    ends = StringField(_l("Ends at"))
    last_day = StringField(_l("Last day"))
    timezone = StringField(_l("Time zone of the place"), widget=ZoneSelect())
    place = SelectField(_l("Place"), choices=[], validate_choice=False)
    venue = StringField(_l("Where people meet"))
    online = BooleanField(_l("One can take part online"))
    link = StringField(_l("Link for taking part"))
    spoken = RadioField(
        _l("Given in"),
        choices=[
            SelectChoice(Spoken.ZH.value, _l("Chinese")),
            SelectChoice(Spoken.EN.value, _l("English")),
            SelectChoice(Spoken.BOTH.value, _l("Both languages")),
        ],
    )
    takes_sign_ups = BooleanField(_l("People sign up here"))
    seats = StringField(_l("Seats"))
    closes = StringField(_l("Last day to sign up"))
    #: Of an edit: the version it starts from.
    base = HiddenField()

    @property
    def base_number(self) -> int:
        """The version an edit starts from."""
        return number_of(self.base.data)

    def draft(self) -> SessionDraft | None:
        """Return what was typed; None where something is no day, time or number, which the form then says."""
        day = self._read("day", lambda typed: day_told(typed, "day"))
        starts = self._read("starts", lambda typed: time_told(typed, "starts"))
        ends = self._read("ends", lambda typed: time_told(typed, "ends"))
        last, closes = self._day_if_told("last_day"), self._day_if_told("closes")
        seats = whole(self.seats.data or "") if (self.seats.data or "").strip() else None
        if self.errors or day is None or starts is None or ends is None:
            return None
        spoken = self.spoken.data or ""
        return SessionDraft(
            starts=datetime.combine(day, starts),
            ends=datetime.combine(last or day, ends),
            timezone=self.timezone.data or "",
            place=self.place.data or "",
            venue=self.venue.data or "",
            online=bool(self.online.data),
            link=self.link.data or "",
            spoken=Spoken(spoken) if spoken in set(Spoken) else Spoken.BOTH,
            takes_sign_ups=bool(self.takes_sign_ups.data),
            seats=seats,
            closes_on=closes,
        )

    def _day_if_told(self, name: str) -> date | None:
        return self._read(name, lambda typed: day_told(typed, name)) if self[name].data else None

    def _read(self, name: str, read: Callable[[str], T]) -> T | None:
        try:
            return read(self[name].data or "")
        except Invalid as error:
            self.put_error(error.field, error.message)
            return None


class CallOffForm(SentOnce):
    """Calling a date off."""

    reason = StringField(_l("Why it does not take place"))


def values_of_new(zone: str, facts: WorkshopFacts) -> dict[str, Any]:
    """Return what the form of a new date begins with: what the workshop says of beginning, end and size."""
    starts, ends = hours(facts)
    return {
        "starts": f"{starts:%H:%M}" if starts else "",
        "ends": f"{ends:%H:%M}" if ends else "",
        "timezone": zone,
        "takes_sign_ups": True,
        "seats": str(facts.group_max or ""),
        "spoken": current_lang().value,
    }


def values_of(row: WorkshopSession) -> dict[str, Any]:
    """Return what the form shows of a date that exists."""
    place = vocabulary().by_id.get(row.place_id or 0)
    several = row.ends_local.date() != row.starts_local.date()
    closes = last_day_of(row.closes_at, row.timezone)
    return {
        "day": row.starts_local.date().isoformat(),
        "starts": f"{row.starts_local:%H:%M}",
        "ends": f"{row.ends_local:%H:%M}",
        "last_day": row.ends_local.date().isoformat() if several else "",
        "timezone": row.timezone,
        "place": place.key if place is not None else "",
        "venue": row.venue,
        "online": row.online,
        "link": row.link,
        "spoken": row.spoken,
        "takes_sign_ups": row.takes_sign_ups,
        "seats": str(row.seats or ""),
        "closes": closes.isoformat() if closes is not None else "",
        "base": str(row.version),
    }
