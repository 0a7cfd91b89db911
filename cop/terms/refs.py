"""Terms as other pages show them: both names, in the reader's order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cop.core.i18n import current_lang, pick
from cop.core.types import Lang, Texts
from cop.terms.models import Term
from cop.terms.vocabulary import TermView, vocabulary


@dataclass(frozen=True)
class TermRef:
    """A term as a chip: its name in the reader's language, and the other language's where it has one."""

    id: int
    key: str
    scheme: str
    name: str
    name_lang: Lang
    other: str = ""
    other_lang: Lang | None = None

    @property
    def href(self) -> str:
        """The path of the term's page (a fixed address of the contract)."""
        return f"/terms/{self.scheme}/{self.key}"


def ref(term: Term, scheme: str, lang: Lang | None = None) -> TermRef:
    """Return the reference of a loaded term."""
    return _ref(term.id, term.key, scheme, term.name, lang)


def ref_of(term: TermView, lang: Lang | None = None) -> TermRef:
    """Return the reference of a term of the vocabulary."""
    return _ref(term.id, term.key, term.scheme, term.name, lang)


def _ref(term_id: int, key: str, scheme: str, names: Texts, lang: Lang | None) -> TermRef:
    name, name_lang = pick(names, lang or current_lang())
    other = names.get(name_lang.other, "")
    if other == name:
        other = ""
    return TermRef(term_id, key, scheme, name, name_lang, other, name_lang.other if other else None)


def refs(term_ids: Iterable[int]) -> dict[int, TermRef]:
    """Return references by term id, from the vocabulary in memory."""
    known, lang = vocabulary().by_id, current_lang()
    return {one: ref_of(known[one], lang) for one in sorted(set(term_ids)) if one in known}


def in_scheme(found: Sequence[TermRef], scheme: str) -> list[TermRef]:
    """Return those of a scheme, in the order given."""
    return [one for one in found if one.scheme == scheme]
