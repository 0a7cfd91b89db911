"""What is shown of each result: the passage that answers, and why it was found when not by the words themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.discover.indexing import texts_of
from cop.discover.said import Said, held_in_files, said_on
from cop.discover.understanding import ExpandedTerm, Understood
from cop.entries.cards import Card, cards
from cop.entries.models import Entry
from cop.people.viewer import Viewer
from cop.search.engine import Query
from cop.search.passages import highlight, passage
from cop.search.text import fold, token_texts, tokens

#: A passage with what was found marked: (text, is it marked).
Segments = Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Row:
    """One result: its card, its title and the passage that answers."""

    card: Card
    title: Segments
    passage: Segments
    #: The comment or file that answers, where the entry's own text holds nothing of what was typed.
    said: Said | None = None


@dataclass(frozen=True)
class Results:
    """The rows of a page, and what was typed and is marked in none of them."""

    rows: Sequence[Row]
    unmet: Sequence[str] = ()


def results(
    viewer: Viewer, entries: Sequence[Entry], langs: Mapping[int, str], understood: Understood
) -> Results:
    """Return the rows of entries the viewer may read, in their order, each in the language it was found in."""
    query, reader = understood.query, current_lang()
    found = cards(viewer, entries, langs=langs)
    if not _asks_for_words(query):
        return Results([_plain(card, reader) for card in found])
    texts = texts_of([(card.id, card.lang) for card in found])
    own = _own_tokens(query)
    shown = [_told(card, texts.get((card.id, card.lang), ""), query) for card in found]
    held = [own.keys() & _marked_tokens(row.title, row.passage) for row in shown]
    without = {row.card.id for row, marked in zip(shown, held, strict=True) if not marked}
    said = said_on([entry for entry in entries if entry.id in without], query, own.keys())
    said |= held_in_files(sorted(without - said.keys()), query, own.keys())
    rows, met = [], set[str]().union(*held)
    for row in shown:
        comment, because = said.get(row.card.id), ""
        if comment is not None:
            met |= own.keys() & _marked_tokens(comment.passage)
        elif row.card.id in without:
            because = _because(row.card, understood, (*row.title, *row.passage))
        rows.append(replace(row, card=_told_apart(row.card, because, reader), said=comment))
    return Results(rows, unmet=[typed for token, typed in own.items() if token not in met])


def _told(card: Card, text: str, query: Query) -> Row:
    body = text.partition("\n")[2] or card.summary
    return Row(card, highlight(card.title, query), passage(body, query))


def _plain(card: Card, reader: Lang) -> Row:
    summary = [(card.summary, False)] if card.summary else []
    return Row(_told_apart(card, "", reader), [(card.title, False)], summary)


def _asks_for_words(query: Query) -> bool:
    return bool(query.words or query.phrases or query.prefixes or query.either)


def _own_tokens(query: Query) -> dict[str, str]:
    """Return what the words that somebody typed stand for in the index, each with what was typed of it."""
    options = [option.text for one in query.either for option in one if option.weight == 1]
    said = (*query.words, *query.phrases, *options)
    return {
        token.text: part[token.start : token.end]
        for part in said
        for token in tokens(part, query=True)
    }


def _marked_tokens(*passages: Segments) -> set[str]:
    marked = {text for segments in passages for text, is_marked in segments if is_marked}
    return {token for text in marked for token in token_texts(text)}


def _because(card: Card, understood: Understood, passages: Segments) -> str:
    """Return the name of the term through which the row was found, or "" where it was no single one."""
    marked = {fold(text) for text, is_marked in passages if is_marked}
    if understood.query.prefixes and marked:
        return ""
    for term in understood.terms:
        if _carries(card, term) or any(marked & set(_parts(other)) for other in term.others):
            return term.ref.name
    return understood.terms[0].ref.name if len(understood.terms) == 1 else ""


def _parts(label: str) -> list[str]:
    """Return what of a label may stand marked: all of it, or one of its words."""
    folded = fold(label)
    return [folded, *folded.split()]


def _carries(card: Card, term: ExpandedTerm) -> bool:
    return any(carried.id == term.ref.id for carried in card.terms)


def _told_apart(card: Card, term: str, reader: Lang) -> Card:
    """Return the card with the sentence that says why it is here, and the way to it in the reader's language."""
    foreign = card.lang != reader.value
    read_in = reader.tag if foreign and reader.tag in card.other_langs else ""
    lang = card.lang if foreign and not read_in else ""
    # A row in the reader's own language need not say which others there are.
    other_langs = card.other_langs if foreign else ()
    return replace(card, why=_why(lang, term), read_in=read_in, other_langs=other_langs)


def _why(lang: str, term: str) -> str:
    """Return whole sentences: the language of a row in another one, and the term it was found through."""
    if lang == Lang.ZH.value:
        if term:
            return _("Written in Chinese; found through the term %(term)s", term=term)
        return _("Written in Chinese")
    if lang == Lang.EN.value:
        if term:
            return _("Written in English; found through the term %(term)s", term=term)
        return _("Written in English")
    return _("Found through the term %(term)s", term=term) if term else ""
