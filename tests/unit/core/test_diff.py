"""Two states of a text are compared by section, paragraph, Han character and word."""

import pytest
from hypothesis import given, strategies as st

from cop.core import diff
from cop.core.align import changes, matches
from cop.core.diff import Kind, Pair, Piece, Skip, diff_sections


def compare(old, new, **options):
    (section,) = diff_sections({"s": old}, {"s": new}, ["s"], **options)
    return section


def marked(pieces):
    """Write removed pieces in [-…-] and added ones in {+…+}; None where there is no paragraph."""
    form = {Kind.SAME: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "{{+{}+}}"}
    return pieces and "".join(form[piece.kind].format(piece.text) for piece in pieces)


def rows(section):
    return [
        row if isinstance(row, Skip) else (marked(row.was), marked(row.now))
        for row in section.pairs
    ]


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        (
            "我们在社区做了一次会议。",
            "我们在街道社区做了一次开放空间会议。",
            "我们在社区做了一次会议。",
            "我们在{+街道+}社区做了一次{+开放空间+}会议。",
        ),
        ("很长的做法说明。", "很长的说明。", "很长的[-做法-]说明。", "很长的说明。"),
        (
            "We asked the office twice.",
            "We asked the sub-district office twice.",
            "We asked the office twice.",
            "We asked the {+sub-district +}office twice.",
        ),
        (
            "We asked the office twice.",
            "Later, we asked the sub-district office.",
            "[-We-] asked the office[- twice-].",
            "{+Later, we+} asked the {+sub-district +}office.",
        ),
        ("two  spaces here", "two spaces here", "two [- -]spaces here", "two spaces here"),
        ("They don't know.", "They didn't know.", "They [-don't-] know.", "They {+didn't+} know."),
        (
            "用 Open Space 开会",
            "用 World Café 开会",
            "用 [-Open Space-] 开会",
            "用 {+World Café+} 开会",
        ),
        ("在2003年", "在2009年", "在[-2003-]年", "在{+2009+}年"),
        ("参加的有30人。", "参加的有30人！", "参加的有30人[-。-]", "参加的有30人{+！+}"),
        ("直接找一把手谈", "居民自己组织活动", "[-直接找一把手谈-]", "{+居民自己组织活动+}"),
        ("𠮷野😀", "𠮷家😀", "𠮷[-野-]😀", "𠮷{+家+}😀"),
    ],
)
def test_a_paragraph_is_compared_by_han_character_and_by_latin_word(old, new, was, now):
    assert rows(compare(old, new)) == [(was, now)]


def test_one_character_in_common_is_not_picked_out_of_a_passage_written_anew():
    was, now = rows(
        compare("开头。街道办的工作人员来了。结尾。", "开头。志愿者和居民的孩子参加。结尾。")
    )[0]
    assert was == "开头。[-街道办的工作人员来了-]。结尾。"
    assert now == "开头。{+志愿者和居民的孩子参加+}。结尾。"


def test_new_and_removed_paragraphs_stand_alone():
    section = compare("一\n\n二", "一\n\n三\n\n二\n\n四")
    assert rows(section) == [("一", "一"), (None, "{+三+}"), ("二", "二"), (None, "{+四+}")]
    assert rows(compare("一\n二", "二")) == [("[-一-]", None), ("二", "二")]


def test_a_rewritten_paragraph_stands_beside_the_one_it_came_from():
    old = "第一段讲的是事情的背景。\n第二段讲的是我们的做法，写得很长。"
    new = "这里插进来的是完全不同的话。\n第二段讲的是我们的具体做法，写得很长。"
    assert rows(compare(old, new)) == [
        ("[-第一段讲的是事情的背景。-]", None),
        (None, "{+这里插进来的是完全不同的话。+}"),
        ("第二段讲的是我们的做法，写得很长。", "第二段讲的是我们的{+具体+}做法，写得很长。"),
    ]


def test_unchanged_paragraphs_away_from_changes_are_folded():
    old = "\n\n".join(f"第{i}段" for i in range(10))
    section = compare(old, old.replace("第5段", "第5节"))
    assert rows(section) == [
        Skip(4),
        ("第4段", "第4段"),
        ("第5[-段-]", "第5{+节+}"),
        ("第6段", "第6段"),
        Skip(3),
    ]
    assert len(compare(old, old.replace("第5段", "第5节"), context=None).pairs) == 10


def test_sections_come_in_order_and_say_whether_they_changed():
    sections = diff_sections(
        {"context": "一", "gone": "旧", "what_we_did": "二"},
        {"what_we_did": "二二", "context": "一", "also_new": "新", "empty": ""},
        ["what_we_did", "empty", "context"],
    )
    assert [(s.key, s.changed) for s in sections] == [
        ("what_we_did", True),
        ("context", False),
        ("also_new", True),
        ("gone", True),
    ]
    assert sections[1].pairs == (Skip(1),)


def test_han_characters_and_words_are_counted():
    section = compare("开会，三次。", "开会，三次。We met again, 又开了。")
    assert (section.added_count, section.removed_count) == (6, 0)
    assert compare("开会 now", "").removed_count == 3


def test_the_pieces_are_plain_values_for_templates():
    assert compare("", "新").pairs == (Pair(None, (Piece("新", Kind.ADDED),)),)
    assert Kind.ADDED == "added"


TEXTS = st.text(alphabet="一二三的，。 ab'\n\u0301😀", max_size=60)


@given(TEXTS, TEXTS)
def test_no_character_is_lost_on_either_side(old, new):
    sections = diff_sections({"s": old}, {"s": new}, ["s"], context=None)
    pairs = [pair for section in sections for pair in section.pairs]

    def side(name):
        sides = (getattr(pair, name) for pair in pairs)
        return ["".join(piece.text for piece in pieces) for pieces in sides if pieces is not None]

    assert side("was") == [line for line in old.split("\n") if line.strip()]
    assert side("now") == [line for line in new.split("\n") if line.strip()]
    for pair in pairs:
        assert {p.kind for p in pair.was or ()} <= {Kind.SAME, Kind.REMOVED}
        assert {p.kind for p in pair.now or ()} <= {Kind.SAME, Kind.ADDED}
        if pair.was and pair.now:
            assert kept(pair.was) == kept(pair.now)


def kept(pieces):
    return "".join(piece.text for piece in pieces if piece.kind is Kind.SAME)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    for section in diff_sections({"s": text}, {"s": text}, ["s"]):
        assert not section.changed
        assert section.added_count == section.removed_count == 0
        assert all(isinstance(row, Skip) for row in section.pairs)


def test_a_few_changes_in_a_long_paragraph_are_found_singly():
    old = "".join(chr(0x4E00 + i * i % 900) for i in range(4_000))
    new = old[:1_000] + "甲" + old[1_000:3_000] + old[3_001:]
    section = compare(old, new)
    assert (section.added_count, section.removed_count) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("的" * 300_000, "一" * 300_000),
        ("的一" * 9_000, "一的的" * 6_000),
        ("a\n" * 50_000, "b\n" * 50_000),
        (
            "\n".join(f"甲{i}的一" for i in range(3_000)),
            "\n".join(f"乙{i}的一" for i in range(3_000)),
        ),
    ],
)
def test_what_is_too_much_to_compare_is_shown_as_replaced(old, new):
    section = compare(old, new)
    assert section.changed
    assert not any(isinstance(row, Skip) for row in section.pairs)
    assert not any(kept(row.was or ()) for row in section.pairs)


def test_details_are_compared_only_while_the_budget_lasts(monkeypatch):
    monkeypatch.setattr(diff, "COMPARED_IN_ALL", 20)
    section = compare(
        "一二三四五六七八\n间\n一二三四五六七八", "一二三四五六七\n间\n一二三四五六七"
    )
    assert rows(section) == [
        ("一二三四五六七[-八-]", "一二三四五六七"),
        ("间", "间"),
        ("[-一二三四五六七八-]", "{+一二三四五六七+}"),
    ]


SEQUENCES = st.text(alphabet="abc", max_size=14)


def longest_common(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        above = row
        row = [0]
        for j, y in enumerate(b):
            row.append(above[j] + 1 if x == y else max(row[j], above[j + 1]))
    return row[-1]


@given(SEQUENCES, SEQUENCES)
def test_as_much_as_possible_is_matched(a, b):
    found = matches(a, b)
    assert all(a[m.a : m.a + m.size] == b[m.b : m.b + m.size] for m in found)
    assert sum(m.size for m in found) == longest_common(a, b)


@given(SEQUENCES, SEQUENCES, st.integers(0, 4))
def test_the_changes_lead_from_the_one_to_the_other(a, b, most_edits):
    built, at = "", 0
    for change in changes(a, b, most_edits=most_edits):
        assert change.start >= at
        built += a[at : change.start] + b[change.new_start : change.new_end]
        at = change.end
    assert built + a[at:] == b
