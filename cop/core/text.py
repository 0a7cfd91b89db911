"""Text as people type and paste it: cleaned before it is stored, named, shortened and sorted."""

from __future__ import annotations

import re
import unicodedata

from cop.core.types import Lang

SLUG_LIMIT = 80
#: The slug of a title without letters or digits, because a route needs at least one character.
NAMELESS_SLUG = "untitled"
#: Characters of a title that take part in sorting; later ones would only bloat the index.
SORT_KEY_LIMIT = 64

# Invisible characters that serve no Chinese or English sentence. Directional marks, overrides and
# isolates can make a name or an address read as another; tag characters and annotations smuggle
# hidden text past moderators; zero-width spaces, soft hyphens and word joiners come with pasted web
# pages and split words, so that search misses them. ZWJ and ZWNJ stay: emoji and other scripts need
# them. Variation selectors stay: Chinese names are told apart by them.
_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\U000e0000-\U000e007f"
)
_CONTROLS = "\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f"
_NONCHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"
_UNWANTED = re.compile(f"[{_CONTROLS}{_INVISIBLE}{_NONCHARACTERS}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")
_BLANK_LINE = re.compile(r"^[^\S\n]+$", re.MULTILINE)
_MARK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED_MARKS = re.compile(f"({_MARK}{{4}}){_MARK}+")
# What shows nothing though it is no space: fillers, Braille blank, joiners and variation selectors.
_NOTHING_TO_SEE = re.compile(
    "[\\s\u115f\u1160\u200c\u200d\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
)

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
# Where these occur somebody writes Chinese; a Chinese name in an English sentence has none of them.
_CHINESE_GRAMMAR = re.compile("[，。、；的了在是与和们我]")
_SLUG_GAP = re.compile(r"[\W_]+")
_SORTED_PART = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<number>\d+)|(?P<word>(?:(?![{_HAN}\d_])\w)+)")
_SENTENCE_END = re.compile(
    "[。！？；…]+[”’」』）】》]*"
    r"|(?<![\s.(][A-Za-z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bNo)(?<!\bvs)"
    "[.!?]+[\"'”’)]*(?=\\s)"
)
_CLINGS = re.compile(
    f"{_MARK}|[\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)


def clean(s: str, *, multiline: bool) -> str:
    """Return what may be stored: NFC, no control or misleading characters, trimmed.

    Line ends become newlines; a single-line text has each run of white space made one space. Text
    that shows nothing (spaces, U+3000, zero-width characters) is empty. Cleaning twice changes
    nothing more.
    """
    s = unicodedata.normalize("NFC", without_invisible(s))
    s = _STACKED_MARKS.sub(r"\1", s)
    s = _outdented(_BLANK_LINE.sub("", s)).strip() if multiline else " ".join(s.split())
    return "" if _NOTHING_TO_SEE.fullmatch(s) else s


def _outdented(s: str) -> str:
    """Take away an indent that all lines share, lest trimming the first one nest the others in it."""
    s = s.strip("\n")
    indent = s[: len(s) - len(s.lstrip())]
    lines = s.split("\n") if indent else []
    if lines and all(line.startswith(indent) for line in lines if line):
        return "\n".join(line.removeprefix(indent) for line in lines)
    return s


def without_invisible(s: str) -> str:
    """Return the text without control and misleading invisible characters, else unchanged.

    Unlike ``clean`` it composes nothing, so it may be used on HTML, where ``>`` and a combining
    stroke that follows it must not become one character.
    """
    return _SURROGATE.sub("\ufffd", _UNWANTED.sub("", _LINE_END.sub("\n", s)))


def is_cjk(character: str) -> bool:
    """Return whether the character is set like a Han character: no spaces around, full width.

    That is Han, kana, Hangul and full-width punctuation, but not emoji.
    """
    code = ord(character)
    if code < 0x1100:
        return False
    if unicodedata.category(character) == "So":  # emoji are wide, too; radicals and ㈱ are ours
        return 0x2E80 <= code <= 0x33FF
    return unicodedata.east_asian_width(character) in "WFH"


def han_share(s: str) -> float:
    """Return the share of Han characters among Han characters and words of other scripts, 0 to 1.

    A word counts as much as a character, because it takes about as long to say.
    """
    han = len(_HAN_CHARACTER.findall(s))
    words = len(_WORD.findall(_HAN_CHARACTER.sub(" ", s)))
    return han / (han + words) if han + words else 0.0


def guess_lang(s: str, *, default: Lang = Lang.ZH) -> Lang:
    """Return the language most of the text is in; the default where there is nothing to go by."""
    if not _WORD.search(s):
        return default
    share = han_share(s)
    enough = 0.2 if _CHINESE_GRAMMAR.search(s) else 0.5
    return Lang.ZH if share >= enough else Lang.EN


def slugify(title: str) -> str:
    """Return a title as the readable end of an address: Han kept, Latin plain and in lower case.

    It is never empty and never over ``SLUG_LIMIT`` characters; a word is not cut where that can be
    helped.
    """
    plain = _fold(title[: SLUG_LIMIT * 4]).replace("'", "").replace("\u2019", "")
    slug = _SLUG_GAP.sub("-", plain).strip("-")
    if len(slug) > SLUG_LIMIT:
        kept, following = slug[:SLUG_LIMIT], slug[SLUG_LIMIT]
        if following != "-" and not is_cjk(following) and not is_cjk(kept[-1]):
            last_gap = kept.rfind("-")
            kept = kept[:last_gap] if last_gap > SLUG_LIMIT // 2 else kept
        slug = kept.strip("-")
    return slug or NAMELESS_SLUG


def excerpt(text: str, limit: int) -> str:
    """Return the beginning of a text in at most ``limit`` characters, on one line.

    It ends with a sentence where one ends in the second half of the space, else between words with
    an ellipsis.
    """
    flat = _one_line(text)
    if len(flat) <= limit:
        return flat
    ends = [m.end() for m in _SENTENCE_END.finditer(flat, 0, limit + 1) if m.end() <= limit]
    if ends and ends[-1] * 2 >= limit:
        return flat[: ends[-1]]
    cut = _word_start(flat, max(limit - 1, 0), lowest=limit // 2)
    while cut > 0 and (_CLINGS.match(flat[cut]) or flat[cut - 1] == "\u200d"):
        cut -= 1
    return (flat[:cut].rstrip(" ,;:，、；：") + "…")[:limit]


def sort_key(s: str) -> str:
    """Return what to order by, to be stored at write: pinyin for Han, plain lower-case Latin.

    Han sort by syllable and tone character by character as in a Chinese dictionary, between the
    Latin words; leading punctuation does not count, and numbers sort by value. Compare it by code
    point (the column needs the ``C`` collation on PostgreSQL).
    """
    folded = _fold(s[: SORT_KEY_LIMIT * 2])[:SORT_KEY_LIMIT]
    parts: list[str] = []
    for part in _SORTED_PART.finditer(folded):
        if part["han"]:
            parts += _pinyin(part["han"])
        else:
            parts.append(part["number"].zfill(8) if part["number"] else part["word"])
    if not parts:
        return "~" + folded  # after the letters
    # Same reading, different characters: keep equal titles together. A tab sorts before the space
    # between syllables, so that 开 comes before 开放.
    return " ".join(parts) + ("\t" + folded if _HAN_CHARACTER.search(folded) else "")


def _pinyin(han: str) -> list[str]:
    # Imported here because its tables take 45 MB, which a process that only reads need not spend.
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(han, style=Style.TONE3, neutral_tone_with_five=True)


def _fold(s: str) -> str:
    """Return compatibility forms, case and Latin accents folded away."""
    plain = (_without_accent(c) for c in unicodedata.normalize("NFKC", s).casefold())
    return re.sub(_MARK, "", "".join(plain))


def _without_accent(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() else character


def _one_line(text: str) -> str:
    """Join lines as the script wants it: with a space, or with nothing between Han characters."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    joined: list[str] = []
    for line in filter(None, lines):
        if joined and not (is_cjk(joined[-1][-1]) and is_cjk(line[0])):
            joined.append(" ")
        joined.append(line)
    return "".join(joined)


def _word_start(s: str, cut: int, *, lowest: int) -> int:
    """Return the nearest place at or before ``cut`` that is not inside a word, if not too low."""
    at = cut
    while at > lowest and _same_word(s[at - 1], s[at]):
        at -= 1
    return at if at > lowest else cut


def _same_word(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not (is_cjk(left) or is_cjk(right))
