"""Where somebody wants to be told of what is coming is read by nobody but herself, whatever address is asked for."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.exchange.exporter import OPERATOR, export_to
from cop.people.viewer import VISITOR
from cop.workshops.nearby import choose_place
from tests.privacy.reading import addresses, headers_and_body, pages

PLACE = "Qwyzzland"
#: Pages about people and organisations, workshops with their lists, and the front page.
ABOUT = ("/people", "/organisations", "/workshops", "/account", "/admin", "/?", "/circles")


@pytest.fixture
def somebody(make):
    """Return somebody who tells all that can be told about her, and a place that terms know."""
    make.term("qwyzz", scheme="place", name=PLACE)
    user = make.user(name="Invented Homebody", handle="homebody")
    user.listed = user.opened = True
    user.about = "I live somewhere."
    make.note(by=user, title="A note of hers")
    db.session.commit()
    return user


def told(app, browser):
    """Return how often each page about people, and each that goes by a place, says this one."""
    paths = [one for one in addresses(app) if one.startswith(ABOUT)]
    return {path: headers_and_body(answer).count(PLACE) for path, answer in pages(browser, paths)}


def test_no_page_says_more_of_a_place_because_somebody_chose_it(app, make, somebody):
    browser = make.signed_in(app.test_client(), make.user(grants=["moderator", "admin", "curator"]))
    before = told(app, browser)
    choose_place(by=make.viewer(somebody), key="qwyzz")
    db.session.commit()
    after = told(app, browser)
    assert {path: number for path, number in after.items() if number != before.get(path, 0)} == {}
    assert len(after) > 10


def test_no_export_says_more_of_it_either(make, somebody, tmp_path):
    def exported(viewer, name):
        export_to(tmp_path / name, viewer=viewer)
        written = "\n".join(one.read_text() for one in (tmp_path / name).iterdir())
        return written.count(PLACE), written.count("qwyzz")

    before = exported(VISITOR, "a"), exported(OPERATOR, "b")
    choose_place(by=make.viewer(somebody), key="qwyzz")
    db.session.commit()
    assert (exported(VISITOR, "c"), exported(OPERATOR, "d")) == before
