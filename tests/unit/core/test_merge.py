"""Two people edit one text: what does not collide is joined, and nobody's words vanish."""

import pytest
from hypothesis import given, strategies as st

from cop.core.align import matches
from cop.core.merge import Merge, merge3, merge_sections

A, B, C = "第一段。", "第二段。", "第三段。"


def paragraphs(*texts):
    return "\n\n".join(texts)


JOINED = {
    "different paragraphs": (
        paragraphs(A, B, C),
        paragraphs("甲改了第一段。", B, C),
        paragraphs(A, B, "乙改了第三段。"),
        paragraphs("甲改了第一段。", B, "乙改了第三段。"),
    ),
    "neighbouring paragraphs": (
        paragraphs(A, B),
        paragraphs("甲改了第一段。", B),
        paragraphs(A, "乙改了第二段。"),
        paragraphs("甲改了第一段。", "乙改了第二段。"),
    ),
    "the same change": (
        paragraphs(A, B),
        paragraphs("同样。", B),
        paragraphs("同样。", B, C),
        paragraphs("同样。", B, C),
    ),
    "a new paragraph after an edited one": (
        A,
        paragraphs(A, "新的。"),
        "改了。",
        "改了。\n\n新的。",
    ),
    "one removes, one adds": (
        paragraphs(A, B, C),
        paragraphs(A, C),
        paragraphs(A, B, C, "新。"),
        paragraphs(A, C, "新。"),
    ),
    "new at the top, edited below": (
        paragraphs(A, B),
        paragraphs("新。", A, B),
        paragraphs(A, "改。"),
        paragraphs("新。", A, "改。"),
    ),
    "the first removed, another put on top": (
        paragraphs(A, B),
        B,
        paragraphs("新。", A, B),
        paragraphs("新。", B),
    ),
    "lines of a list": (
        "- a\n- b\n- c",
        "- a1\n- b\n- c",
        "- a\n- b\n- c\n- d",
        "- a1\n- b\n- c\n- d",
    ),
    "lines of a numbered list": (
        "一、甲\n二、乙",
        "一、甲甲\n二、乙",
        "一、甲\n二、乙乙",
        "一、甲甲\n二、乙乙",
    ),
    "an item on top and one edited": ("- a\n- b", "- 0\n- a\n- b", "- a1\n- b", "- 0\n- a1\n- b"),
    "paragraphs parted by one line end": (
        f"{A}\n{B}",
        f"改。\n{B}",
        f"{A}\n改改。",
        "改。\n改改。",
    ),
    "a gap widened and a paragraph edited": (
        f"{A}\n{B}",
        f"{A}\n\n{B}",
        f"{A}\n改。",
        f"{A}\n改。",
    ),
    "only one wrote": ("", "", A, A),
}
#: Paragraphs that repeat, so that one change can be seen as two different ones.
REPEATED = (
    paragraphs(A, A, B),
    paragraphs(B, A, B),
    paragraphs(B, A, B, A),
)
COLLIDING = {
    "one paragraph": (A, "甲。", "乙。"),
    "a paragraph of several lines": ("one\ntwo", "ONE\ntwo", "one\nTWO"),
    "both add at the end": (A, paragraphs(A, "甲。"), paragraphs(A, "乙。")),
    "both fill an empty section": ("", "甲。", "乙。"),
    "one removes what the other edits": (paragraphs(A, B), A, paragraphs(A, "改。")),
    "one splits what the other edits": (
        paragraphs(A, B),
        paragraphs("一。", "二。", B),
        paragraphs("改。", B),
    ),
    "one item": ("- a\n- b", "- a1\n- b", "- a2\n- b"),
}


@pytest.mark.parametrize(("base", "mine", "theirs", "joined"), JOINED.values(), ids=JOINED)
def test_changes_of_different_paragraphs_join(base, mine, theirs, joined):
    assert merge3(base, mine, theirs) == Merge(joined, conflicts=False)


@pytest.mark.parametrize(("base", "mine", "theirs"), COLLIDING.values(), ids=COLLIDING)
def test_different_changes_of_one_paragraph_are_a_conflict_that_leaves_mine_alone(
    base, mine, theirs
):
    assert merge3(base, mine, theirs) == Merge(mine, conflicts=True)
    assert merge3(base, theirs, mine) == Merge(theirs, conflicts=True)


def test_one_change_seen_differently_is_not_made_twice():
    base, mine, theirs = REPEATED
    assert merge3(base, mine, theirs) == Merge(theirs, conflicts=False)


def test_sections_merge_one_by_one():
    merged = merge_sections(
        {"context": A, "what_we_did": B, "when_it_applies": C},
        {"context": "甲。", "what_we_did": "甲。", "when_it_applies": C},
        {"context": A, "what_we_did": "乙。", "what_we_learned": "乙。"},
    )
    assert merged.sections == {
        "context": "甲。",
        "what_we_did": "甲。",
        "when_it_applies": "",
        "what_we_learned": "乙。",
    }
    assert merged.conflicts == ("what_we_did",)


WORDS = [f"段落{n}。" for n in "甲乙丙丁戊己庚辛"]
UNITS = st.lists(st.sampled_from(WORDS), max_size=6)
TEXTS = UNITS.map("\n\n".join)


@given(TEXTS, TEXTS, TEXTS)
def test_nobodys_words_vanish_in_a_clean_merge(base, mine, theirs):
    merged = merge3(base, mine, theirs)
    if merged.conflicts:
        assert merged.text == mine
        return
    before = set(base.split("\n\n"))
    added = (set(mine.split("\n\n")) | set(theirs.split("\n\n"))) - before
    assert added - {""} <= set(merged.text.split("\n\n"))


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_comes_first(base, mine, theirs):
    one, other = merge3(base, mine, theirs), merge3(base, theirs, mine)
    assert one.conflicts == other.conflicts
    if not one.conflicts:
        assert one.text == other.text


@given(TEXTS, TEXTS)
def test_who_changed_nothing_does_not_hinder(base, changed):
    expected = Merge(changed, conflicts=False)
    assert merge3(base, changed, base) == expected
    assert merge3(base, base, changed) == expected
    assert merge3(base, changed, changed) == expected


@given(st.lists(st.integers(0, 2), min_size=1, max_size=8))
def test_every_choice_of_who_edits_which_paragraph_joins(editors):
    base = [f"第{i}段。" for i in range(len(editors))]

    def edited_by(*who):
        return paragraphs(
            *(f"{p}由{e}改。" if e in who else p for p, e in zip(base, editors, strict=True))
        )

    merged = merge3(paragraphs(*base), edited_by(1), edited_by(2))
    assert merged == Merge(edited_by(1, 2), conflicts=False)


@given(UNITS, UNITS, UNITS)
def test_it_agrees_with_an_independent_implementation(base, mine, theirs):
    oracle = pytest.importorskip("merge3")

    class OurMatcher:
        def __init__(self, _junk, a, b, *_):
            self.blocks = [tuple(m) for m in matches(a, b)] + [(len(a), len(b), 0)]

        def get_matching_blocks(self):
            return self.blocks

    groups = list(oracle.Merge3(base, mine, theirs, sequence_matcher=OurMatcher).merge_groups())
    if not any(group[0] == "conflict" for group in groups):
        joined = [unit for group in groups for unit in group[1]]
        assert merge3(*map("\n\n".join, (base, mine, theirs))) == Merge(
            "\n\n".join(joined), conflicts=False
        )


@given(
    st.text(alphabet="ab。\n- ", max_size=20),
    st.text(alphabet="ab。\n- ", max_size=20),
    st.text(alphabet="ab。\n- ", max_size=20),
)
def test_any_shape_of_lines_can_be_merged(base, mine, theirs):
    merged = merge3(base, mine, theirs)
    if not merged.conflicts:
        added = {*mine.split("\n"), *theirs.split("\n")} - {*base.split("\n")}
        kept = {line.strip() for line in merged.text.split("\n")}
        assert {line.strip() for line in added} - {""} <= kept | {"", "-"}


def test_very_long_texts_merge_in_bounded_time():
    base = [f"第{i}段。" for i in range(20_000)]
    mine, theirs = list(base), list(base)
    mine[0], theirs[-1] = "甲。", "乙。"
    merged = merge3(*map("\n\n".join, (base, mine, theirs)))
    assert not merged.conflicts
    rewritten = ["改。"] * 20_000
    assert merge3(*map("\n\n".join, (base, rewritten, theirs))).conflicts
