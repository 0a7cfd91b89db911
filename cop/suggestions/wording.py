"""What became of a suggested term, in words."""

from collections.abc import Mapping
from typing import Any

from cop.core.i18n import _l
from cop.terms.models import SuggestionState

STATES: Mapping[str, Any] = {
    SuggestionState.OPEN: _l("Waiting"),
    # Translators: what became of a suggested term.
    SuggestionState.ACCEPTED: _l("Taken into the list"),
    SuggestionState.DUPLICATE: _l("There is one already"),
    SuggestionState.DECLINED: _l("Declined"),
    SuggestionState.WITHDRAWN: _l("Taken back"),
}
