"""Terms of files that lead round to themselves: merged into each other, or each broader than the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cop.core.i18n import _
from cop.exchange.shapes import Record
from cop.terms.vocabulary import vocabulary


@dataclass
class Ways:
    """Where the terms of files lead; for those that stand in none of them, the database says so."""

    merged: dict[str, list[str]] = field(default_factory=dict)
    broader: dict[str, list[str]] = field(default_factory=dict)

    def remember(self, key: str, record: Record) -> None:
        """Remember where a term leads, as far as that can be read."""
        into, above = record.get("merged_into"), record.get("broader")
        self.merged[key] = [into] if isinstance(into, str) else []
        self.broader[key] = (
            [one for one in above if isinstance(one, str)] if isinstance(above, list) else []
        )

    def circling(self) -> Iterator[tuple[str, str]]:
        """Yield (term, what is wrong) of the terms of these files that lead to themselves."""
        words = vocabulary()
        there = words.by_id.values()
        merged = {one.key: [words.by_id[one.merged_into].key] for one in there if one.merged_into}
        broader = {one.key: [words.by_id[up].key for up in one.broader] for one in there}
        merged |= self.merged
        broader |= self.broader
        for key in self.merged:
            if _leads_to_itself(key, merged):
                yield key, _("“%(key)s” would be merged into itself, if only by a detour.", key=key)
            if _leads_to_itself(key, broader):
                yield (
                    key,
                    _("“%(key)s” would be broader than itself, if only by a detour.", key=key),
                )


def _leads_to_itself(key: str, ways: Mapping[str, Sequence[str]]) -> bool:
    waiting, passed = list(ways.get(key, ())), set[str]()
    while waiting:
        step = waiting.pop()
        if step == key:
            return True
        if step not in passed:
            passed.add(step)
            waiting += ways.get(step, ())
    return False
