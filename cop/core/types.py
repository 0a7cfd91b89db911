"""Types that columns and dataclasses share."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Json: TypeAlias = dict[str, Any]
#: A text by language tag (`zh-Hans`, `en`); it may hold one language only.
Texts: TypeAlias = dict[str, str]


class Lang(StrEnum):
    """A language texts are written and read in, as its BCP 47 tag for storage and HTML."""

    ZH = "zh-Hans"
    EN = "en"

    @property
    def tag(self) -> str:
        """The short tag of URLs, files, commands and JSON: `zh` or `en`."""
        return "zh" if self is Lang.ZH else "en"

    @property
    def other(self) -> "Lang":
        """The other of the two languages."""
        return Lang.EN if self is Lang.ZH else Lang.ZH

    @classmethod
    def of_tag(cls, tag: str) -> "Lang | None":
        """Return the language of a short or storage tag, or None if there is none."""
        return {"zh": cls.ZH, "zh-Hans": cls.ZH, "en": cls.EN}.get(tag)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; a naive one is refused so that no local time slips in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC before storing."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a naive datetime cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware datetime whatever the database kept."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
