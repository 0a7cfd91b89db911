"""Terms that were merged into others: facts of notes name the term that lives."""

from collections.abc import Iterable
from dataclasses import replace

from cop.entries.models import Revision
from cop.notes.draft import NoteFacts
from cop.terms.vocabulary import vocabulary


def living_key(key: str) -> str:
    """Return the key of the term this one was merged into, or the key itself."""
    words = vocabulary()
    return words.resolved(words.by_key[key]).key if key in words.by_key else key


def living_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of the terms that live, each once."""
    return tuple(dict.fromkeys(living_key(key) for key in keys))


def living(facts: NoteFacts) -> NoteFacts:
    """Return the facts with each merged term named as what it was merged into."""
    uses = {living_key(key): use for key, use in facts.uses.items()}
    uses |= {key: use for key, use in facts.uses.items() if key in uses}
    return replace(
        facts,
        strategies=living_keys(facts.strategies),
        place=living_key(facts.place),
        terms={name: living_keys(keys) for name, keys in facts.terms.items()},
        uses=uses,
    )


def facts_of(revision: Revision) -> NoteFacts:
    """Return the facts a revision kept, as they are told today."""
    return living(NoteFacts.from_json(revision.facts))
