"""What is said of what became of proposals."""

from collections.abc import Mapping
from typing import Any

from cop.core.i18n import _l
from cop.proposals.models import State

STATES: Mapping[str, Any] = {
    # Translators: what became of a proposed edit.
    State.OPEN: _l("Open"),
    State.ACCEPTED: _l("Accepted"),
    State.AMENDED: _l("Accepted with changes"),
    State.DECLINED: _l("Declined"),
    State.WITHDRAWN: _l("Taken back"),
}
