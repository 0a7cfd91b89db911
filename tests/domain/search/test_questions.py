"""What practitioners ask finds what the starter content has to say to it, in either language and many spellings."""

from __future__ import annotations

from collections import Counter
from statistics import fmean

import pytest

from cop.core.i18n import speaking
from cop.core.paths import STARTER
from cop.core.types import Lang
from cop.discover.meant import meant
from cop.discover.searching import PAGE_SIZE
from cop.people.viewer import VISITOR
from tests.domain.search.asking import Question, answers, ndcg, questions

ENOUGH = 0.9
_found: dict[Question, list[str]] = {}


def spelt() -> list[Question]:
    return [one for one in questions() if not one.meant]


@pytest.fixture
def found(request: pytest.FixtureRequest, starter: None) -> dict[Question, list[str]]:
    """Ask everything once; the content is the same in each of these tests."""
    if not _found:
        request.getfixturevalue("known")
        _found.update((one, answers(one)) for one in spelt())
    return _found


def test_the_questions_are_many_and_of_every_kind_and_their_answers_exist() -> None:
    files = ("notes.yaml", "practices.yaml", "discussions.yaml", "workshops.yaml")
    content = "".join((STARTER / name).read_text(encoding="utf-8") for name in files)
    asked = questions()
    assert len(asked) >= 60
    assert min(Counter(one.lang for one in asked).values()) >= 30
    for kind in ("practice-", "discussion-"):
        assert sum(any(key.startswith(kind) for key in one.best) for one in asked) >= 10, kind
    assert len({one.about for one in asked}) >= 10
    assert len({(one.ask, one.lang) for one in asked}) == len(asked)
    for one in asked:
        assert one.grades or one.nothing or one.never, one.ask
        for key in (*one.grades, *one.never):
            assert f"- id: {key}\n" in content, key


def test_every_best_answer_stands_on_the_first_page(found: dict[Question, list[str]]) -> None:
    missing = {
        one.ask: [key for key in one.best if key not in keys[:PAGE_SIZE]]
        for one, keys in found.items()
        if not set(one.best) <= set(keys[:PAGE_SIZE])
    }
    assert missing == {}


def test_the_first_pages_are_in_good_order(found: dict[Question, list[str]]) -> None:
    gains = {one: ndcg(one, keys) for one, keys in found.items() if one.grades}
    worst = sorted(gains, key=gains.__getitem__)[:10]
    told = "\n".join(f"{gains[one]:.2f} {one.ask}: {found[one][:5]}" for one in worst)
    assert fmean(gains.values()) >= ENOUGH, f"{fmean(gains.values()):.3f}; the worst:\n{told}"


def test_what_has_no_answer_finds_nothing_and_nothing_that_was_excluded(
    found: dict[Question, list[str]],
) -> None:
    wrong = {
        one.ask: keys if one.nothing else [key for key in one.never if key in keys]
        for one, keys in found.items()
        if (one.nothing and keys) or set(one.never) & set(keys)
    }
    assert wrong == {}


@pytest.mark.usefixtures("known")
def test_misspelt_questions_are_answered_by_what_was_meant() -> None:
    unanswered = {}
    for one in (one for one in questions() if one.meant):
        keys = answers(one, size=PAGE_SIZE)
        if not set(one.best) & set(keys):
            with speaking(Lang.of_tag(one.lang) or Lang.EN):
                other = meant(VISITOR, one.ask, one.asked())
            keys = answers(one, other, size=PAGE_SIZE) if other else []
        if not set(one.best) <= set(keys):
            unanswered[one.ask] = keys
    assert unanswered == {}
