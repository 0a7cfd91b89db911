"""Arrays kept in memory up to a number of bytes; the least lately used go first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Set as AbstractSet
from typing import Any, TypeVar

T = TypeVar("T")

# What an item costs besides its arrays: its key, its object, its place in the dictionary.
_OVERHEAD = 400


class Kept:
    """A bounded memory of what was worked out. Its owner sees to it that one thread uses it."""

    def __init__(self, limit: int) -> None:
        """Keep at most so many bytes. What is larger than all the room is not kept at all."""
        self.limit = limit
        self.used = 0
        self._items: OrderedDict[tuple[int, Hashable], tuple[Any, int]] = OrderedDict()

    def get(self, owner: int, key: Hashable, make: Callable[[], tuple[T, int]]) -> T:
        """The item of this key, made on first use; `make` tells its bytes as well."""
        known = self._items.get((owner, key))
        if known is not None:
            self._items.move_to_end((owner, key))
            found: T = known[0]
            return found
        made, size = make()
        size += _OVERHEAD
        if size <= self.limit:
            self._items[owner, key] = made, size
            self.used += size
            while self.used > self.limit:
                self.used -= self._items.popitem(last=False)[1][1]
        return made

    def drop(self, owners: AbstractSet[int]) -> None:
        """Forget everything of these owners."""
        for key in [key for key in self._items if key[0] in owners]:
            self.used -= self._items.pop(key)[1]
