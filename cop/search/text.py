"""Folding and tokens: the one function behind index, query and highlighting.

Everything that has to agree on what a word is (the index, the parsed query, the marks in a
passage, the tests' reference engine) calls `fold` and `tokens` from here and nothing else.
A change here changes what is in the index, so `cop.search.store.SCHEMA_VERSION` goes up with it.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Set as AbstractSet
from functools import cache, lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

# Scripts written without spaces between words: Han with its compatibility and supplementary
# blocks, kana, and Hangul syllables. Kept as a character class for use inside regular expressions.
CJK_CLASS = (
    "\u3005\u3007\u3021-\u3029\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
CJK_RUN = re.compile(f"[{CJK_CLASS}]+")
_MARKS = "\u0300-\u036f"
_WORD = rf"[^\W_{CJK_CLASS}][^\W_{CJK_CLASS}{_MARKS}]*(?:['\u2019]?[^\W_{CJK_CLASS}]|[{_MARKS}])*"
_RUNS = re.compile(f"(?P<cjk>[{CJK_CLASS}]+)|{_WORD}")
_WORDS = re.compile(_WORD)
_MARK_RUN = re.compile(f"[{_MARKS}]+")
#: A letter of a word in a text without combining marks.
_LETTER = rf"[^\W_{CJK_CLASS}]"

# Short on purpose: words that carry no meaning in any question. Not "not", "no", "who" or "it".
STOP_WORDS = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "does",
        "for", "from", "had", "has", "have", "how", "if", "in", "into", "is", "its", "of", "on", "or",
        "our", "so", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they",
        "this", "those", "to", "was", "we", "were", "what", "when", "where", "which", "will", "with",
        "would", "you", "your",
    }
)  # fmt: skip

# The same for Chinese: what a question is asked with. Passed over in questions only, for a text
# is not cut into words.
_ASKING = re.compile(
    "为什么|怎么(?:办|样|做)?|怎样|如何|什么|哪(?:些|个|里)|多少|是否|有没有|[我你他她咱]们"
)

# British and American spelling are one word: organisation and organization, labour and labor,
# centre and center, programme and program. "Promise" becomes "promize" on both sides, which
# nobody sees.
_BRITISH = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e[drs]?|ers|ing|ations?)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})our(?=(?:s|ed|ing|able|ers?|hoods?)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})tre(?=s?$)"), "ter"),
    (re.compile(r"(?<=^program)me(?=s?$)"), ""),
)

# Verbs whose nouns are spelt otherwise, after Lovins (1968): absorb and absorption, register and
# registration, decide and decision, solve and solution are one word to whoever searches.
_NOUNS = (
    (re.compile(r"(?<=[a-z]{3})icion$"), "ici"),
    (re.compile(r"(?<=.)rpt$"), "rb"),
    (re.compile(r"(?<=s)cript$"), "crib"),
    (re.compile(r"(?<=[a-z]{2})istr$"), "ist"),
    (re.compile(r"(?<=[a-z]{2})uct$"), "uc"),
    (re.compile(r"(?<=[a-z])olut$"), "olv"),
    (re.compile(r"(?<=[a-z]{2})spons$"), "spond"),
    (re.compile(r"(?<=[a-z]{2})(pan|ten|hen)s$"), r"\1d"),
    (re.compile(r"(?<=[a-z]{2})cis$"), "cid"),
    (re.compile(r"^(ad|com|o|per|sub|trans)miss$"), r"\1mit"),
    (re.compile(r"^(de|per|re)cept$"), r"\1ceiv"),
)

# A single "word" longer than this (a pasted key, a web address) is cut: nobody searches for it.
LONGEST_WORD = 64


class Token(NamedTuple):
    """One token, and the span of the text it stands for."""

    text: str
    start: int
    end: int


_SPAN = attrgetter("start", "end")


class _FoldTable(dict[int, int]):
    """What each character folds to, worked out when the character is first met."""

    def __missing__(self, code: int) -> int:
        folded = ord(_fold_character(chr(code)))
        self[code] = folded
        return folded


_table = _FoldTable()
#: From this length on an array is quicker than a table.
_LONG = 200
_FIRST_SURROGATE, _LAST_SURROGATE, _LAST_UNIT = 0xD800, 0xDFFF, 0xFFFF


def fold(s: str) -> str:
    """The text in its searchable form: same length, so offsets map straight back.

    Full-width and compatibility forms, case, Latin accents and Traditional characters are
    levelled. A character whose normal form is not exactly one character stays as it is.
    Folding twice changes nothing.
    """
    if s.isascii():
        return s.lower()
    return s.translate(_table) if len(s) < _LONG else _fold_long(s)


def _fold_long(s: str) -> str:
    """The same by one look into an array: ten times faster, where numpy has been paid for."""
    import numpy as np

    array = _array()
    units = np.frombuffer(s.encode("utf-16-le", "surrogatepass"), "<u2")
    folded = array[units]
    if not folded.all():
        for code in set(units[folded == 0].tolist()):
            if not _FIRST_SURROGATE <= code <= _LAST_SURROGATE and _table[code] <= _LAST_UNIT:
                array[code] = _table[code]
        folded = array[units]
        if not folded.all():  # something beyond what one unit can say
            return s.translate(_table)
    content: bytes = folded.tobytes()
    return content.decode("utf-16-le", "surrogatepass")


@cache
def _array() -> Any:
    """What each unit of UTF-16 folds to; 0 where that is not known, or not to be told by one unit."""
    import numpy as np

    return np.zeros(_LAST_UNIT + 1, "<u2")


def tokens(s: str, *, query: bool = False, only: AbstractSet[str] | None = None) -> list[Token]:
    """The tokens of a text with their offsets into it, in reading order.

    A run of Chinese, Japanese or Korean gives every character and every pair of neighbours;
    any other run gives a word, stemmed when it is English and left out when it is a stop word.
    With `query`, a run of two characters or more gives its pairs only, what it is asked with
    (怎么, 我们) aside: what a document must hold to hold the word. A single character stays a
    query. With `only`, the tokens among these texts, which is several times faster than to
    choose afterwards.
    """
    if only is not None and not query:
        return _among(fold(s), only)
    found: list[Token] = []
    for is_cjk, start, surface in _runs(fold(s)):
        if is_cjk and query:
            for at, piece in _told(surface):
                size = min(len(piece), 2)
                found.extend(
                    Token(piece[n : n + size], start + at + n, start + at + n + size)
                    for n in range(len(piece) - size + 1)
                )
        elif is_cjk:
            for at, one in enumerate(surface):
                found.append(Token(one, start + at, start + at + 1))
                if at + 1 < len(surface):
                    found.append(Token(surface[at : at + 2], start + at, start + at + 2))
        elif word := _word(surface):
            found.append(Token(word, start, start + len(surface)))
    return found if only is None else [token for token in found if token.text in only]


def _told(surface: str) -> list[tuple[int, str]]:
    """The pieces of a Chinese question between what it is asked with, or all of it if none is left."""
    pieces: list[tuple[int, str]] = []
    at = 0
    for asking in _ASKING.finditer(surface):
        pieces.append((at, surface[at : asking.start()]))
        at = asking.end()
    pieces.append((at, surface[at:]))
    longest = max(len(piece) for _, piece in pieces)
    if not longest:
        return [(0, surface)]
    # A lone character beside whole words says little: 的 of 我们的.
    return [(at, piece) for at, piece in pieces if len(piece) >= min(2, longest)]


def _among(folded: str, only: AbstractSet[str]) -> list[Token]:
    """The tokens of a folded text that are among these, found by looking for each of them."""
    found: list[Token] = []
    initials = set()
    for text in only:
        if not CJK_RUN.match(text):
            initials.add(text[:1])
            continue
        at = folded.find(text) if len(text) <= 2 else -1
        while at >= 0:
            found.append(Token(text, at, at + len(text)))
            at = folded.find(text, at + 1)
    if initials:
        for match in _words_with(frozenset(initials), folded):
            word = _word(match.group())
            if word in only:
                found.append(Token(word, match.start(), match.end()))
    found.sort(key=_SPAN)
    return found


def _words_with(initials: frozenset[str], folded: str) -> Iterator[re.Match[str]]:
    """The words that begin with one of these letters, as the stem of a word does."""
    if _MARK_RUN.search(folded):
        return (match for match in _WORDS.finditer(folded) if match.group()[0] in initials)
    return _beginning_with("".join(sorted(initials))).finditer(folded)


# A page looks for the same words in twenty texts.
@lru_cache(maxsize=256)
def _beginning_with(initials: str) -> re.Pattern[str]:
    """The words of a text without combining marks that begin so: most of them are never looked at."""
    first = f"[{initials}]"
    return re.compile(
        f"{first}(?<!{_LETTER}{first})(?<!{_LETTER}['\u2019]{first})"
        f"{_LETTER}*(?:['\u2019]?{_LETTER})*"
    )


def token_texts(s: str) -> list[str]:
    """The texts of `tokens(s)` without their offsets, in no particular order: what is indexed."""
    found: list[str] = []
    for is_cjk, _, surface in _runs(fold(s)):
        if is_cjk:
            found.extend(surface)
            found.extend(map("".join, pairwise(surface)))
        elif word := _word(surface):
            found.append(word)
    return found


def pinyin_forms(label: str) -> str:
    """Every way people type a label's pinyin, as text for `Document.tags_text`.

    Takes Chinese ("开放空间") or pinyin by syllable ("kai fang kong jian", tones allowed) and
    gives the syllables, every run of two to four neighbours joined, and the whole joined:
    "kaifang kongjian", "kaifangkongjian" and "kai fang kong jian" all find it. A syllable
    with ü is given as u and as v, as input methods have it. A label with neither gives "".
    """
    spelt = label if not CJK_RUN.search(label) else " ".join(syllables(label))
    forms: list[str] = []
    for variant in dict.fromkeys((_spell(spelt, "u"), _spell(spelt, "v"))):
        forms.extend(_joined_runs(variant.split()))
    return " ".join(dict.fromkeys(forms))


def _joined_runs(syllables: list[str]) -> Iterator[str]:
    count = len(syllables)
    for size in range(1, min(count, 4) + 1):
        for at in range(count - size + 1):
            yield "".join(syllables[at : at + size])
    if count > 4:
        yield "".join(syllables)


def _spell(pinyin: str, umlaut: str) -> str:
    plain = []
    for character in unicodedata.normalize("NFC", pinyin.lower()):
        base = unicodedata.normalize("NFD", character)
        if base[0].isascii() and base[0].isalnum():
            plain.append(umlaut if base[0] == "u" and "\u0308" in base else base[0])
        elif character not in "'\u2019":
            plain.append(" ")
    return "".join(plain)


def syllables(label: str) -> list[str]:
    """Return the pinyin of each Han character without tones; what stands between them stays as it is."""
    from pypinyin import lazy_pinyin  # 45 MB, and most processes never need it

    spelt: list[str] = lazy_pinyin(label, v_to_u=True)
    return spelt


def _runs(folded: str) -> Iterator[tuple[bool, int, str]]:
    for match in _RUNS.finditer(folded):
        yield match.lastgroup is not None, match.start(), match.group()


@lru_cache(maxsize=65536)
def _word(surface: str) -> str:
    """The token of a folded word, or nothing for a stop word."""
    word = _MARK_RUN.sub("", surface).replace("\u2019", "'")
    if word in STOP_WORDS:
        return ""
    if not word.isascii():
        return word.replace("'", "")[:LONGEST_WORD]
    if word.replace("'", "").isalpha() and len(word) <= LONGEST_WORD:
        for british, american in _BRITISH:
            word = british.sub(american, word)
        return _family(_stem(word).replace("'", ""))
    return word.replace("'", "")[:LONGEST_WORD]


def _family(stem: str) -> str:
    for noun, verb in _NOUNS:
        found, changes = noun.subn(verb, stem)
        if changes:
            return found
    return stem


def _stem(word: str) -> str:
    stemmer, lock = _stemmer()
    with lock:  # the stemmer keeps the word it works on in itself
        stemmed: str = stemmer.stemWord(word)
    return stemmed


@cache
def _stemmer() -> tuple[Any, threading.Lock]:
    import snowballstemmer

    return snowballstemmer.stemmer("english"), threading.Lock()


def _fold_character(character: str) -> str:
    """One character's folded form; repeated until nothing changes, so that folding is stable."""
    for _ in range(4):
        folded = _simplified(_without_accent(_one(_one(character, _normal), str.lower)))
        if folded == character:
            break
        character = folded
    return character


def _one(character: str, change: Callable[[str], str]) -> str:
    changed = change(character)
    return changed if len(changed) == 1 else character


def _normal(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _without_accent(character: str) -> str:
    if character.isascii() or not character.isalpha():
        return character
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() and base.isalpha() else character


def _simplified(character: str) -> str:
    if not CJK_RUN.match(character):
        return character
    return _one(character, _converter())


@cache
def _converter() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert
