"""The words of the site that her records name: terms with all above them, sources, organisations and spaces.

A site that has none of them takes these in first; one that has its own needs them not.
"""

from collections.abc import Iterable, Iterator, Sequence

from cop.exchange.dumping import dump
from cop.exchange.exporter import head_of, taxonomy
from cop.exchange.kept import STATES
from cop.exchange.shapes import Record, Ref

#: Its files, which are read before those of `import`.
FOLDER = "import-first"


def files(refs: Iterable[Ref]) -> dict[str, str]:
    """Return the files by name; they are as small as what she wrote names."""
    wanted: dict[str, set[str]] = {}
    for ref in refs:
        wanted.setdefault(ref.kind, set()).add(ref.key)
    organisations = _records("organisation", wanted.get("organisation", ()))
    places = {one["place"] for one in organisations if "place" in one}
    terms = _with_all_above(wanted.get("term", set()) | places)
    sources = set(wanted.get("source", ()))
    for record in [*organisations, *terms]:
        sources |= {one["ref"] for one in record.get("source", ())}
    made: dict[str, str] = {}
    if terms or sources:
        made["taxonomy"] = "".join(_taxonomy(terms, sources))
    for kind, found in (
        ("organisation", organisations),
        ("space", _records("space", wanted.get("space", ()))),
    ):
        if found:
            pieces = ("\n" + dump(record) for record in found)
            made[f"{kind}s"] = head_of(f"{kind}s") + "".join(pieces)
    return {f"{FOLDER}/{name}.yaml": text for name, text in made.items()}


def _records(kind: str, keys: Iterable[str]) -> list[Record]:
    states = STATES[kind](sorted(keys)) if keys else {}
    return [states[key].record for key in sorted(states)]


def _with_all_above(keys: set[str]) -> list[Record]:
    """Return terms with all that are broader, without what they are only related to."""
    found: dict[str, Record] = {}
    waiting = set(keys)
    while waiting:
        for record in _records("term", waiting):
            found[record["id"]] = {
                name: value for name, value in record.items() if name != "related"
            }
        above = {
            key
            for record in found.values()
            for key in [*record.get("broader", ()), *filter(None, [record.get("merged_into")])]
        }
        waiting = above - found.keys()
    return [found[key] for key in sorted(found)]


def _taxonomy(terms: Sequence[Record], sources: Iterable[str]) -> Iterator[str]:
    inside: dict[str, list[Record]] = {}
    for record in terms:
        inside.setdefault(record["scheme"], []).append(record)
    return taxonomy(
        _records("source", sources), _records("scheme", inside), lambda key: inside.get(key, [])
    )
