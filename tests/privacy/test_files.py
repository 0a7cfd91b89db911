"""A file tells nobody anything who may not read what it belongs to: neither its name, nor its words, nor itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import enclosing, operations
from cop.entries.draft import Enclosure, Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM
from cop.storage.documents import Vetted
from cop.workshops.draft import WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from tests import papers
from tests.privacy.reading import addresses, headers_and_body, pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from cop.entries.models import Entry

MARKER = "Qwyzzmarker"


@pytest.fixture
def workshop(make: Any) -> Callable[..., Entry]:
    """Return the function that publishes a workshop whose file says the marker in name, description and text."""
    trainer = make.viewer(make.user(grants=["trainer"]))

    def held(seen: str) -> Entry:
        kept = enclosing.keep(
            by=trainer, name=f"{MARKER}.docx", file=Vetted("docx", papers.docx(MARKER))
        )
        facts = WorkshopFacts(
            files=(Enclosure(kept.id, {"en": f"{MARKER} told"}, "cc-by", f"{MARKER} source"),)
        )
        draft = WorkshopDraft(
            (TextDraft(Lang.EN, "Invented", {}),), facts, Signature(Visibility(seen))
        )
        entry = publish_workshop(by=trainer, draft=draft)
        db.session.commit()
        return entry

    return held


def test_strangers_and_members_learn_nothing_of_files_they_may_not_read(
    app: Any, make: Any, run_jobs: Any, index: Any, workshop: Any
) -> None:
    reader = make.signed_in(app.test_client(), make.user())
    of_members, hidden = workshop("members"), workshop("public")
    trainers_own = make.viewer(make.user(grants=["trainer"]))
    enclosing.keep(by=trainers_own, name=f"{MARKER}.pdf", file=Vetted("pdf", papers.pdf(MARKER)))
    operations.hide(by=SYSTEM, entry_id=hidden.id, reason="Invented")
    run_jobs()
    index()
    visitor = app.test_client()
    near = ("/files/", "/images/", "/workshops", "/entries/", "/discussions/similar")
    for path, answer in pages(visitor, [one for one in addresses(app) if one.startswith(near)]):
        said = headers_and_body(answer) if "html" in answer.mimetype else str(answer.headers)
        assert MARKER not in said, path
    for word in (MARKER, f"{MARKER} told", "paragraph"):
        assert "<mark>" not in visitor.get(f"/search?q={word}").text
    assert "<mark>" in reader.get(f"/search?q={MARKER}").text
    for path in addresses(app):
        if path.startswith("/files/"):
            assert visitor.get(path).status_code in (404, 410)
    assert f"{MARKER}.docx" in reader.get(f"/workshops/{of_members.id}", follow_redirects=True).text
    for one in (visitor, reader):
        assert f"{MARKER}.docx" not in one.get(f"/workshops/{hidden.id}").text
