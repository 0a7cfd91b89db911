"""What somebody asks the search for, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cop.search.engine import Sort


@dataclass(frozen=True)
class Asked:
    """The words, the values each filter was given (by its name in the address), and how to go about it."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    sort: Sort = Sort.BEST
    #: Only these words: no other names of the terms they name.
    exact: bool = False
    #: Keys of terms whose other names are not wanted.
    without: tuple[str, ...] = ()
