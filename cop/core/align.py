"""Which elements of two sequences belong together, found in bounded time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

#: Elements inserted and deleted before the middle of two sequences counts as rewritten.
MOST_EDITS = 400


class Match(NamedTuple):
    """``size`` equal elements, from ``a`` in the one sequence and from ``b`` in the other."""

    a: int
    b: int
    size: int


class Change(NamedTuple):
    """``start`` to ``end`` of the one sequence became ``new_start`` to ``new_end`` of the other."""

    start: int
    end: int
    new_start: int
    new_end: int


def matches(
    a: Sequence[Hashable], b: Sequence[Hashable], *, most_edits: int = MOST_EDITS
) -> list[Match]:
    """Return the matches of a shortest edit script (Myers 1986), in order.

    The standard library's matcher is quadratic where elements repeat, as Han characters and list
    lines do. This takes time in proportion to the length plus the square of the edits; beyond
    ``most_edits`` only the common beginning and end match.
    """
    head = _common_prefix(a, b)
    tail = _common_suffix(a, b, head)
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    found = [Match(0, 0, head)]
    if middle_a and middle_b and not set(middle_a).isdisjoint(middle_b):
        steps = _shortest(middle_a, middle_b, most_edits)
        found += [Match(m.a + head, m.b + head, m.size) for m in steps]
    found.append(Match(len(a) - tail, len(b) - tail, tail))
    return list(_joined(found))


def changes(
    a: Sequence[Hashable], b: Sequence[Hashable], *, most_edits: int = MOST_EDITS
) -> Iterator[Change]:
    """Yield what is between the matches."""
    at_a = at_b = 0
    for match in (*matches(a, b, most_edits=most_edits), Match(len(a), len(b), 0)):
        if at_a < match.a or at_b < match.b:
            yield Change(at_a, match.a, at_b, match.b)
        at_a, at_b = match.a + match.size, match.b + match.size


def _common_prefix(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    at, most = 0, min(len(a), len(b))
    while at < most and a[at] == b[at]:
        at += 1
    return at


def _common_suffix(a: Sequence[Hashable], b: Sequence[Hashable], head: int) -> int:
    at, most = 0, min(len(a), len(b)) - head
    while at < most and a[-1 - at] == b[-1 - at]:
        at += 1
    return at


def _shortest(a: Sequence[Hashable], b: Sequence[Hashable], most_edits: int) -> list[Match]:
    """Return the matches of the shortest script, or none if it is too long to look for.

    ``reach[k]`` is how far ``a`` has come on diagonal ``k`` (position in ``a`` less that in ``b``)
    with the edits so far, -1 where it cannot get.
    """
    limit = min(most_edits, len(a) + len(b))
    centre = limit + 1
    reach = [-1] * (2 * centre + 1)
    reach[centre + 1] = 0
    history: list[list[int]] = []
    for edits in range(limit + 1):
        for k in range(-edits, edits + 1, 2):
            at = centre + k
            x = max(_step(reach[at - 1], reach[at + 1], k, len(a), len(b)))
            if x >= 0:
                while x < len(a) and x - k < len(b) and a[x] == b[x - k]:
                    x += 1
                if x == len(a) and x - k == len(b):
                    return _walk_back(history, len(a), len(b))
            reach[at] = x
        history.append(reach[centre - edits - 1 : centre + edits + 2])
    return []


def _step(left: int, right: int, k: int, length_a: int, length_b: int) -> tuple[int, int]:
    """Return how far deleting from the diagonal below, or inserting from the one above, gets."""
    deleting = left + 1 if 0 <= left < length_a else -1
    inserting = right if right - k <= length_b else -1
    return deleting, inserting


def _walk_back(history: list[list[int]], x: int, y: int) -> list[Match]:
    found: list[Match] = []
    length_a, length_b = x, y
    for edits in range(len(history), 0, -1):
        k = x - y
        before = history[edits - 1]  # its middle, at index `edits`, is diagonal 0
        at = edits + k
        left = before[at - 1] if at >= 1 else -1
        right = before[at + 1] if at + 1 < len(before) else -1
        deleting, inserting = _step(left, right, k, length_a, length_b)
        start = max(deleting, inserting)
        found.append(Match(start, start - k, x - start))
        x, y = (start - 1, start - k) if deleting > inserting else (start, start - k - 1)
    found.append(Match(0, 0, x))
    return found[::-1]


def _joined(found: list[Match]) -> Iterator[Match]:
    """Yield the matches that are not empty, those that touch as one."""
    current = Match(0, 0, 0)
    for match in found:
        if match.a == current.a + current.size and match.b == current.b + current.size:
            current = Match(current.a, current.b, current.size + match.size)
        elif match.size:
            if current.size:
                yield current
            current = match
    if current.size:
        yield current
