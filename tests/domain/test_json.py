"""What a JSON column holds: Han characters as themselves, and everything else that can be typed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import cast, select
from sqlalchemy.types import Text as LongText

from cop.core import clock
from cop.core.db import db, to_json
from cop.events.models import Event


@pytest.mark.parametrize(
    "said", ["开放空间", "plain", "𠮷野家", 'a "quote" \\ and a line\n', "half \ud800"]
)
def test_whatever_is_kept_in_json_comes_back(db_session: Any, said: str) -> None:
    if "\ud800" in said and "postgresql" in str(db.session.connection().engine.url):
        pytest.skip("PostgreSQL refuses half of a pair; typed text has none, because it is cleaned")
    row = Event(at=clock.now(), verb="Invented", data={"said": said})
    db.session.add(row)
    db.session.commit()
    db.session.expire_all()
    assert db.session.scalars(select(Event.data).where(Event.id == row.id)).one() == {"said": said}


def test_han_characters_are_kept_as_themselves(db_session: Any) -> None:
    db.session.add(Event(at=clock.now(), verb="Invented", data={"said": "开放空间"}))
    db.session.flush()
    kept = select(cast(Event.data, LongText)).where(Event.verb == "Invented")
    assert "开放空间" in str(db.session.scalar(kept))
    assert to_json({"said": "开放空间"}) == '{"said":"开放空间"}'
