"""The vocabulary in memory is always the one in the database, whoever changed it."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import pytest
from sqlalchemy import event, select

from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.core.types import Lang
from cop.people.viewer import SYSTEM
from cop.terms import queries, vocabulary as words
from cop.terms.draft import SchemeDraft, SourceDraft, TermDraft
from cop.terms.models import Label, Term
from cop.terms.operations import put_schemes, put_sources, put_term, put_terms, relate_terms
from tests.make import Make


def draft(key: str, **more: object) -> TermDraft:
    values: dict[str, object] = {
        "key": key,
        "scheme": "strategy",
        "name": {"zh-Hans": "开放空间", "en": "Open Space"},
    }
    return TermDraft(**(values | more))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _schemes() -> None:
    put_schemes(
        by=SYSTEM,
        drafts=[
            SchemeDraft(key, {"en": key.capitalize(), "zh-Hans": key})
            for key in ("strategy", "place", "phase", "outcome")
        ],
    )


class Statements:
    """Counts the statements sent while it is open."""

    def __enter__(self) -> Self:
        self.sent: list[str] = []
        self._bind = db.session.get_bind()
        event.listen(self._bind, "before_cursor_execute", self._note)
        return self

    def _note(self, _c: object, _cursor: object, statement: str, *_more: object) -> None:
        self.sent.append(statement)

    def __exit__(self, *_error: object) -> None:
        event.remove(self._bind, "before_cursor_execute", self._note)

    @property
    def count(self) -> int:
        return sum("SAVEPOINT" not in statement for statement in self.sent)


def test_a_change_is_seen_at_once_in_the_same_transaction():
    put_term(by=SYSTEM, draft=draft("a"))
    assert set(words.vocabulary().by_key) == {"a"}
    put_term(by=SYSTEM, draft=draft("a", name={"en": "Renamed"}))
    assert words.vocabulary().by_key["a"].name == {"en": "Renamed"}


def test_a_change_that_was_rolled_back_is_forgotten():
    put_term(by=SYSTEM, draft=draft("a"))
    db.session.commit()
    put_term(by=SYSTEM, draft=draft("b"))
    assert set(words.vocabulary().by_key) == {"a", "b"}
    db.session.rollback()
    assert set(words.vocabulary().by_key) == {"a"}
    put_term(by=SYSTEM, draft=draft("c"))
    assert set(words.vocabulary().by_key) == {"a", "c"}


def test_a_change_by_another_process_is_seen_in_the_next_transaction(monkeypatch):
    put_term(by=SYSTEM, draft=draft("a"))
    db.session.commit()
    assert "b" not in words.vocabulary().by_key
    kept_here = words._kept
    put_term(by=SYSTEM, draft=draft("b"))
    db.session.commit()
    # This process has kept the older state, as it would had another one made the change.
    monkeypatch.setattr(words, "_kept", kept_here)
    assert "b" in words.vocabulary().by_key


def test_a_kept_vocabulary_costs_one_small_query_a_transaction():
    put_term(by=SYSTEM, draft=draft("a"))
    db.session.commit()
    words.vocabulary()
    db.session.commit()
    with Statements() as sent:
        for _ in range(5):
            queries.choices("strategy", Lang.EN)
            queries.outcome_words(Lang.ZH)
            queries.by_keys(["a"])
    assert sent.count == 1


def test_reading_the_vocabulary_costs_the_same_whatever_its_size(make: Make):
    def cost() -> int:
        words.forget()
        with Statements() as sent:
            words.read()
        return sent.count

    make.term("one")
    few = cost()
    for number in range(20):
        make.term(f"more-{number}", broader="one")
    assert cost() == few


def test_putting_many_terms_costs_the_same_number_of_reads_as_putting_one(make: Make):
    from cop.terms.operations import put_terms, relate_terms

    def selects(drafts: list[TermDraft]) -> int:
        with Statements() as sent:
            put_terms(by=SYSTEM, drafts=drafts)
            relate_terms(by=SYSTEM, drafts=drafts)
        return sum(statement.startswith("SELECT") for statement in sent.sent)

    one = selects([draft("one")])
    assert selects([draft(f"many-{number}") for number in range(20)]) == one


def test_labels_know_the_language_they_are_in():
    put_term(
        by=SYSTEM,
        draft=draft(
            "a",
            name={"zh-Hans": "一把手策略", "en": "First-in-Command strategy"},
            alternatives={
                "zh-Hans": ("一把手", "高層對接", "高层对接"),
                "en": ("FIC", "yibashou", "gao ceng dui jie", "talk to the top"),
            },
            pinyin="yi ba shou ce lüe",
        ),
    )
    labels = db.session.scalars(select(Label).where(Label.kind == "alternative").order_by(Label.id))
    assert {label.text: label.lang for label in labels} == {
        "一把手": "zh-Hans",
        "高層對接": "zh-Hant",
        "高层对接": "zh-Hans",
        "FIC": "en",
        "yibashou": "zh-Latn",
        "gao ceng dui jie": "zh-Latn",
        "talk to the top": "en",
    }


def test_a_term_is_found_by_any_of_its_labels_in_either_script():
    put_term(
        by=SYSTEM,
        draft=draft("a", alternatives={"en": ("OST",)}, hidden={"en": ("Openspace",)}),
    )
    for label in ("开放空间", "開放空間", "open  SPACE", "ost", "openspace", "kai fang kong jian"):
        assert [term.key for term in queries.by_label(label)] == ["a"], label
    assert queries.by_label("open") == []


def test_one_label_may_belong_to_two_terms():
    for key, scheme in (("a", "strategy"), ("b", "outcome")):
        put_term(by=SYSTEM, draft=draft(key, scheme=scheme, name={"zh-Hans": "合法性"}))
    assert [term.key for term in queries.by_label("合法性")] == ["a", "b"]


def test_an_abbreviation_counts_for_places_only():
    names = {"zh-Hans": "北京市", "en": "Beijing"}
    put_term(by=SYSTEM, draft=draft("a", scheme="place", name=names, abbreviations=("京",)))
    assert queries.by_label("京") == []
    assert [term.key for term in queries.by_label("京", places=True)] == ["a"]
    (said,) = queries.label_words([words.vocabulary().by_key["a"].id]).values()
    assert "京" not in said


def test_lists_are_sorted_as_the_reader_sorts():
    for key, zh, en in (
        ("a", "组织", "Beta"),
        ("b", "安静", "Gamma"),
        ("c", "北京", "álpha"),
        ("d", "重庆", "delta"),
    ):
        put_term(by=SYSTEM, draft=draft(key, name={"zh-Hans": zh, "en": en}))
    assert [choice.name for choice in queries.choices("strategy", Lang.ZH)] == [
        "安静",
        "北京",
        "重庆",
        "组织",
    ]
    assert [choice.name for choice in queries.choices("strategy", Lang.EN)] == [
        "álpha",
        "Beta",
        "delta",
        "Gamma",
    ]


def test_phases_and_outcomes_keep_the_order_they_were_given_in():
    for key, en in (("phase-1", "Zeta"), ("phase-2", "Alpha")):
        put_term(by=SYSTEM, draft=draft(key, scheme="phase", name={"en": en}))
    assert [choice.key for choice in queries.choices("phase", Lang.EN)] == ["phase-1", "phase-2"]


def test_a_choice_brings_what_a_person_may_type():
    put_term(
        by=SYSTEM,
        draft=draft("a", alternatives={"zh-Hans": ("開放空間",)}, definition={"en": "A forum."}),
    )
    (choice,) = queries.choices("strategy", Lang.ZH)
    assert (choice.name, choice.name_lang) == ("开放空间", Lang.ZH)
    assert (choice.other, choice.other_lang) == ("Open Space", Lang.EN)
    assert choice.pinyin == "kai fang kong jian"
    assert list(choice.alts) == ["開放空間"]
    assert choice.definition == "A forum."


def test_a_place_holds_the_places_in_it_at_any_depth_even_in_a_circle():
    for key, broader in (("china", ()), ("beijing", ("china",)), ("daxing", ("beijing",))):
        put_term(by=SYSTEM, draft=draft(key, scheme="place", name={"en": key}, broader=broader))
    ids = {term.key: term.id for term in words.vocabulary().by_id.values()}
    below = set(db.session.scalars(queries.descendants(ids["china"])))
    assert below == set(ids.values())
    assert queries.place_path(ids["daxing"]) == ("daxing", "beijing", "china")
    put_term(by=SYSTEM, draft=draft("china", scheme="place", name={"en": "x"}, broader=("daxing",)))
    assert set(db.session.scalars(queries.descendants(ids["beijing"]))) == set(ids.values())
    assert len(queries.place_path(ids["daxing"])) == 3
    seen = [branch.ref.key for branch in queries.tree(SYSTEM, "place")]
    assert sorted(seen) == ["beijing", "china", "daxing"]


def test_words_for_search_hold_all_labels_and_ways_to_type_pinyin():
    put_term(by=SYSTEM, draft=draft("a", alternatives={"zh-Hans": ("開放空間",)}))
    (said,) = queries.label_words([words.vocabulary().by_key["a"].id]).values()
    joined = " ".join(said)
    for word in ("开放空间", "開放空間", "Open Space", "kaifang", "kongjian", "kaifangkongjian"):
        assert word in joined


def test_a_merged_term_leads_to_what_it_was_merged_into():
    put_term(by=SYSTEM, draft=draft("new"))
    put_term(by=SYSTEM, draft=draft("old", name={"en": "Old name"}, merged_into="new"))
    assert queries.by_keys(["old", "nothing"])["old"].key == "new"
    assert queries.living(queries.get("old")).key == "new"
    assert [term.key for term in queries.by_label("old name")] == ["new"]
    assert [choice.key for choice in queries.choices("strategy", Lang.EN)] == ["new"]


def test_a_terms_page_names_what_is_near_and_where_it_comes_from():
    put_sources(by=SYSTEM, drafts=[SourceDraft("paper", {"en": "Paper 2012"}, "A paper (2012).")])
    put_term(by=SYSTEM, draft=draft("wide", name={"en": "Wide"}))
    put_term(
        by=SYSTEM, draft=draft("a", broader=("wide",), sources=(("paper", "§2"), ("paper", "§5")))
    )
    put_term(by=SYSTEM, draft=draft("narrow", broader=("a",), name={"en": "Narrow"}))
    put_term(by=SYSTEM, draft=draft("b", related=("a",), name={"en": "Near"}))
    page = queries.page(SYSTEM, queries.get("a"))
    assert [ref.key for ref in page.broader] == ["wide"]
    assert [ref.key for ref in page.narrower] == ["narrow"]
    assert [ref.key for ref in page.related] == ["b"]
    assert [(source.citation, source.at) for source in page.sources] == [
        ("A paper (2012).", ("§2", "§5"))
    ]


def test_only_keepers_change_the_vocabulary(make: Make):
    for viewer in (make.member(), make.member("trainer")):
        with pytest.raises(Forbidden):
            put_term(by=viewer, draft=draft("a"))
    put_term(by=make.member("curator"), draft=draft("a"))


def test_what_does_not_exist_cannot_be_referred_to():
    with pytest.raises(NotFound):
        put_term(by=SYSTEM, draft=draft("a", scheme="nothing"))
    with pytest.raises(NotFound):
        put_term(by=SYSTEM, draft=draft("a", broader=("nothing",)))
    with pytest.raises(NotFound):
        put_term(by=SYSTEM, draft=draft("a", sources=(("nothing", ""),)))
    assert db.session.scalars(select(Term.key)).all() == ["a"]


def test_terms_merged_in_a_circle_all_lead_to_one_of_them():
    drafts = [draft(key, name={"en": key}) for key in ("a", "b", "c")]
    rows = put_terms(by=SYSTEM, drafts=drafts)
    merged = zip(drafts, ("b", "c", "b"), strict=True)
    relate_terms(by=SYSTEM, drafts=[replace(one, merged_into=into) for one, into in merged])
    now = words.vocabulary()
    assert {now.resolved(now.by_id[one.id]).key for one in rows} == {"b"}
