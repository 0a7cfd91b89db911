"""What happens to the vocabulary."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VocabularyChanged:
    """Terms, schemes or sources were added or changed.

    `stamp` is random: the last one, with the number of these events, names a state of the
    vocabulary. A number alone would not do, because ids return after a rollback.
    """

    keys: tuple[str, ...]
    stamp: str
