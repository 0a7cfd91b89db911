"""Reading everything there is: every page a program can find, as somebody, and what other outputs say."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

from sqlalchemy import select

from cop.core.db import db
from cop.discussions.models import Rearrangement, Space
from cop.entries.enclosure_models import Enclosed
from cop.entries.image_models import Attachment, Rendition
from cop.entries.models import Case, Comment, Draft, Entry, Revision, Text
from cop.handouts.models import Printed
from cop.people.models import Circle, Organisation, User
from cop.proposals.models import Proposal
from cop.terms.models import Scheme, Suggestion, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.routing import Rule

#: What a rule's argument may be; every combination that makes a page is asked for.
MOST = 400


def addresses(app: Flask, words: tuple[str, ...] = ()) -> list[str]:
    """Return an address for every GET rule and everything in the database it could name."""
    found: list[str] = []
    values = _values()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            found += _of_rule(rule, values)
    entries = values["entry_id"]
    for one in entries:
        for text in ("zh", "en"):
            found += [f"/notes/{one}?text={text}", f"/entries/{one}/history?text={text}"]
            found += [
                f"/entries/{one}/diff?text={text}&from={old}&to={old + 1}" for old in (1, 2, 3)
            ]
            found += [f"/entries/{one}/revisions/{number}?text={text}" for number in (1, 2, 3, 4)]
    found += [f"/search?q={quote(word)}" for word in words]
    found += [f"/discussions/similar?title={quote(word)}" for word in words]
    found += [
        "/notes/?outcome=failed",
        "/notes/?text=en",
        "/notes/?text=zh",
        "/discussions/?show=unanswered",
        "/discussions/similar?title=invented",
        "/?lang=zh",
        "/?lang=en",
        "/workshops/?date=coming",
    ]
    return list(dict.fromkeys(found))


def _values() -> dict[str, list[Any]]:
    def all_of(column: Any) -> list[Any]:
        return list(db.session.scalars(select(column)))

    return {
        "entry_id": all_of(Entry.id),
        "comment_id": all_of(Comment.id),
        "attachment_id": all_of(Attachment.id),
        "name": _names_of_files(),
        "case_id": all_of(Case.id),
        "rearrangement_id": all_of(Rearrangement.id),
        "space_id": all_of(Space.id),
        "organisation_id": all_of(Organisation.id),
        "draft_id": all_of(Draft.id),
        "printed_id": all_of(Printed.id),
        "circle_id": all_of(Circle.id),
        "user_id": all_of(User.id),
        "proposal_id": all_of(Proposal.id),
        "suggestion_id": all_of(Suggestion.id),
        "kind": ["practice", "guide", "note"],
        "handle": all_of(User.handle),
        "scheme": all_of(Scheme.key),
        "slug": [*all_of(Text.slug), "-"],
        "number": sorted(set(all_of(Revision.number))),
        "key": [*all_of(Term.key), "rules", "privacy", "search"],
        "lang": ["zh", "en"],
    }


def _names_of_files() -> list[str]:
    found = db.session.execute(
        select(Rendition.width, Rendition.sha256, Enclosed.format).outerjoin(
            Enclosed, Enclosed.attachment_id == Rendition.attachment_id
        )
    )
    return [
        f"{sha256[:12]}.{kind}" if kind else f"{width}-{sha256[:12]}.webp"
        for width, sha256, kind in found
    ]


def _of_rule(rule: Rule, values: dict[str, list[Any]]) -> Iterator[str]:
    paths = [re.sub(r"<(?:[^:<>]*:)?([^<>]+)>", r"<\1>", rule.rule)]
    for name in rule.arguments:
        paths = [
            path.replace(f"<{name}>", quote(str(value)))
            for path in paths
            for value in values.get(name, ["1"])
        ][:MOST]
    yield from paths


def pages(client: Any, paths: list[str]) -> Iterator[tuple[str, Any]]:
    """Ask for each page and for each it sends on to, once each; a page that fails is a fault of its own.

    Many addresses lead to the same page: it is made and read under its own.
    """
    asked: set[str] = set()
    waiting = deque(paths)
    while waiting:
        path = waiting.popleft()
        if path in asked:
            continue
        asked.add(path)
        answer = client.get(path)
        assert answer.status_code < 500, f"{path} answered {answer.status_code}"
        if answer.location:
            there = urlsplit(answer.location)
            assert there.netloc in ("", "localhost"), f"{path} leads to {answer.location}"
            waiting.append(urlunsplit(("", "", there.path, there.query, "")))
        yield path, answer


def headers_and_body(answer: Any) -> str:
    """Return everything an answer says."""
    return f"{answer.headers}\n{answer.get_data(as_text=True)}"
