"""What is mailed to somebody about a term she suggested, in her language."""

from collections.abc import Sequence

from cop.core.db import db
from cop.core.i18n import _, current_lang, pick
from cop.core.types import Json
from cop.people.mails import Letter, post_to, url
from cop.people.models import User
from cop.suggestions import queries
from cop.terms.models import Suggestion, SuggestionState

#: The job that writes these letters.
SUGGESTED_JOB = "terms.suggested"


def send_decided(payloads: Sequence[Json]) -> None:
    """Job: tell people what became of a term they suggested."""
    for payload in payloads:
        row = db.session.get(Suggestion, payload["suggestion_id"], populate_existing=True)
        user = db.session.get(User, payload["user_id"]) if payload.get("user_id") else None
        if row is not None and user is not None and user.active and not row.is_open:
            post_to(user, lambda row=row: _decided(row))  # type: ignore[misc]


def _decided(row: Suggestion) -> Letter:
    name = pick(row.name, current_lang())[0]
    term = queries.term_of(row)
    called = pick(term.name, current_lang())[0] if term is not None else ""
    sentences = {
        SuggestionState.ACCEPTED: _(
            "A curator has taken the term you suggested into the list. It is called “%(name)s” there.",
            name=called,
        ),
        SuggestionState.DUPLICATE: _(
            "The list has a term that says the same: “%(name)s”. You can add it to what you wrote.",
            name=called,
        ),
        SuggestionState.DECLINED: _(
            "A curator has not taken the term you suggested into the list."
        ),
    }
    said = (_("The reason given: %(reason)s", reason=row.reason),) if row.reason else ()
    return Letter(
        subject=_("The term you suggested: %(name)s", name=name),
        lines=(sentences.get(SuggestionState(row.state), ""), *said),
        link=url(f"/terms/suggestions/{row.id}"),
        link_text=_("What became of it"),
    )
