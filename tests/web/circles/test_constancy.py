"""Pages of circles ask the database as often for twenty rows as for one; others ask no more because of circles."""

from __future__ import annotations

from cop.circles import entering, operations as circles
from cop.people.models import Joining
from tests.counting import assert_all_constant, statements_of


def test_pages_of_circles_ask_the_same_however_much_is_in_them(make, desk):
    host = make.user()
    circle = make.circle(by=host, joining="request")
    client = desk(host)
    term = make.term()

    def grow(number: int) -> None:
        for _ in range(number):
            user, asker = make.user(), make.user()
            circles.admit(circle, user.id, by=make.viewer(user), how=Joining.REQUEST)
            entering.ask(by=make.viewer(asker), circle_id=circle.id, words="")
            entering.invite(by=make.viewer(host), circle_id=circle.id, note="", uses=1, days=1)
            make.note(by=user, circle=circle, strategies=[term])
            make.discussion(by=user, circle=circle, terms=[term])
            make.circle()
            make.circle(by=host)

    slug = client.get(f"/circles/{circle.id}").location
    pages = {
        "circle": slug,
        "circles": "/circles/",
        "circle members": f"/circles/{circle.id}/members/",
        "circle requests": f"/circles/{circle.id}/requests/",
        "circle invitations": f"/circles/{circle.id}/invitations/",
    }
    assert_all_constant([(client, url, name) for name, url in pages.items()], grow=grow)


def test_being_in_circles_costs_a_page_no_statement_of_its_own(make, desk):
    make.note()
    outside, inside = make.user(), make.user()
    make.circle(members=[inside])
    make.circle(members=[inside])
    asked = [len(statements_of(desk(user), "/notes/")) for user in (outside, inside)]
    assert asked[0] == asked[1]
