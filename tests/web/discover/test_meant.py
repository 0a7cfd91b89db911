"""Did you mean: only what finds more for this very reader, said in her own script, never in place of what she typed."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discover.asking import Asked
from cop.discover.indexing import engine
from cop.discover.kept_names import kept_names
from cop.discover.meant import meant, nearest_terms
from cop.entries import operations
from cop.people.viewer import SYSTEM, VISITOR
from cop.terms.draft import SchemeDraft, TermDraft
from cop.terms.operations import put_schemes, put_terms


@pytest.fixture
def indexed(index, run_jobs):
    """Return the function after which the index holds everything and nothing waits for it."""

    def fill():
        index()
        run_jobs()

    return fill


@pytest.fixture
def site(make, indexed):
    """Make a few notes and terms whose words are near to what is typed below."""
    put_schemes(by=SYSTEM, drafts=[SchemeDraft("strategy", {"zh-Hans": "策略", "en": "Strategy"})])
    put_terms(
        by=SYSTEM,
        drafts=[
            TermDraft(
                "leader", "strategy", {"zh-Hans": "一把手策略", "en": "First-in-Command strategy"}
            ),
            TermDraft("space", "strategy", {"zh-Hans": "开放空间", "en": "Open Space"}),
            TermDraft("volunteers", "strategy", {"zh-Hans": "志愿者", "en": "Volunteers"}),
        ],
    )
    make.note(title="The community garden", strategies=["volunteers"])
    make.note(title="An open space for a garden", strategies=["space"])
    make.note(
        strategies=["leader"], texts=(make.text(Lang.ZH, "社区服务中心怎么用：直接找一把手谈"),)
    )
    make.note(
        strategies=["leader"],
        visibility="members",
        texts=(make.text(Lang.EN, "Quiet courtyards"), make.text(Lang.ZH, "安静的院落")),
    )
    indexed()


def mean(text, viewer=VISITOR, **filters):
    with speaking(Lang.EN):
        return meant(viewer, text, Asked(text=text, filters=filters))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("comunity", "community"),
        ("Comunity gardne", "Community garden"),
        ('"comunity garden" -leader', '"community garden" -leader'),
        ("openspace", "open space"),
        ("yibasou", "yibashou"),
        ("一把守", "一把手"),
        ("一八手策略", "一把手策略"),
        ("找一把守", "找一把手"),
        ("自愿者", "志愿者"),
        ("開放空見", "開放空間"),
        ("射区服务", "社区服务"),
        ("社区福务 comunity", "社区服务 community"),
        ("服务中辛", "服务中心"),
    ],
)
def test_what_was_typed_with_a_slip_is_said_right(site, typed, said):
    assert mean(typed) == said


@pytest.mark.parametrize(
    "typed",
    [
        "community",
        "一把手",
        "開放空間",
        "open space",
        "garden zzzzz",
        "zzzzzzzz",
        "",
        '"',
        "-comunity",
        "x" * 400,
    ],
)
def test_what_is_held_or_near_to_nothing_is_left_alone(site, typed):
    assert mean(typed) is None


def test_words_of_what_a_reader_may_not_list_are_not_told_her(site, make, indexed):
    assert mean("courtyrads") is None
    assert mean("安静的院洛") is None
    member = make.member()
    make.note(title="Courtyards for all")
    indexed()
    assert mean("courtyrads") == mean("courtyrads", member) == "courtyards"


def test_words_of_what_was_hidden_are_gone_at_once_though_the_index_lags(make, indexed):
    note = make.note(title="Wistaria society")
    indexed()
    assert mean("wisteria") == "wistaria"
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="A name")
    db.session.commit()
    assert engine().holding(["wistaria"], labels=frozenset({"public"})) == [1]
    assert mean("wisteria") is None
    kept = kept_names()
    assert kept.spelt.near("wisteria") == ["wistaria"], "nothing looked, so nothing was forgotten"
    kept.refresh()
    assert kept.spelt.near("wisteria") == []


def test_a_title_that_was_hidden_is_not_read_for_what_sounds_alike(make, indexed):
    note = make.note(texts=(make.text(Lang.ZH, "紫藤会社的故事"),))
    indexed()
    assert mean("紫藤会设") == "紫藤会社"
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="A name")
    db.session.commit()
    assert mean("紫藤会设") is None


def test_what_would_find_nothing_under_the_filters_is_not_proposed(site):
    assert mean("comunity", outcome=("worked",)) == "community"
    assert mean("comunity", outcome=("failed",)) is None


def test_without_an_index_nothing_is_proposed(site, monkeypatch):
    from cop.search.engine import IndexDamaged
    from cop.search.local import LocalEngine

    def broken(*_args, **_more):
        raise IndexDamaged

    monkeypatch.setattr(LocalEngine, "holding", broken)
    assert mean("comunity") is None


def near(text):
    with speaking(Lang.EN):
        return [one.name for one in nearest_terms(text, 2)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("volunteer retention", ["Volunteers"]),
        ("volunters", ["Volunteers"]),
        ("志愿者不来了", ["Volunteers"]),
        ("自愿者", ["Volunteers"]),
        ("一把守换了", ["First-in-Command strategy"]),
        ("commanding officer strategies", ["First-in-Command strategy"]),
        ("opne spaces", ["Open Space"]),
        ("空间不够", ["Open Space"]),
        ("zzzz", []),
        ("", []),
        ("。", []),
    ],
)
def test_the_nearest_terms_are_named(site, text, names):
    assert near(text) == names
