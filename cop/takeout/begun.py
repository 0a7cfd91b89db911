"""What she began and proposed: drafts as they were typed, proposals for pages, and what she said about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, or_, select

from cop.core.db import db
from cop.core.i18n import _l
from cop.core.types import Json, Lang
from cop.entries import mentions, policy
from cop.entries.comparing import SHARED_TITLES
from cop.entries.kinds import KINDS
from cop.entries.mentions import Names
from cop.entries.models import COMMENT_DRAFT, Draft, Entry, Revision, Text
from cop.exchange.states import published_of
from cop.markup.mentions import rewritten
from cop.people.mails import url
from cop.proposals.models import Proposal, Remark
from cop.proposals.wording import STATES
from cop.takeout.owner import Owner, number_of
from cop.takeout.said import without_quotations
from cop.takeout.sheets import SAID_AND_BEGUN, Row, Sheet
from cop.terms.models import Suggestion
from cop.workshops.participant_models import DraftRemark

#: What a draft keeps for its form alone.
_OF_FORMS = ("draft", "csrf_token", "form_key", "base")
_COMMON = {
    "kind": _l("Kind"),
    "lang": _l("Language"),
    "about": _l("About"),
    "at": _l("When"),
    "words": _l("Your words"),
    "state": _l("State"),
}


def _own_drafts(owner: Owner) -> Select[Draft]:
    return select(Draft).where(Draft.author_id == owner.id)


def _drafts(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.scalars(
        _own_drafts(owner).where(Draft.id > after).order_by(Draft.id).limit(most)
    ).all()
    ids = {row.entry_id for row in found if row.entry_id}
    links = owner.links(ids)
    others = _of_others(owner, ids)
    return [
        (
            row.id,
            {
                "id": row.id,
                "kind": _kind(row.kind),
                "lang": Lang(row.lang).tag,
                "about": links.get(row.entry_id or 0),
                "changed": row.updated_at,
                "typed": _typed(row, others.get(row.entry_id or 0, {}).get(row.lang)),
            },
        )
        for row in found
    ]


def _kind(name: str) -> str:
    return str(KINDS[name].label) if name in KINDS else str(_l("Comment"))


def _of_others(owner: Owner, ids: set[int]) -> dict[int, dict[str, Revision]]:
    """Return the texts of entries that are somebody else's, which she edits or proposes to edit."""
    theirs = select(Entry.id).where(
        Entry.id.in_(sorted(ids)), or_(Entry.author_id.is_(None), Entry.author_id != owner.id)
    )
    found = list(db.session.scalars(theirs)) if ids else []
    return published_of(found) if found else {}


def _typed(row: Draft, published: Revision | None) -> dict[str, Any]:
    """Return what she typed, field by field; what stands so on somebody else's page already is not hers."""
    titles = {**SHARED_TITLES, **(KINDS[row.kind].titles if row.kind in KINDS else {})}
    there = {**published.sections, "title": published.title} if published else {}
    told: dict[str, Any] = {}
    for name, kept in row.data.items():
        values = [str(one) for one in kept] if isinstance(kept, list) else [str(kept)]
        if name.startswith(_OF_FORMS) or not any(values):
            continue
        if name in there and values == [there[name]]:
            continue
        words = [rewritten(one, lambda _mentioned, said: f"@{said}") for one in values]
        if row.kind == COMMENT_DRAFT and name == "body":
            words = [without_quotations(one) for one in words]
        told[str(titles.get(name, name))] = words[0] if len(words) == 1 else words
    return told


DRAFTS = Sheet(
    "drafts",
    _l("Drafts"),
    {**_COMMON, "id": _l("Number"), "changed": _l("Changed"), "typed": _l("What you typed")},
    _drafts,
    lambda owner: number_of(_own_drafts(owner)),
    SAID_AND_BEGUN,
)


def _own_proposals(owner: Owner) -> Select[Proposal]:
    return select(Proposal).where(Proposal.author_id == owner.id)


def _proposals(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.scalars(
        _own_proposals(owner).where(Proposal.id > after).order_by(Proposal.id).limit(most)
    ).all()
    links = owner.links(row.entry_id for row in found if row.entry_id)
    names = mentions.names(
        owner.viewer, None, [text for row in found for text in row.sections.values()]
    )
    return [
        (
            row.id,
            {
                "link": url(f"/proposals/{row.id}"),
                "about": links.get(row.entry_id or 0),
                "at": row.opened_at,
                "state": str(STATES[row.state]),
                "decided": row.decided_at,
                "lang": Lang(row.lang).tag,
                "title": row.title,
                "why": row.note,
                "proposed": _sections(row.kind, row.sections, names),
            },
        )
        for row in found
    ]


def _sections(kind: str, sections: Json, names: Names) -> Mapping[str, str]:
    titles = KINDS[kind].titles if kind in KINDS else {}
    return {
        str(titles.get(name, name)): names.words(text) for name, text in sections.items() if text
    }


PROPOSALS = Sheet(
    "proposals",
    _l("Proposals for pages"),
    {
        **_COMMON,
        "link": _l("Where it stands"),
        "title": _l("Title"),
        "why": _l("Why"),
        "proposed": _l("What you proposed"),
        "decided": _l("Decided"),
    },
    _proposals,
    lambda owner: number_of(_own_proposals(owner)),
    SAID_AND_BEGUN,
)


def _own_remarks(owner: Owner) -> Select[Remark]:
    return select(Remark).where(Remark.author_id == owner.id)


def _remarks(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.scalars(
        _own_remarks(owner).where(Remark.id > after).order_by(Remark.id).limit(most)
    ).all()
    names = mentions.names(owner.viewer, None, [row.body for row in found])
    return [
        (
            row.id,
            {
                "link": url(f"/proposals/{row.proposal_id}"),
                "at": row.at,
                "words": names.words(without_quotations(row.body)),
            },
        )
        for row in found
    ]


REMARKS = Sheet(
    "remarks-on-proposals",
    _l("What you said about proposals"),
    {**_COMMON, "link": _l("Where it stands")},
    _remarks,
    lambda owner: number_of(_own_remarks(owner)),
    SAID_AND_BEGUN,
)


def _own_draft_remarks(owner: Owner) -> Select[DraftRemark]:
    return select(DraftRemark).where(DraftRemark.author_id == owner.id)


def _draft_remarks(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = db.session.scalars(
        _own_draft_remarks(owner).where(DraftRemark.id > after).order_by(DraftRemark.id).limit(most)
    ).all()
    names = mentions.names(owner.viewer, None, [row.body for row in found])
    return [
        (row.id, {"at": row.at, "words": names.words(without_quotations(row.body))})
        for row in found
    ]


DRAFT_REMARKS = Sheet(
    "remarks-on-drafts",
    _l("What you said about shared drafts"),
    _COMMON,
    _draft_remarks,
    lambda owner: number_of(_own_draft_remarks(owner)),
    SAID_AND_BEGUN,
)


def _own_suggestions(owner: Owner) -> Select[Suggestion]:
    return select(Suggestion).where(Suggestion.author_id == owner.id)


def _suggestions(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    found = _own_suggestions(owner).where(Suggestion.id > after).order_by(Suggestion.id).limit(most)
    return [
        (
            row.id,
            {
                "link": url(f"/terms/suggestions/{row.id}"),
                "at": row.opened_at,
                "name": {Lang(tag).tag: text for tag, text in row.name.items() if text},
                "meaning": {Lang(tag).tag: text for tag, text in row.definition.items() if text},
                "why": row.why,
                "decided": row.decided_at,
            },
        )
        for row in db.session.scalars(found)
    ]


SUGGESTIONS = Sheet(
    "suggested-terms",
    _l("Terms you suggested"),
    {
        **_COMMON,
        "link": _l("Where it stands"),
        "name": _l("Name"),
        "meaning": _l("Meaning"),
        "why": _l("Why"),
        "decided": _l("Decided"),
    },
    _suggestions,
    lambda owner: number_of(_own_suggestions(owner)),
    SAID_AND_BEGUN,
)


def _own_edits(owner: Owner) -> Select[Revision, int]:
    """Select what she edited of what is everybody's or somebody else's."""
    return (
        select(Revision, Text.entry_id)
        .join(Text, Text.id == Revision.text_id)
        .join(Entry, Entry.id == Text.entry_id)
        .where(
            Revision.editor_id == owner.id,
            or_(
                Entry.author_id.is_(None),
                Entry.author_id != owner.id,
                Entry.kind.in_([name for name, kind in KINDS.items() if kind.kept_by_curators]),
            ),
            policy.readable(owner.viewer),
        )
    )


def _edits(owner: Owner, after: int, most: int) -> Sequence[tuple[int, Row]]:
    """Return where and when she edited, with her reason: the text itself is everybody's, and stands on the site."""
    found = db.session.execute(
        _own_edits(owner).where(Revision.id > after).order_by(Revision.id).limit(most)
    ).all()
    links = owner.links(entry_id for _row, entry_id in found)
    return [
        (
            row.id,
            {
                "about": links.get(entry_id),
                "link": url(f"/entries/{entry_id}/revisions/{row.id}"),
                "at": row.created_at,
                "why": row.note,
            },
        )
        for row, entry_id in found
    ]


EDITS = Sheet(
    "edits",
    _l("Pages you edited"),
    {**_COMMON, "link": _l("As you left it"), "why": _l("Why")},
    _edits,
    lambda owner: number_of(_own_edits(owner).with_only_columns(Revision.id)),
    SAID_AND_BEGUN,
)
