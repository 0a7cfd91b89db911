"""Postings come back as they were given, however they were gathered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from cop.search.store import whoosh

if TYPE_CHECKING:
    from pathlib import Path

whoosh()  # before what subclasses it

numbers = st.sampled_from((1, 2, 255, 256, 65_535, 65_536, 2_000_000_000)) | st.integers(1, 300)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.integers(0, 70_000) | st.integers(0, 2_000_000_000), numbers, min_size=1))
def test_a_list_is_read_as_it_was_written(postings: dict[int, int]) -> None:
    from cop.search.codec import decoded, encoded

    ids = np.array(sorted(postings), np.int32)
    often = np.array([postings[n] for n in ids.tolist()], np.int32)
    found = decoded(encoded(ids, often))
    assert found[0].tolist() == ids.tolist()
    assert found[1].tolist() == often.tolist()


@pytest.mark.parametrize("limit", [0, 600, 10**9])
def test_what_is_gathered_comes_out_in_order_however_little_memory_there_is(
    tmp_path: Path, limit: int
) -> None:
    from cop.search.writing import Gathered

    gathered = Gathered(tmp_path, limit)
    wanted: dict[tuple[str, bytes], list[tuple[int, int]]] = {}
    for number in range(40):
        for field in ("title", "body"):
            often = dict.fromkeys(("b", "a", "换", f"x{number % 7}"), number + 1)
            gathered.add(field, number, often)
            for term in often:
                wanted.setdefault((field, term.encode()), []).append((number, number + 1))
    for term in (b"a", b"z", b"x3"):
        gathered.add_list("body", term, np.array([40, 44], np.int32), np.array([1, 9], np.int32))
        wanted.setdefault(("body", term), []).extend([(40, 1), (44, 9)])
    found = [
        ((field, term), [*zip(ids.tolist(), often.tolist(), strict=True)])
        for field, terms in gathered.sorted()
        for term, ids, often in terms
    ]
    assert [key for key, _ in found] == sorted(wanted)
    assert dict(found) == wanted
    gathered.close()
    assert list(tmp_path.iterdir()) == []
