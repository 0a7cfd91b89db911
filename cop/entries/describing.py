"""Images and files belong to an entry and not to one of its languages: what each language says of them."""

from dataclasses import replace

from cop.core.types import Lang, Texts
from cop.entries.draft import Attachments

#: Of what nothing is said.
NOTHING_SAID: Attachments = ((), ())


def told_in(lang: Lang, now: Attachments, said: Attachments) -> Attachments:
    """Return images and files as they are, described in one language as somebody who tells the entry in it says.

    Nothing else of what she says counts: which there are, in which order, on what terms. What came or went while
    she wrote is as it is now.
    """
    images = {one.id: one.alt for one in said[0]}
    files = {one.id: one.about for one in said[1]}
    return (
        tuple(
            replace(one, alt=_described(one.alt, images[one.id], lang))
            if one.id in images and not one.decorative
            else one
            for one in now[0]
        ),
        tuple(
            replace(one, about=_described(one.about, files[one.id], lang))
            if one.id in files
            else one
            for one in now[1]
        ),
    )


def _described(before: Texts, said: Texts, lang: Lang) -> Texts:
    others = {tongue: words for tongue, words in before.items() if tongue != lang}
    return {**others, lang.value: said[lang]} if said.get(lang) else others


def in_other_language(now: Attachments, lang: Lang) -> dict[str, tuple[str, str]]:
    """Return what the other language says of them, as rows of forms show it: `i7` is an image, `f7` a file."""
    images = {f"i{one.id}": (one.alt.get(lang.other, ""), "") for one in now[0]}
    return images | {f"f{one.id}": (one.about.get(lang.other, ""), "") for one in now[1]}
