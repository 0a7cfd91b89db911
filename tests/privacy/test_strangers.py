"""The stranger walk: what somebody may not read occurs in no page, whatever address is asked for."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.discussions import joining
from cop.entries import commenting, drafts, holding, operations
from cop.moderation import flagging
from tests.privacy.reading import addresses, headers_and_body, pages

MARKER = "Qwyzzmarker"


@pytest.fixture
def closed(make, index):
    """Make everything a stranger must not see, each with the marker in all its words."""
    author = make.user(handle="hermit", name="Invented Hermit")
    by = make.viewer(author)
    moderator = make.member("moderator")
    term = make.term("meetings")

    def note(mark="", **more):
        word = MARKER + mark
        return make.note(
            by=by,
            strategies=[term],
            title=f"{word} title",
            outcome_reason=f"{word} reason",
            what_happened=f"{word} happening",
            what_we_learned=f"{word} lesson",
            organisation_name=f"{word} Aid",
            **more,
        )

    open_note = make.note(title="An open note", strategies=[term])
    made = {
        "members": note(visibility="members"),
        "hidden": note("hidden", visibility="members"),
        "withdrawn": note("gone", visibility="members"),
        "hidden after being public": note("hidden"),
        "withdrawn after being public": note("gone"),
    }
    # Open notes that were tried after what is closed, and closed ones tried after what is open.
    for one in list(made.values()):
        make.note(after=one, title="An open try", strategies=[term])
    note(visibility="members", after=open_note)
    both = make.note(
        by=by,
        visibility="members",
        strategies=[term],
        texts=(make.text(Lang.EN, f"{MARKER} two"), make.text(Lang.ZH, f"{MARKER} 二")),
    )
    space = make.space("a-space")
    for name, visibility in (("asked", "members"), ("asked hidden", "public")):
        word = f"{MARKER}{'hidden' * ('hidden' in name)}"
        made[name] = make.discussion(
            by=by,
            space=space,
            visibility=visibility,
            title=f"{word} asks",
            body=f"{word} body",
            terms=[term],
            notes=[made["members"], open_note],
        )
    operations.hide(by=moderator, entry_id=made["asked hidden"].id, reason=f"{MARKER} why")
    teller = make.member()
    said = {}
    for name, entry in {**made, "both": both}.items():
        word = f"{MARKER}{'hidden' * ('hidden' in name)}{'gone' * ('with' in name)}"
        if entry.status == "published":
            images = [make.image(by=teller, alt=f"{word} alt")]
            said[name] = make.comment(entry, f"{word} said", by=teller, images=images)
    shown = make.image(by=teller, alt=f"{MARKER}removed alt")
    on_the_open = make.comment(open_note, f"{MARKER}removed said", by=teller, images=[shown])
    commenting.remove_comment(by=moderator, comment_id=on_the_open.id, reason=f"{MARKER} why")
    operations.hide(by=moderator, entry_id=made["hidden"].id, reason=f"{MARKER} why")
    operations.hide(
        by=moderator, entry_id=made["hidden after being public"].id, reason=f"{MARKER} why"
    )
    for name in ("withdrawn", "withdrawn after being public"):
        operations.withdraw(by=by, entry_id=made[name].id)
    newcomer = make.newcomer(name=f"{MARKER}name")
    held = make.note(
        by=newcomer,
        strategies=[term],
        title=f"{MARKER}held title",
        what_happened=f"{MARKER}held happening",
        organisation_name=f"{MARKER}held Aid",
    )
    make.comment(open_note, f"{MARKER}held said", by=newcomer)
    refused = make.comment(open_note, f"{MARKER}held said", by=newcomer)
    holding.refuse_comment(by=moderator, comment_id=refused.id, reason=f"{MARKER}held why")
    flagging.flag(
        by=make.member(), entry_id=open_note.id, reason="other", words=f"{MARKER}flagged words"
    )
    drafts.save_draft(
        by=by, kind="note", lang="en", data={"title": [f"{MARKER} draft"]}, draft_id=None
    )
    joined = make.discussion(by=by, space=space, visibility="members", title=f"{MARKER} joined")
    make.comment(joined, f"{MARKER} joined said")
    joining.merge(by=moderator, entry_id=joined.id, into_id=made["asked"].id, reason=f"{MARKER} j")
    made["both"] = both
    assert len(said) == len(made) - 1
    made["held"], made["joined"] = held, joined
    ids = {name: entry.id for name, entry in made.items()}
    index()
    return ids


def test_a_visitor_never_meets_what_is_closed(app, client, closed):
    paths = addresses(app, words=(MARKER, f"{MARKER} title", "title"))
    assert len(paths) > 50
    for path, answer in pages(client, paths):
        said = headers_and_body(answer).replace(f"q={MARKER}", "")
        if path.startswith("/search"):
            continue
        assert MARKER not in said, path


def test_a_search_for_its_very_words_tells_a_visitor_nothing(client, closed):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    never = client.get("/search?q=Zzznothing").text.replace("Zzznothing", "X")
    for word in (MARKER, f"{MARKER}+Aid"):
        page = client.get(f"/search?q={word}").text
        assert "Nothing found" in page
        page = page.replace(word.replace("+", " "), "X").replace(word, "X")
        assert page == never


def test_typing_its_very_words_offers_a_visitor_nothing(client, closed):
    never = client.get("/search/suggest?q=Zzznothing").json
    for word in (
        MARKER,
        MARKER[:3],
        f"{MARKER} title",
        f"{MARKER}hidden",
        f"{MARKER} Aid",
        f"{MARKER} 二",
    ):
        assert client.get("/search/suggest", query_string={"q": word}).json == never


def test_typing_offers_a_member_what_is_for_members_and_nothing_else_that_is_closed(
    make, client, closed
):
    desk = make.signed_in(client, make.user())
    said = "".join(
        desk.get("/search/suggest", query_string={"q": word}).text
        for word in (MARKER, f"{MARKER}hidden", f"{MARKER}gone", f"{MARKER} why", f"{MARKER} draft")
    )
    assert f"{MARKER} title" in said
    for closed_word in ("hidden", "gone", " why", " draft"):
        assert f"{MARKER}{closed_word}" not in said


def test_no_misspelling_leads_anybody_to_words_that_are_closed_to_her(make, closed):
    from cop.discover.asking import Asked
    from cop.discover.meant import meant
    from cop.people.viewer import VISITOR

    wrong = MARKER.replace("zz", "z")
    for word in (wrong, f"{wrong} title", f"{wrong}hidden", f"{wrong}gone"):
        assert meant(VISITOR, word, Asked(word)) is None
        assert "hidden" not in (meant(make.member(), word, Asked(word)) or "")


def test_a_member_meets_what_is_for_members_and_nothing_else_that_is_closed(
    app, make, client, closed
):
    desk = make.signed_in(client, make.user())
    away = [closed[name] for name in closed if "hidden" in name or "withdrawn" in name]
    for path, answer in pages(desk, addresses(app)):
        said = headers_and_body(answer)
        assert f"{MARKER} why" not in said, path
        assert f"{MARKER} draft" not in said, path
        assert f"{MARKER}hidden" not in said, path
        assert f"{MARKER}gone" not in said, path
        assert f"{MARKER}removed" not in said, path
        assert f"{MARKER}flagged" not in said, path
        assert f"{MARKER}held" not in said, path
    for number in away:
        assert desk.get(f"/entries/{number}").status_code == 410


def test_moderators_see_hidden_notes_and_no_drafts_and_nothing_withdrawn(app, make, client, closed):
    desk = make.signed_in(client, make.user(grants=["moderator"]))
    assert f"{MARKER} why" in desk.get(f"/notes/{closed['hidden']}", follow_redirects=True).text
    for path, answer in pages(desk, addresses(app)):
        said = headers_and_body(answer)
        assert f"{MARKER} draft" not in said, path
        assert f"{MARKER}gone" not in said, path


def test_unsafe_addresses_change_nothing_for_a_stranger(app, make, client, closed):
    """Every POST rule, as a visitor and as a member: no entry of somebody else changes."""
    from sqlalchemy import select

    from cop.entries.models import Comment, Entry

    def state():
        rows = db.session.execute(select(Entry.id, Entry.status, Entry.version))
        said = db.session.execute(select(Comment.id, Comment.status, Comment.number))
        return sorted(tuple(row) for row in rows), sorted(tuple(row) for row in said)

    before = state()
    numbers = {
        # What joined another one leads there, and does nothing.
        "entry_id": [number for name, number in closed.items() if name != "joined"],
        "comment_id": db.session.scalars(select(Comment.id)).all(),
    }
    desk = make.signed_in(app.test_client(), make.user())
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        name = next((name for name in numbers if name in rule.arguments), "")
        for number in numbers.get(name, ()):
            rest = dict.fromkeys(rule.arguments, 1)
            values = {**rest, name: number, "lang": "zh", "slug": "-"}
            with app.test_request_context():
                from flask import url_for

                url = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            for reader in (client, desk):
                answer = reader.post(url, data={"reason": "x", "title": "x"})
                assert 400 <= answer.status_code < 500, (url, answer.status_code)
                assert MARKER not in answer.text or reader is desk, url
    assert state() == before
