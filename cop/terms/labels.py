"""The labels of a term as they are stored: each in the language it is in, with what it is looked up by."""

from collections.abc import Iterator

from cop.core.types import Lang
from cop.search.text import CJK_RUN, fold
from cop.terms.draft import TermDraft
from cop.terms.models import Label, LabelKind

#: Chinese in Traditional script, and in Latin letters.
HANT = "zh-Hant"
PINYIN = "zh-Latn"


def folded(text: str) -> str:
    """Return what a label is looked up by: folded, with single spaces."""
    return " ".join(fold(text).split())


def labels_of(draft: TermDraft) -> list[Label]:
    """Return the rows of a term's labels, in the order of the draft."""
    return [
        Label(lang=lang, kind=kind.value, text=text, folded=folded(text))
        for lang, kind, text in _labels(draft)
        if text
    ]


def _labels(draft: TermDraft) -> Iterator[tuple[str, LabelKind, str]]:
    for lang, text in sorted(draft.name.items()):
        yield lang, LabelKind.PREFERRED, text
    spelt = _spellings(draft)
    for kind, by_lang in (
        (LabelKind.ALTERNATIVE, draft.alternatives),
        (LabelKind.HIDDEN, draft.hidden),
    ):
        for tag, texts in sorted(by_lang.items()):
            for text in texts:
                yield _language(tag, text, spelt), kind, text
    if pinyin := draft.pinyin or pinyin_of(draft.name.get(Lang.ZH, "")):
        yield PINYIN, LabelKind.PINYIN, pinyin
    for text in draft.abbreviations:
        yield Lang.ZH.value, LabelKind.ABBREVIATION, text


def pinyin_of(name: str) -> str:
    """Return a Chinese name by syllable, without tones; nothing for a name without Han characters."""
    if not CJK_RUN.search(name):
        return ""
    # Imported here because its tables take 45 MB, which a process that only reads need not spend.
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name, v_to_u=False, errors="ignore"))


def _spellings(draft: TermDraft) -> frozenset[str]:
    """Return the draft's Chinese labels in pinyin without spaces, to tell pinyin from English."""
    chinese = [draft.name.get(Lang.ZH, ""), *draft.alternatives.get(Lang.ZH, ())]
    english = [*draft.alternatives.get(Lang.EN, ()), *draft.hidden.get(Lang.EN, ())]
    if not english:
        return frozenset()
    return frozenset(_joined(text) for text in (draft.pinyin, *map(pinyin_of, chinese)) if text)


def _joined(text: str) -> str:
    return "".join(fold(text).split()).replace("'", "")


def _language(tag: str, text: str, spelt: frozenset[str]) -> str:
    if tag == Lang.ZH:
        # Folding turns Traditional into Simplified characters and touches no others of Han.
        changed = any(a != b for a, b in zip(text, fold(text), strict=True) if CJK_RUN.match(a))
        return HANT if changed else tag
    return PINYIN if _joined(text) in spelt else tag
