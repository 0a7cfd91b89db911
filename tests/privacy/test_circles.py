"""Nothing of a circle reaches who is not in it: no page, search, mail, export or command, whoever asks."""

from __future__ import annotations

import pytest

from cop.circles import entering, operations as circles
from cop.cli.search import answer
from cop.core.db import db
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.entries import commenting, holding, operations
from cop.entries.models import Entry
from cop.exchange.exporter import export_to
from cop.moderation import flagging
from cop.people.viewer import SYSTEM, VISITOR
from tests.privacy.reading import addresses, headers_and_body, pages

MARKER = "Qwyzzmarker"


@pytest.fixture
def group(make):
    """Return the people of a hidden circle, every word of which and in which is marked, and what is written there."""
    host = make.user(name="Invented Host", email="host@example.org")
    member = make.user(name="Invented Insider", email="member@example.org")
    circle = make.circle(
        by=host, members=[member], name=f"{MARKER} circle", purpose=f"{MARKER} use", seen="hidden"
    )
    entering.invite(
        by=make.viewer(host), circle_id=circle.id, note=f"{MARKER} note", uses=3, days=9
    )
    return host, member, circle


@pytest.fixture
def written(make, group, index):
    """Write notes, discussions and comments of every state into the circle."""
    host, member, circle = group
    term = make.term("meetings")
    about_all = make.note(title="An open note", strategies=[term])
    made = {}
    for name in ("shown", "hidden", "withdrawn", "held"):
        made[name] = make.note(
            by=member,
            circle=circle,
            strategies=[term],
            title=f"{MARKER} {name}",
            outcome_reason=f"{MARKER} reason",
            what_happened=f"{MARKER} happening",
            organisation_name=f"{MARKER} Aid",
        )
    made["asked"] = make.discussion(
        by=host, circle=circle, title=f"{MARKER} asks", terms=[term], notes=[about_all]
    )
    hosting = make.viewer(host)
    for entry in (made["shown"], made["asked"]):
        first = make.comment(entry, f"{MARKER} said", by=host)
        taken = make.comment(entry, f"{MARKER} removed", by=member, answers=first)
        commenting.remove_comment(by=hosting, comment_id=taken.id, reason=f"{MARKER} why")
    operations.hide(by=hosting, entry_id=made["hidden"].id, reason=f"{MARKER} why")
    operations.withdraw(by=make.viewer(member), entry_id=made["withdrawn"].id)
    made["held"].status, made["held"].audience = "held", f"hosts:{circle.id}"
    flagging.flag(
        by=hosting, entry_id=made["shown"].id, reason="other", words=f"{MARKER} complaint"
    )
    ids = {name: entry.id for name, entry in made.items()}
    db.session.flush()
    index()
    return ids


OUTSIDERS = ["visitor", "member", "left", "moderator", "admin"]


@pytest.fixture(params=OUTSIDERS)
def outsider(request, app, make, group):
    client = app.test_client()
    if request.param == "visitor":
        return client
    roles = ["moderator", "admin"] if request.param == "admin" else [request.param]
    user = make.user(grants=roles if request.param in ("moderator", "admin") else [])
    if request.param == "left":
        _host, _member, circle = group
        circles.admit(circle, user.id, by=make.viewer(user), how=circles.Joining.REQUEST)
        circles.leave(by=make.viewer(user), circle_id=circle.id)
    return make.signed_in(client, user)


def test_an_outsider_meets_nothing_of_a_circle_whatever_she_asks_for(
    app, make, outsider, group, written
):
    words = (MARKER, f"{MARKER} shown", "meetings")
    for path, found in pages(outsider, addresses(app, words=words)):
        said = headers_and_body(found).replace(f"q={MARKER}", "")
        if path.startswith(("/search?", "/discussions/similar")) and MARKER in path:
            assert "happening" not in said, path
            assert f"{MARKER} asks" not in said, path
            continue
        assert MARKER not in said, path
    for number in written.values():
        gone = outsider.get(f"/entries/{number}", follow_redirects=True)
        assert gone.status_code == 404
    for word in (MARKER, MARKER[:4], f"{MARKER} shown", f"{MARKER} Aid", f"{MARKER} circle"):
        offered = outsider.get("/search/suggest", query_string={"q": word}).text
        assert "shown" not in offered.replace(word, "")
        found = outsider.get("/search", query_string={"q": word, "lang": "en"}).text
        assert "Nothing found" in found


def test_counts_and_lists_are_the_same_with_and_without_it(app, make, outsider, index):
    """The same site, before and after something is written in a circle."""
    term = make.term("meetings")
    make.note(title="An open note", strategies=[term])
    index()
    paths = [
        *("/notes/", "/discussions/", "/terms/strategy/meetings", "/organisations/"),
        *("/search?q=note", "/search?strategy=meetings", "/search?q=", "/", "/moderation/"),
    ]

    def seen() -> dict[str, str]:
        return {path: outsider.get(path, follow_redirects=True).text for path in paths}

    before = seen()
    host = make.user()
    circle = make.circle(by=host, seen="hidden")
    note = make.note(
        by=host, circle=circle, strategies=[term], title=f"{MARKER} note", organisation_name="Aid"
    )
    make.comment(note, f"{MARKER} note said", by=host)
    index()
    for path, page in seen().items():
        assert _without_tokens(page) == _without_tokens(before[path]), path


def _without_tokens(page: str) -> list[str]:
    # Tokens of forms, and the number of a request on the page of an error.
    changing = ("csrf_token", "xs muted mt")
    return [line for line in page.splitlines() if not any(one in line for one in changing)]


def test_those_in_it_find_it_and_hosts_see_what_is_hidden(app, make, group, written):
    host, _member, circle = group
    third = make.user()
    circles.admit(circle, third.id, by=make.viewer(third), how=circles.Joining.REQUEST)
    inside = make.signed_in(app.test_client(), third)
    for path in ("/", "/notes/", "/terms/strategy/meetings", f"/search?q={MARKER}+shown"):
        assert f"{MARKER} shown" in inside.get(path).text, path
    assert f"{MARKER} asks" in inside.get("/discussions/").text
    for name in ("hidden", "held", "withdrawn"):
        page = inside.get(f"/entries/{written[name]}", follow_redirects=True)
        assert page.status_code in (404, 410), name
        assert MARKER not in page.text
    hosting = make.signed_in(app.test_client(), host)
    for name in ("hidden", "held"):
        page = hosting.get(f"/entries/{written[name]}", follow_redirects=True)
        assert f"{MARKER} {name}" in page.text
    assert hosting.get(f"/entries/{written['withdrawn']}", follow_redirects=True).status_code == 410


def test_exports_and_commands_say_nothing_of_it(make, group, written, tmp_path):
    host, _member, _circle = group
    outside = (VISITOR, make.member(), make.member("moderator"), make.member("admin"), SYSTEM)
    inside = make.viewer(host)
    for number, viewer in enumerate((*outside, inside)):
        for jsonl in (False, True):
            folder = tmp_path / f"{number}{jsonl}"
            export_to(folder, viewer=viewer, jsonl=jsonl)
            said = "\n".join(path.read_text() for path in folder.iterdir())
            assert MARKER not in said, viewer
    db.session.commit()
    with speaking(Lang.EN):
        for viewer in outside[:-1]:
            assert written["shown"] not in [
                hit["id"] for hit in answer(viewer, f"{MARKER} shown", 50)["hits"]
            ]
        assert written["shown"] in [
            hit["id"] for hit in answer(inside, f"{MARKER} shown", 50)["hits"]
        ]


def test_who_watches_everything_around_it_is_told_nothing_and_those_in_it_are(
    app, make, group, run_jobs, sent, index
):
    host, member, circle = group
    make.term("meetings")
    outsider = make.user(email="outsider@example.org", grants=["moderator"])
    desk = make.signed_in(app.test_client(), outsider)
    for url in (
        "/terms/strategy/meetings/watch",
        f"/people/{member.handle}/watch",
        f"/search/watch?q={MARKER}",
    ):
        assert desk.post(url, data={"level": "new"}).status_code == 303
    note = make.note(by=member, circle=circle, strategies=["meetings"], title=f"{MARKER} shown")
    make.comment(note, f"{MARKER} said @[x](person:{outsider.id})", by=host)
    run_jobs()
    assert MARKER not in desk.get("/notices/").text.replace(f"q={MARKER}", "").replace(
        f"“{MARKER}”", ""
    )
    to = [str(mail["To"]) for mail in sent]
    assert any("host@example.org" in one for one in to)
    assert not any("outsider@example.org" in one for one in to)


def test_a_mail_is_not_sent_to_who_has_left_since_it_was_queued(
    app, make, group, run_jobs, sent, index
):
    host, member, circle = group
    make.note(by=host, circle=circle, title=f"{MARKER} shown")
    circles.leave(by=make.viewer(member), circle_id=circle.id)
    run_jobs()
    assert sent == []
    desk = make.signed_in(app.test_client(), member)
    assert MARKER not in desk.get("/notices/").text


def test_what_a_host_held_back_stays_with_the_hosts_when_a_newcomer_is_trusted(make, group):
    _host, member, circle = group
    note = make.note(by=member, circle=circle, title=MARKER)
    note.status, note.audience = "held", f"hosts:{circle.id}"
    assert len(holding.waiting_of(member)) == 0
    assert db.session.get(Entry, note.id).status == "held"
