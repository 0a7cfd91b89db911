"""What is cited at the steps of practice pages goes through files and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.models import Entry
from cop.people.viewer import VISITOR
from cop.practices import evidence
from cop.practices.models import Practice
from cop.terms.vocabulary import vocabulary
from tests.domain.exchange.test_round_trip import again, files_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.usefixtures("starter")
def test_what_is_cited_at_a_step_survives_a_round_trip(tmp_path: Path, make):
    term = vocabulary().by_key["first-in-command"]
    page = db.session.query(Practice).filter_by(term_id=term.id).one()
    note = db.session.query(Entry).filter_by(kind="note").order_by(Entry.id).first()
    curator = make.member("curator")
    done = evidence.attach(
        by=curator, entry_id=page.entry_id, note_id=note.id, at="how 2", reason="x", lang=Lang.EN
    )
    assert done
    db.session.commit()
    again(tmp_path, VISITOR)
    told = files_in(tmp_path / "one")["practices.yaml"].decode()
    assert "how 2" in told.split("evidence:")[1][:200]
