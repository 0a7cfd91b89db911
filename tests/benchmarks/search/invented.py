"""Invented text whose words are spread as those of real text are: same seed, same text, on any machine.

- A vocabulary of 40,000 words a language. The word of rank r is used like 1/(r + 12) (Zipf–Mandelbrot; a
  pure 1/r would put the first words into every document). Chinese words are one to four of the 3,755 commonest
  characters, which are themselves used unevenly; English words are syllables with real endings, so that the
  stemmer has its work.
- Function words of each language, those of the questions included, stand between them: a third of the words of
  Chinese and two in five of English.
- A document is about something: twelve words of its own, drawn from all ranks, make up two in five of its content
  words (so a rare word that occurs, occurs again, as real ones do), and the title is made of them.
- Lengths are log-normal around 420 characters of Chinese and 150 words of English.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

VOCABULARY = 40_000
_OFFSET = 12
_TOPIC_WORDS = 12
_TOPIC_SHARE = 0.4

#: In the order of their use; of a rank r the use is like 1/(r + 1).
_FUNCTION = {
    "zh": (
        "的", "了", "在", "是", "和", "我们", "不", "有", "也", "他们", "就", "对", "到", "把", "这", "从", "但",
        "都", "一个", "没有", "怎么", "什么", "时候", "里", "一起", "有人", "为什么", "不愿意", "该", "需要", "用",
        "做", "来", "让", "后来", "因为", "所以", "大家", "已经", "还是", "为了", "之后", "多少", "参加",
    ),
    "en": (
        "the", "of", "to", "and", "a", "in", "was", "we", "that", "they", "it", "for", "with", "on",
        "were", "from", "by", "as", "not", "at", "had", "when", "this", "an", "be", "our", "which",
        "after", "could", "no", "their", "then", "there", "more", "some", "would", "about", "get",
        "work", "need", "use", "talk", "join", "much", "anybody",
    ),
}  # fmt: skip
_FUNCTION_SHARE = {"zh": 0.33, "en": 0.42}
_LENGTH = {"zh": (200, 0.5), "en": (150, 0.5)}  # words: median, sigma of the logarithm
_STARTS = [
    "b", "c", "d", "f", "g", "h", "j", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "cl", "cr", "dr",
    "fl", "gr", "pl", "pr", "sh", "sl", "sp", "st", "str", "th", "tr",
]  # fmt: skip
_MIDDLES = ["a", "e", "i", "o", "u", "a", "e", "i", "o", "u", "ai", "ea", "ee", "oa", "ou"]
_ENDS = ["", "", "", "n", "r", "l", "s", "t", "m", "nd", "rk", "st", "ck"]
_ENDINGS = ["", "", "", "s", "s", "ed", "ing", "ation", "er", "ly"]

QUESTIONS = {
    "zh": (
        "怎么让{0}和{1}一起谈{2}？", "{0}不愿意参加{1}的时候该怎么办", "为什么{0}之后{1}没有{2}",
        "有没有人在{0}里用过{1}来做{2}", "{0}的{1}需要多少{2}？",
    ),
    "en": (
        "how did you get {0} to talk with {1} about {2}?", "what works when {0} will not join {1}",
        "why was there no {2} after {0} and {1}", "has anybody used {1} for {2} in {0}",
        "how much {2} does {0} need for {1}?",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A title, its text, and what they are about."""

    title: str
    body: str
    about: tuple[str, ...]


class Words:
    """The words of one language, and how often each is used."""

    def __init__(self, lang: str, seed: int) -> None:
        """Invent them."""
        self.lang = lang
        rng = Random(f"words:{lang}:{seed}")
        make = _chinese if lang == "zh" else _english
        self.content = make(rng)
        self._content = list(accumulate(1 / (rank + _OFFSET) for rank in range(VOCABULARY)))
        self._function = list(accumulate(1 / (rank + 1) for rank in range(len(_FUNCTION[lang]))))

    def common(self, rng: Random, first: int = 20) -> str:
        """Give one of the commonest words."""
        return self.content[rng.randrange(first)]

    def tell(self, rng: Random) -> Told:
        """Write one document."""
        about = tuple(self._drawn(rng) for _ in range(_TOPIC_WORDS))
        # What a text is about is named unevenly too.
        weights = list(accumulate(1 / (n + 1) for n in range(_TOPIC_WORDS)))
        median, sigma = _LENGTH[self.lang]
        length = max(20, min(2000, round(rng.lognormvariate(0, sigma) * median)))
        body = [self._word(rng, about, weights) for _ in range(length)]
        title = [word for said in about[:3] for word in (said, self._between(rng))][:-1]
        return Told(self._written(title, rng), self._written(body, rng), about)

    def _word(self, rng: Random, about: Sequence[str], weights: Sequence[float]) -> str:
        if rng.random() < _FUNCTION_SHARE[self.lang]:
            return self._between(rng)
        word = (
            about[bisect(weights, rng.random() * weights[-1])]
            if rng.random() < _TOPIC_SHARE
            else self._drawn(rng)
        )
        return word + (rng.choice(("", "", "", "s")) if self.lang == "en" else "")

    def _between(self, rng: Random) -> str:
        return _FUNCTION[self.lang][bisect(self._function, rng.random() * self._function[-1])]

    def _drawn(self, rng: Random) -> str:
        return self.content[bisect(self._content, rng.random() * self._content[-1])]

    def _written(self, words: Sequence[str], rng: Random) -> str:
        gap, stop, pause = ("", "。", "，") if self.lang == "zh" else (" ", ". ", ", ")
        parts: list[str] = []
        left = rng.randint(6, 18)
        for place, word in enumerate(words):
            parts.append(word)
            left -= 1
            if place + 1 == len(words):
                break
            if left:
                parts.append(gap if rng.random() > 0.06 else pause)
            else:
                parts.append(stop)
                left = rng.randint(6, 18)
        return "".join(parts)


def _chinese(rng: Random) -> list[str]:
    characters = [
        bytes((row, cell)).decode("gb2312")
        for row in range(0xB0, 0xD8)
        for cell in range(0xA1, 0xFF)
        if (row, cell) < (0xD7, 0xFA)
    ]
    rng.shuffle(characters)
    uses = list(accumulate(1 / (rank + 40) for rank in range(len(characters))))

    def word() -> str:
        length = rng.choices((1, 2, 3, 4), (6, 66, 16, 12))[0]
        return "".join(characters[bisect(uses, rng.random() * uses[-1])] for _ in range(length))

    return _different(word)


def _english(rng: Random) -> list[str]:
    def word() -> str:
        syllables = rng.choices((1, 2, 3), (30, 50, 20))[0]
        stem = "".join(
            rng.choice(_STARTS) + rng.choice(_MIDDLES) + rng.choice(_ENDS) for _ in range(syllables)
        )
        return stem + rng.choice(_ENDINGS)

    return _different(word)


def _different(word: object) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found[word()] = None  # type: ignore[operator]
    return list(found)
