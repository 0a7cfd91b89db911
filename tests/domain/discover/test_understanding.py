"""A question is understood: fields in either language, the terms it names, and only what the viewer may know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cop.core.db import db
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discover import authors
from cop.discover.asking import Asked
from cop.discover.understanding import Understood, understand
from cop.entries.models import NameMask, Visibility
from cop.people.models import AccountStatus
from cop.people.viewer import SYSTEM, VISITOR, Viewer
from cop.search.engine import EXPANSION_WEIGHT, Concept, Option, Sort
from cop.terms.draft import SchemeDraft, TermDraft
from cop.terms.operations import put_schemes, put_term
from tests.counting import counted

if TYPE_CHECKING:
    from tests.make import Make


@pytest.fixture(autouse=True)
def _terms() -> None:
    schemes = ("strategy", "sector", "place", "outcome", "evidence")
    put_schemes(
        by=SYSTEM, drafts=[SchemeDraft(key, {"en": key, "zh-Hans": key}) for key in schemes]
    )
    for scheme, key, zh, en, short in (
        ("strategy", "circles", "圆圈会议", "Circle Meetings", ()),
        ("sector", "kites", "风筝", "Kites", ()),
        ("place", "mist", "云雾省", "Mist Province", ("雾",)),
        ("place", "mist-lake", "云雾湖", "Mist Lake", ()),
        ("outcome", "failed", "未成功", "Did not work", ()),
        ("evidence", "interview", "访谈", "Interview", ()),
    ):
        name = {"zh-Hans": zh, "en": en}
        put_term(by=SYSTEM, draft=TermDraft(key=key, scheme=scheme, name=name, abbreviations=short))


def understood(text: str, viewer: Viewer = VISITOR, **more: object) -> Understood:
    with speaking(Lang.EN):
        return understand(viewer, Asked(text, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("strategy:circle meetings", {"strategy": ("circles",)}),
        ("策略：圆圈会议", {"strategy": ("circles",)}),
        ("策略：圓圈會議", {"strategy": ("circles",)}),
        ("strategy:circles", {"strategy": ("circles",)}),
        ("strategy:yuanquanhuiyi", {"strategy": ("circles",)}),
        ("领域：风筝", {"sector": ("kites",)}),
        ("地点：雾", {"place": ("mist",)}),
        ("place:Mist Lake, place:mist province", {"place": ("mist-lake", "mist")}),
        ('place:"Mist Lake",雾', {"place": ("mist-lake", "mist")}),
        ("outcome:did not work", {"outcome": ("failed",)}),
        ("结果：未成功 证据：访谈", {"outcome": ("failed",), "evidence": ("interview",)}),
        ("lang:中文", {"text": ("zh",)}),
        ("语言：English", {"text": ("en",)}),
        ("kind:note", {"kind": ("note",)}),
        ("类型：案例笔记", {"kind": ("note",)}),
        ("kind:case notes", {"kind": ("note",)}),
        ("period:2007", {"period": ("2005-2009",)}),
        ("时期：2003年至2010年", {"period": ("2000-2004", "2005-2009", "2010-2014")}),
    ],
)
def test_values_have_their_names_in_both_languages(
    typed: str, filters: dict[str, tuple[str, ...]]
) -> None:
    found = understood(typed)
    assert found.filters == filters
    assert found.hints == []
    assert found.words == ""
    names = {"text": "lang"}
    tags = {"zh": "zh-Hans"}
    assert found.query.filters == {
        names.get(name, name): frozenset(tags.get(value, value) for value in values)
        for name, values in filters.items()
    }


def test_typed_filters_join_those_of_the_address_and_can_be_taken_out_of_the_text() -> None:
    found = understood(
        'boats place:雾,"Mist Lake" lang:en', filters={"place": ("elsewhere",), "kind": ("note",)}
    )
    assert found.filters == {
        "place": ("elsewhere", "mist", "mist-lake"), "kind": ("note",), "text": ("en",)
    }  # fmt: skip
    assert [(one.name, one.value, one.text_without) for one in found.typed] == [
        ("place", "mist", 'boats place:"Mist Lake" lang:en'),
        ("place", "mist-lake", "boats place:雾 lang:en"),
        ("text", "en", 'boats place:雾,"Mist Lake"'),
    ]
    assert found.words == "boats"


@pytest.mark.parametrize(
    ("typed", "hint", "words"),
    [
        ("place:Atlantis boats", "“place:Atlantis” names nothing", ("Atlantis", "boats")),
        ("-place:Mist boats", "“-place:Mist”: a filter cannot", ("boats",)),
        ("or OR boats", "“OR” needs a word", ("boats",)),
        ("b* boats", "“b*” is too short", ("b", "boats")),
    ],
)
def test_what_cannot_be_followed_is_told_in_a_sentence(
    typed: str, hint: str, words: tuple[str, ...]
) -> None:
    found = understood(typed)
    with speaking(Lang.EN):
        assert [str(sentence)[: len(hint)] for sentence in found.hints] == [hint]
    assert found.query.words == words


def test_pasted_sentences_are_left_in_peace() -> None:
    found = understood("Place: the hall, at 10:30. Note: by bus, see http://example.org/a?b=c-d")
    assert found.hints == []
    assert found.filters == {}


def test_terms_named_bring_in_their_other_names() -> None:
    found = understood("circle meetings on boats", sort=Sort.NEWEST)
    (term,) = found.terms
    assert (term.ref.key, term.said, term.others) == ("circles", "circle meetings", ("圆圈会议",))
    assert found.query.concepts == (Concept("circle meetings", ("圆圈会议",), "circles"),)
    assert found.query.words == ("circle", "meetings", "boats")
    assert found.query.sort is Sort.NEWEST


def test_choices_bring_in_the_other_names_of_the_terms_they_name() -> None:
    found = understood('circle OR kites OR "circle meetings" OR boats')
    assert found.query.either == (
        (
            Option("circle"),
            Option("kites"),
            Option("circle meetings", phrase=True),
            Option("boats"),
            Option("风筝", weight=EXPANSION_WEIGHT),
        ),
    )
    assert [term.ref.key for term in found.terms] == ["kites"]
    assert understood("circle OR kites", exact=True).terms == []


@pytest.mark.parametrize(
    ("typed", "more"),
    [
        ("circle meetings", {"exact": True}),
        ("circle meetings", {"without": ("circles",)}),
        ('"circle meetings"', {}),
        ("+circle +meetings", {}),
        ("-圆圈会议 boats", {}),
        ("circle -boats meetings", {}),
        ("strategy:circles", {}),
        ("boats interview", {}),
    ],
)  # fmt: skip
def test_terms_are_not_brought_in_where_they_are_not_wanted(
    typed: str, more: dict[str, object]
) -> None:
    found = understood(typed, **more)
    assert (found.terms, found.query.concepts) == ([], ())


@pytest.fixture
def cast(make: Make) -> dict[str, int]:
    """Invented people: one known by a public note, one by a members' note, one who signs nothing."""
    people = {
        name: make.user(handle=f"invented-{name}", name=f"Invented {name.capitalize()}")
        for name in ("public", "members", "unnamed", "quiet", "gone")
    }
    make.note(by=people["public"], organisation_name="Kite House of Invention")
    make.note(
        by=people["members"],
        visibility=Visibility.MEMBERS,
        organisation_name="Boat House of Invention",
    )
    make.note(by=people["unnamed"], name_mask=NameMask.UNNAMED)
    make.note(by=people["gone"])
    people["gone"].status, people["gone"].email = AccountStatus.CLOSED.value, None
    return {name: user.id for name, user in people.items()}


@pytest.mark.parametrize(
    ("said", "visitor", "member"),
    [
        ("invented-public", "public", "public"),
        ("@Invented-Public", "public", "public"),
        ("INVENTED PUBLIC", "public", "public"),
        ("invented-members", None, "members"),
        ("Invented Members", None, "members"),
        ("Invented Unnamed", None, "unnamed"),
        ("invented-quiet", None, "quiet"),
        ("Invented Gone", None, None),
    ],
)
def test_people_are_found_by_whoever_may_know_of_them(
    make: Make, cast: dict[str, int], said: str, visitor: str | None, member: str | None
) -> None:
    for viewer, name in ((VISITOR, visitor), (make.member(), member)):
        found = understood(f"by:{said}", viewer)
        assert found.filters == ({"by": (f"user:{cast[name]}",)} if name else {})
        assert bool(found.hints) is (name is None)


def test_organisations_are_found_by_words_of_their_names_if_they_stand_in_the_directory(
    make: Make, cast: dict[str, int]
) -> None:
    member = make.member()
    kite = understood("by:Kite House").filters["by"]
    assert understood('机构："kite house of invention"').filters["by"] == kite
    assert understood("by:Boat House").filters == {}
    both = understood("by:House", member).filters["by"]
    assert set(kite) < set(both)
    assert len(both) == 2
    names = authors.names_of(member, [*both, "user:1x", "org:99999999999", "org:0", "cat:1"])
    assert {name for name, _lang in names.values()} == {
        "Kite House of Invention",
        "Boat House of Invention",
    }
    assert set(authors.names_of(VISITOR, both)) == set(kite)


def test_names_are_asked_for_in_two_queries_and_nothing_else_asks_at_all(
    make: Make, cast: dict[str, int]
) -> None:
    db.session.flush()
    understood("warm")
    with counted() as statements:
        understood("circle meetings strategy:circles place:Mist 风筝 or boats")
    assert len(statements) == 0
    with counted() as statements:
        understood("by:Invented Public House of Kites and more")
    assert len(statements) == 2
