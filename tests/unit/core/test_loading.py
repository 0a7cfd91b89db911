"""Starting searches nothing for garbage, and leaves the search as it was."""

from __future__ import annotations

import gc

import pytest

from cop.core.loading import loading


def test_nothing_is_searched_while_the_rooms_are_loaded_and_everything_later():
    assert gc.isenabled()
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.unfreeze()


def test_a_start_that_fails_leaves_the_search_on():
    with pytest.raises(RuntimeError), loading():
        raise RuntimeError
    assert gc.isenabled()
    gc.unfreeze()
