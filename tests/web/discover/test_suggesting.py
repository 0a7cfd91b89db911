"""Suggestions while somebody types: found in either language, and never more than she may see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.discover import kept_names
from cop.entries import operations, queries
from cop.events import following
from cop.notes.draft import NoteFacts
from cop.notes.revising import revise_note
from cop.people.models import Organisation
from cop.people.organisations import find_or_make
from cop.people.viewer import SYSTEM
from cop.terms.draft import SchemeDraft, TermDraft
from cop.terms.operations import put_schemes, put_term
from tests.counting import assert_all_constant, counted


@pytest.fixture
def words(make):
    """Make one term with names of every sort."""
    put_schemes(by=SYSTEM, drafts=[SchemeDraft("strategy", {"zh-Hans": "策略", "en": "Strategy"})])
    return put_term(
        by=SYSTEM,
        draft=TermDraft(
            key="open-space",
            scheme="strategy",
            name={"zh-Hans": "开放空间", "en": "Open Space"},
            alternatives={"en": ["OST"], "zh-Hans": ["虚构论坛"]},
        ),
    )


@pytest.fixture
def asking(app, make):
    """Return the function that asks as somebody and tells what is offered, kind by kind."""

    def ask(text, *, as_=None, lang="en"):
        client = app.test_client()
        if as_ is not None:
            make.signed_in(client, as_)
            as_.lang = {"en": "en", "zh": "zh-Hans"}[lang]
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = lang
        answer = client.get("/search/suggest", query_string={"q": text})
        assert answer.status_code == 200
        return {
            group["label"]: [one["text"] for one in group["options"]]
            for group in answer.json["groups"]
        }

    return ask


@pytest.mark.parametrize(
    "text", ["open", "OST", "spac", "开放", "開放空間", "虚构", "kaif", "kāi fàng", "kfkj", "xugou"]
)
def test_a_term_is_offered_by_any_of_its_names(asking, words, text):
    assert asking(text) == {"Terms": ["Open Space"]}
    assert asking(text, lang="zh") == {"词条": ["开放空间"]}


def test_a_term_leads_to_a_search_for_it_and_says_its_other_name(client, words):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    (group,) = client.get("/search/suggest?q=kaif").json["groups"]
    assert group["options"] == [
        {
            "text": "Open Space",
            "lang": "en",
            "other": "开放空间",
            "other_lang": "zh-Hans",
            "q": "Open Space",
        }
    ]


def test_a_merged_term_is_offered_under_the_name_that_stands_for_it(asking, words):
    name = {"zh-Hans": "虚构圆桌", "en": "Invented round"}
    draft = TermDraft(key="round", scheme="strategy", name=name)
    put_term(by=SYSTEM, draft=draft)
    assert asking("invented r") == {"Terms": ["Invented round"]}
    put_term(by=SYSTEM, draft=replace(draft, merged_into=words.key))
    assert asking("invented r") == asking("yuanz") == {"Terms": ["Open Space"]}


def test_a_title_leads_to_the_page_of_its_entry_in_the_readers_language(client, make):
    texts = (make.text(Lang.EN, "Shared garden"), make.text(Lang.ZH, "共享菜园 garden"))
    note = make.note(texts=texts)
    for lang, title in (("en", "Shared garden"), ("zh", "共享菜园 garden")):
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = lang
        (group,) = client.get("/search/suggest?q=garden").json["groups"]
        (option,) = group["options"]
        assert option["text"] == title
        assert option["href"].startswith(f"/notes/{note.id}-")
        assert client.get(option["href"]).status_code == 200
    (group,) = client.get("/search/suggest?q=gongxiang").json["groups"]
    assert [one["lang"] for one in group["options"]] == ["zh-Hans"]


def test_notes_for_members_are_offered_to_members_alone(asking, make):
    make.note(title="Quiet garden", visibility="members")
    make.note(title="Open garden")
    assert asking("garden") == {"Case notes": ["Open garden"]}
    assert sorted(asking("garden", as_=make.user())["Case notes"]) == [
        "Open garden",
        "Quiet garden",
    ]


def test_many_notes_for_members_crowd_none_out_for_a_visitor(asking, make):
    make.note(title="Open garden")
    for number in range(40):
        make.note(title=f"Garden {number}", visibility="members")
    assert asking("garden") == {"Case notes": ["Open garden"]}


def test_what_was_hidden_withdrawn_or_closed_is_gone_at_once_and_comes_back(asking, make):
    author, moderator = make.user(), make.member("moderator")
    notes = [make.note(by=author, title=f"Garden {number}") for number in (1, 2, 3)]
    assert len(asking("garden")["Case notes"]) == 3
    operations.hide(by=moderator, entry_id=notes[0].id, reason="A name")
    operations.withdraw(by=make.viewer(author), entry_id=notes[1].id)
    assert asking("garden") == {"Case notes": ["Garden 3"]}
    assert asking("garden", as_=author) == {"Case notes": ["Garden 3"]}
    operations.unhide(by=moderator, entry_id=notes[0].id, reason="It was none")
    assert sorted(asking("garden")["Case notes"]) == ["Garden 1", "Garden 3"]


def test_memory_that_lags_behind_tells_nothing(asking, make, monkeypatch):
    """Even names that were not brought up to date yield only what stands in the database now."""
    author = make.user()
    note = make.note(by=author, title="Garden of a name")
    hidden = make.note(title="Garden in the shade")
    assert len(asking("garden")["Case notes"]) == 2
    monkeypatch.setattr(kept_names.KeptNames, "refresh", lambda _: None)
    renamed(make, author, note, "Garden of nobody")
    operations.hide(by=make.member("moderator"), entry_id=hidden.id, reason="A name")
    assert asking("garden") == {"Case notes": ["Garden of nobody"]}
    assert asking("garden of a name") == {}


def renamed(make, author, note, title):
    loaded = queries.get(SYSTEM, note.id)
    now = queries.current(queries.text_for(loaded, Lang.EN))
    revise_note(
        by=make.viewer(author),
        entry_id=note.id,
        base_id=now.id,
        draft=make.text(Lang.EN, title, **now.sections),
        facts=NoteFacts.from_json(queries.latest_facts(loaded).facts),
        signature=None,
    )
    db.session.commit()


def test_a_renamed_note_is_found_by_its_new_name_and_no_longer_by_the_old(asking, make):
    author = make.user()
    note = make.note(by=author, title="Garden of somebody")
    assert asking("garden of some") == {"Case notes": ["Garden of somebody"]}
    renamed(make, author, note, "Courtyard of nobody")
    assert asking("garden") == asking("somebody") == {}
    assert asking("courty") == {"Case notes": ["Courtyard of nobody"]}


def test_an_organisation_is_offered_where_its_directory_page_exists_for_the_reader(asking, make):
    make.note(title="A", organisation_name="Invented Aid", visibility="members")
    make.note(title="B", organisation_name="Invented Help")
    assert asking("invented") == {
        "Terms": asking("invented")["Terms"],
        "Organisations": ["Invented Help"],
    }
    found = asking("invented a", as_=make.user())
    assert found["Organisations"] == ["Invented Aid"]
    assert "Organisations" not in asking("invented a")


def test_a_renamed_organisation_goes_by_its_new_name(asking, make):
    make.note(organisation_name="Zebra Aid")
    assert asking("zebra") == {"Organisations": ["Zebra Aid"]}
    find_or_make("Zebra Aid").name = {"en": "Heron Aid"}
    db.session.commit()
    assert asking("zebra") == {}


def test_a_page_of_suggestions_is_shared_among_the_kinds(asking, make):
    for number in range(9):
        make.term(name=f"Zebra way {number}")
        make.note(title=f"Zebra story {number}", organisation_name=f"Zebra Aid {number}")
    found = asking("zebra")
    assert [len(ones) for ones in found.values()] == [4, 3, 1] or sum(map(len, found.values())) == 8
    assert list(found) == ["Terms", "Case notes", "Organisations"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 400, "开" * 4000, '"', "-", "%", "\U0001f600"])
def test_whatever_is_typed_is_answered(client, words, text):
    answer = client.get("/search/suggest", query_string={"q": text})
    assert answer.status_code == 200
    assert answer.json["groups"] == []
    assert answer.json["said"]


def test_the_answer_says_its_number_in_the_readers_language(client, words):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert client.get("/search/suggest?q=open").json["said"] == "1 suggestion"
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    assert client.get("/search/suggest?q=open").json["said"] == "1条建议"


def test_nobody_keeps_the_answer_to_a_member(app, client, make):
    visitors = client.get("/search/suggest?q=open").headers
    assert visitors["Cache-Control"] == "no-cache"
    assert "Cookie" in visitors["Vary"]
    members = make.signed_in(app.test_client(), make.user()).get("/search/suggest?q=open").headers
    assert members["Cache-Control"] == "private, no-store"


def test_it_asks_the_database_as_much_for_twenty_names_as_for_one(app, make):
    desk = make.signed_in(app.test_client(), make.user())

    def more(number):
        for _ in range(number):
            make.note(title="Garden", organisation_name=f"Garden {make._next()}")

    asked = [
        (reader, "/search/suggest?q=garden", "suggest") for reader in (desk, app.test_client())
    ]
    assert_all_constant(asked, grow=more)


def test_names_are_read_in_pieces_until_all_are_there(app, make, asking, monkeypatch):
    monkeypatch.setattr(kept_names, "_PIECE", 2)
    for number in range(5):
        make.note(title=f"Garden {number}", visibility="members" if number == 2 else "public")
    reader = make.user()
    seen = [len(asking("garden", as_=reader).get("Case notes", ())) for _ in range(4)]
    assert seen == [2, 4, 5, 5]


def test_terms_are_read_in_pieces_too_and_again_when_they_change(make, asking, monkeypatch):
    monkeypatch.setattr(kept_names, "_LABELS", 2)

    def all_of(word):
        return [sorted(asking(word).get("Terms", ())) for _ in range(4)][-1]

    keys = [make.term(name=f"Zebra {number}").key for number in range(3)]
    assert all_of("zebra") == ["Zebra 0", "Zebra 1", "Zebra 2"]
    for key in keys:
        name = {"zh-Hans": key, "en": f"Heron {key}"}
        put_term(by=SYSTEM, draft=TermDraft(key=key, scheme="strategy", name=name))
    assert all_of("heron") == sorted(f"Heron {key}" for key in keys)
    assert all_of("zebra") == []


def test_only_the_newest_of_a_kind_are_kept(make, asking, monkeypatch):
    monkeypatch.setattr(kept_names, "MOST", 3)
    notes = [make.note(title=f"Garden {number}") for number in range(3)]
    assert len(asking("garden")["Case notes"]) == 3
    make.note(title="Garden 3")
    assert sorted(asking("garden")["Case notes"]) == ["Garden 1", "Garden 2", "Garden 3"]
    operations.hide(by=SYSTEM, entry_id=notes[2].id, reason="A name")
    assert sorted(asking("garden")["Case notes"]) == ["Garden 1", "Garden 3"]


def test_after_very_many_changes_the_names_are_read_anew(make, asking, monkeypatch):
    monkeypatch.setattr(following, "MANY", 2)
    author = make.member()
    notes = [make.note(by=author, title=f"Garden {number}") for number in range(3)]
    assert len(asking("garden")["Case notes"]) == 3
    for note in notes[:2]:
        operations.withdraw(by=author, entry_id=note.id)
    for number in range(2):
        make.note(title=f"Garden {number + 3}")
    assert sorted(asking("garden")["Case notes"]) == ["Garden 2", "Garden 3", "Garden 4"]


def test_while_nothing_changes_no_title_is_read_but_those_shown(client, make):
    make.note(title="Garden")
    client.get("/search/suggest?q=garden")
    with counted() as seen:
        client.get("/search/suggest?q=garden")
    assert len([one for one in seen if "summary" in one]) == 0
    assert db.session.query(Organisation).count() == 0


def test_while_another_thread_brings_names_up_to_date_they_serve_as_they_are(app, make, asking):
    make.note(title="Garden one")
    assert asking("garden") == {"Case notes": ["Garden one"]}
    make.note(title="Garden two")
    kept = kept_names.kept_names(app)
    with kept._lock:
        assert asking("garden") == {"Case notes": ["Garden one"]}
    assert sorted(asking("garden")["Case notes"]) == ["Garden one", "Garden two"]


def test_what_could_not_be_read_is_read_the_next_time(app, make, asking, monkeypatch):
    make.note(title="Garden one")
    assert asking("garden") == {"Case notes": ["Garden one"]}
    make.note(title="Garden two")
    broken = monkeypatch.context
    with broken() as patch:
        patch.setattr(kept_names.KeptNames, "_put", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            kept_names.kept_names(app).refresh()
    assert sorted(asking("garden")["Case notes"]) == ["Garden one", "Garden two"]
