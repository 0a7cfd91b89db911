"""The terms that a form offers where those of any scheme can be chosen."""

from collections.abc import Sequence

from cop.core.i18n import current_lang
from cop.terms.queries import Choice, choices
from cop.terms.vocabulary import vocabulary

#: Schemes whose terms the form offers, one after the other.
SCHEMES = ("strategy", "sector", "place", "audience", "power", "motivation", "resource", "phase")


def terms_offered(chosen: Sequence[str]) -> list[Choice]:
    """Return the terms to choose from; what was chosen from another scheme stays among them."""
    offered = [choice for scheme in SCHEMES for choice in choices(scheme, current_lang())]
    known = {choice.key for choice in offered}
    words = vocabulary()
    others = {
        words.by_key[key].scheme for key in chosen if key in words.by_key and key not in known
    }
    return offered + [
        choice
        for scheme in sorted(others)
        for choice in choices(scheme, current_lang())
        if choice.key in chosen
    ]
