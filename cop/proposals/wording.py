"""What proposals are called: how much they change, and what became of them."""

from collections.abc import Mapping
from typing import Any

from cop.core.i18n import _l
from cop.proposals.models import Significance, State

SIGNIFICANCE: Mapping[str, Any] = {
    Significance.TYPO: _l("Only how it is written: a typing mistake, a link"),
    Significance.CLARIFIES: _l("It says the same more clearly, or adds to it"),
    Significance.MEANING: _l("It changes what the page says"),
}
#: The same in a word or two, for lists.
SIGNIFICANCE_SHORT: Mapping[str, Any] = {
    Significance.TYPO: _l("Typing"),
    Significance.CLARIFIES: _l("Clarifies"),
    Significance.MEANING: _l("Changes the meaning"),
}
STATES: Mapping[str, Any] = {
    # Translators: what became of a proposed edit.
    State.OPEN: _l("Open"),
    State.ACCEPTED: _l("Accepted"),
    State.AMENDED: _l("Accepted with changes"),
    State.DECLINED: _l("Declined"),
    State.WITHDRAWN: _l("Taken back"),
}
