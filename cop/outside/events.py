"""What happens to addresses outside the site."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AddressBroke:
    """An address that an entry names has not answered for days; once until it answers again."""

    entry_id: int
    address_id: int
