"""Identity protection: what is masked appears nowhere, whoever reads whatever there is to read."""

from __future__ import annotations

import re

import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import text

from cop.core.db import db
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.entries import operations, queries
from cop.entries.commenting import CommentDraft, edit_comment
from cop.entries.draft import Signature
from cop.entries.models import Entry, NameMask, Visibility
from cop.entries.significance import Change
from cop.exchange.exporter import export_to
from cop.mail.models import OutgoingMail
from cop.notes.draft import NoteFacts
from cop.notes.operations import add_text
from cop.notes.revising import revise_note
from cop.people.models import Organisation
from cop.people.organisations import find_or_make
from cop.people.viewer import SYSTEM, VISITOR
from tests.privacy.reading import addresses, headers_and_body, pages

#: Name, handle, address and organisation of the person, and the organisation her note only describes.
NAME, HANDLE, EMAIL, OWN_ORGANISATION = "Zebulonia", "zebulonia-q", "zq@example.org", "Zebaid"
MASKED_ORGANISATION = "Maskedaid"
WORDS = (NAME, HANDLE, EMAIL, OWN_ORGANISATION, MASKED_ORGANISATION)
#: Where a person's own words about herself stand, and where one signs in to read them; the note is not mentioned there.
ABOUT_HERSELF = re.compile(r"^(/login\?next=)?/(people/|organisations/|admin|moderation)")


@pytest.fixture
def person(make):
    user = make.user(handle=HANDLE, name=f"{NAME} Person", email=EMAIL)
    user.organisation_id = find_or_make(OWN_ORGANISATION).id
    db.session.commit()
    return user


def revised(make, person, entry, signature=None, **sections):
    """Publish a revision of an English text by its author."""
    loaded = queries.get(SYSTEM, entry.id)
    now = queries.current(queries.text_for(loaded, Lang.EN))
    done = revise_note(
        by=make.viewer(person),
        entry_id=entry.id,
        base_id=now.id,
        draft=make.text(Lang.EN, now.title, **{**now.sections, **sections}),
        facts=NoteFacts.from_json(queries.latest_facts(loaded).facts),
        signature=signature,
        change=Change("A clearer sentence"),
    )
    db.session.commit()
    return done


@pytest.fixture
def note(make, person, index):
    """Return an unnamed note in both languages with revisions, a suppressed one among them."""
    made = make.note(
        by=person,
        name_mask=NameMask.UNNAMED,
        title="An unnamed invented note",
        described_as="A small group",
        outcome="failed",
    )
    for telling in ("Second.", "Third.", "Fourth."):
        revised(make, person, made, what_happened=telling)
    loaded = queries.get(SYSTEM, made.id)
    facts = NoteFacts.from_json(queries.latest_facts(loaded).facts)
    add_text(by=make.viewer(person), entry=loaded, text=make.text(Lang.ZH), facts=facts)
    text_, second = queries.text_for(loaded, Lang.EN), 2
    operations.suppress(
        by=make.viewer(person),
        entry_id=made.id,
        revision_id=queries.revision_of(text_, second).id,
        reason="It said too much",
    )
    said = make.comment(made, "Said by herself", by=person)
    make.comment(
        made, "In answer to her answer", answers=make.comment(made, answers=said, by=person)
    )
    edit_comment(
        by=make.viewer(person),
        comment_id=said.id,
        base=1,
        draft=CommentDraft(Lang.EN, "Said by herself, and edited"),
    )
    asked = make.discussion(
        by=person,
        name_mask=NameMask.UNNAMED,
        title="An unnamed invented question",
        notes=[made],
        terms=[make.term()],
    )
    make.comment(asked, "Asked by herself", by=person)
    number = made.id
    index()
    return db.session.get(Entry, number)


@pytest.fixture(params=["visitor", "member", "moderator"])
def reader(request, app, make):
    client = app.test_client()
    if request.param == "visitor":
        return client
    grants = ["moderator"] if request.param == "moderator" else []
    return make.signed_in(client, make.user(grants=grants))


def assert_unsaid(path: str, said: str) -> None:
    """Assert that none of the words stands there; the editor suggests all organisations members know."""
    said = re.sub(r"<datalist.*?</datalist>", "", said, flags=re.DOTALL)
    for word in WORDS:
        assert word.lower() not in said.lower(), f"{path} says {word}"


def test_no_page_says_who_wrote_an_unnamed_note(app, reader, note):
    about_the_note = 0
    for path, answer in pages(reader, addresses(app, words=("unnamed", "invented"))):
        said = headers_and_body(answer)
        about_the_note += "An unnamed invented note" in said
        if ABOUT_HERSELF.match(path):
            assert "An unnamed invented note" not in said or NAME not in said, path
        else:
            assert_unsaid(path, said)
    assert about_the_note >= 8


def test_no_page_says_who_asked_an_unnamed_question(app, reader, note):
    about_it = 0
    for path, answer in pages(reader, addresses(app, words=("unnamed",))):
        said = headers_and_body(answer)
        if "An unnamed invented question" in said:
            about_it += 1
            assert_unsaid(path, said)
    assert about_it >= 6


def test_the_pages_about_a_person_do_not_mention_her_unnamed_note(app, make, person, note):
    open_note = make.note(by=person, title="A named invented note")
    for grants in ([], ["moderator"]):
        desk = make.signed_in(app.test_client(), make.user(grants=grants))
        for path in (f"/people/{HANDLE}", "/organisations/"):
            page = desk.get(path).text
            assert "An unnamed invented note" not in page
            assert f"/notes/{note.id}" not in page
        assert "A named invented note" in desk.get(f"/people/{HANDLE}").text
    assert open_note.id != note.id


def test_her_profile_does_not_exist_for_visitors_because_of_an_unnamed_note(client, note):
    assert client.get(f"/people/{HANDLE}").status_code == 404


def test_her_own_revisions_are_by_the_author(client, note):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get(f"/entries/{note.id}/history?text=en").text
    assert page.count("The author") == 4
    assert "Unnamed practitioner" in client.get(f"/notes/{note.id}", follow_redirects=True).text


def test_her_comments_on_it_are_by_the_author(client, note):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get(f"/notes/{note.id}?text=en", follow_redirects=True).text
    assert page.count("<b>The author</b>") == 2
    assert "In answer to The author" in page
    assert 'class="av anon"' in page


def test_searching_for_her_finds_neither_her_note_nor_its_number(client, make, app, note):
    desk = make.signed_in(app.test_client(), make.user())
    for reader in (client, desk):
        for word in WORDS:
            assert f"/notes/{note.id}" not in reader.get(f"/search?q={word}").text


def test_programs_that_ask_for_json_learn_no_more(app, reader, note):
    for path in (
        f"/notes/{note.id}",
        f"/entries/{note.id}/history",
        "/notes/",
        "/search?q=unnamed",
    ):
        answer = reader.get(path, headers={"Accept": "application/json"}, follow_redirects=True)
        assert_unsaid(path, headers_and_body(answer))


def test_exports_do_not_say_it(make, note, tmp_path):
    for number, viewer in enumerate((VISITOR, make.member(), make.member("moderator"), SYSTEM)):
        for jsonl in (False, True):
            folder = tmp_path / f"{number}{jsonl}"
            export_to(folder, viewer=viewer, jsonl=jsonl)
            written = "\n".join(path.read_text() for path in folder.iterdir())
            if viewer is VISITOR:
                assert "An unnamed invented note" in written
            for word in (NAME, HANDLE, EMAIL, MASKED_ORGANISATION):
                assert word not in written, (viewer, word)


def test_the_command_that_searches_does_not_say_it(make, note):
    from cop.cli.search import answer

    for viewer in (VISITOR, make.member(), make.member("moderator")):
        for word in ("unnamed", "invented", *WORDS):
            db.session.commit()
            with speaking(Lang.EN):
                assert_unsaid("cop search query", str(answer(viewer, word, 50)))
    assert CliRunner() is not None


def test_logs_and_mails_do_not_say_it(app, make, person, run_jobs, capfd, index):
    desk = make.signed_in(app.test_client(), person)
    term = make.term("meetings")
    with structlog.testing.capture_logs() as lines:
        answer = desk.post(
            "/notes/",
            data={
                "lang": "en",
                "title": "Logged",
                "outcome": "mixed",
                "outcome_reason": "Reason",
                "strategies": [term.key],
                "what_happened": "Something.",
                "what_we_learned": "Something else.",
                "organisation_mask": "described",
                "organisation": MASKED_ORGANISATION,
                "described_as": "A small group",
                "visibility": "public",
                "name_mask": "unnamed",
                "act": "publish",
            },
        )
        assert answer.status_code == 303
        desk.get(answer.headers["Location"])
        run_jobs()
    said = f"{lines}\n{capfd.readouterr()}"
    assert_unsaid("the log", said)
    mails = db.session.query(OutgoingMail).all()
    assert all("Logged" not in str(vars(mail)) for mail in mails)


def test_a_described_organisation_is_stored_nowhere(app, make, person):
    """The typed name stands in the form and goes no further than a draft."""
    desk = make.signed_in(app.test_client(), person)
    term = make.term("meetings")
    fields = {
        "lang": "en",
        "title": "Described",
        "outcome": "mixed",
        "outcome_reason": "Reason",
        "strategies": [term.key],
        "what_happened": "Something.",
        "what_we_learned": "Something else.",
        "organisation_mask": "described",
        "organisation": MASKED_ORGANISATION,
        "described_as": "A small group",
        "visibility": "public",
        "name_mask": "shown",
        "act": "publish",
    }
    assert desk.post("/notes/", data=fields).status_code == 303
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
            assert MASKED_ORGANISATION.lower() not in str(row).lower(), table.name


def test_masking_the_name_later_hides_it_at_once_everywhere(app, make, person, index, reader):
    made = make.note(by=person, title="An unnamed invented note")
    make.comment(made, by=person)
    revised(make, person, made, what_happened="Second.")
    index()
    paths = [
        path
        for path in addresses(app, words=("unnamed",))
        if not ABOUT_HERSELF.match(path) and not path.startswith("/account")
    ]
    before = [path for path, answer in pages(reader, paths) if NAME in answer.text]
    assert f"/entries/{made.id}/history?text=en" in before
    assert "/" in before
    revised(make, person, made, signature=Signature(Visibility.PUBLIC, NameMask.UNNAMED))
    for path, answer in pages(reader, paths):
        assert_unsaid(path, headers_and_body(answer))


def test_describing_the_organisation_later_takes_its_name_from_the_note(
    app, make, person, index, reader
):
    from dataclasses import replace

    made = make.note(
        by=person,
        name_mask=NameMask.UNNAMED,
        title="An unnamed invented note",
        organisation_name=MASKED_ORGANISATION,
    )
    loaded = queries.get(SYSTEM, made.id)
    now = queries.current(queries.text_for(loaded, Lang.EN))
    facts = NoteFacts.from_json(queries.latest_facts(loaded).facts)
    revise_note(
        by=make.viewer(person),
        entry_id=made.id,
        base_id=now.id,
        draft=make.text(Lang.EN, now.title, **now.sections),
        facts=replace(facts, organisation="", described_as={"en": "A small group"}),
        signature=None,
    )
    db.session.commit()
    index()
    assert db.session.query(Organisation).filter(Organisation.name.isnot(None)).count() >= 1
    for path, answer in pages(reader, addresses(app, words=("unnamed",))):
        assert MASKED_ORGANISATION not in headers_and_body(answer), path


def test_closing_the_account_leaves_no_name_under_named_notes_either(make, person):
    from cop.entries.policy import byline

    made = make.note(by=person)
    person.email = None
    person.name = "Former member"
    loaded = queries.get(VISITOR, made.id)
    with speaking(Lang.EN):
        assert byline(VISITOR, loaded).name == "A former member"
        assert byline(VISITOR, loaded).handle is None
