"""Orders of entries that two people change, or that one of them sees only in part."""

from collections.abc import Collection, Sequence


def merge_order(
    base: Sequence[str],
    mine: Sequence[str],
    theirs: Sequence[str],
    *,
    touched: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the order of `mine` with what others added and took out meanwhile.

    What one took out while the other changed its reason (`touched`) stays. Where I left the order as it was,
    theirs is kept.
    """
    if list(mine) == list(base):
        return with_unseen(theirs, base, [key for key in mine if key in touched])
    kept = [key for key in mine if key in theirs or key not in base or key in touched]
    added = [key for key in theirs if key not in base or (key in touched and key not in mine)]
    return with_unseen(kept, theirs, added)


def with_unseen(
    mine: Sequence[str], order: Sequence[str], unseen: Sequence[str]
) -> tuple[str, ...]:
    """Return `mine` with what its author did not see put back behind what stood before it in `order`."""
    made = list(dict.fromkeys(mine))
    for key in (one for one in order if one in set(unseen)):
        if key in made:
            continue
        before = [one for one in order[: order.index(key)] if one in made]
        made.insert(made.index(before[-1]) + 1 if before else 0, key)
    return tuple(made)
