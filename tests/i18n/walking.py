"""Every page there is: each rule of the application with the parts of its address filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.i18n.world import TOKENS, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule

#: What is no page for a person, with the reason.
_NO_PAGES = {
    "static": "files",
    "images.file": "files",
    "papers.file": "files",
    "papers.state": "data for a script",
    "discussions.alike": "a piece of the page of the form",
    "collections.find": "a piece of the page of the form",
    "calendars.one": "for calendars",
    "calendars.coming": "for calendars",
    "calendars.of_person": "for calendars",
    "health.alive": "for machines",
    "health.ready": "for machines",
    "suggesting.suggestions": "data for a script",
}
_KEYS = {
    "terms.show": "strategy-term",
    "notifications.watch_term": "strategy-term",
    "discover.page": "rules",
    "practices.show": "strategy-term",
    "practices.notes": "strategy-term",
}
#: Pages that say more with a query, and what they say it about.
_MORE = {
    "discover.search": ("?q=words", "?q=nothing+like+it", "?q=文字&outcome=mixed"),
    "notes.index": ("?outcome=mixed&strategy=strategy-term", "?outcome=failed"),
    "discussions.index": ("?show=unanswered", "?show=known"),
    "discussions.new": ("?title=words", "?about={entry_id}"),
    "collections.new": ("?entry={entry_id}",),
    "comments.new": ("?answer={comment_id}", "?answer={comment_id}&quote=1"),
    "workshops.index": (
        "?strategy=strategy-term",
        "?text=zh",
        "?date=coming&given=zh",
        "?date=past",
    ),
    "workshops.new": ("?copy={workshop_id}",),
    "entries.diff": ("?from=1&to=3",),
    "moderation.index": ("?view=mine",),
    "moderation.log": ("?part=people", "?who=nobody"),
    "notifications.watch_search": ("?q=⟨words⟩&strategy=strategy-term&text=zh",),
    "notifications.watching": (
        "?ended=person&target={user_id}&level=new",
        "?ended=entry&target={entry_id}&level=mute",
    ),
    "admin.people": ("?q=reader", "?q=nobody"),
    "proposals.new_page": ("?strategy=strategy-other",),
    "tending.merge": ("?into=strategy-other",),
    "proposals.new": ("?section=pitfalls",),
    "suggestions.new": ("?scheme=sector",),
}


def addresses(app: Flask, world: World, owner: str = "member") -> Iterator[tuple[str, str]]:
    """Give (endpoint, address) of every page; a part nobody filled in is a KeyError that names it."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in _NO_PAGES:
            continue
        for parts in _parts(rule, world):
            with app.test_request_context():
                path = rule.build(parts)[1]  # type: ignore[index]
            for query in ("", *_MORE.get(rule.endpoint, ())):
                yield rule.endpoint, path + query.format(**world.parts)


def pages(client: FlaskClient, app: Flask, world: World, lang: str) -> Iterator[tuple[str, str]]:
    """Give (address, HTML) of every page this client may read, in this language, and the refusals too."""
    for _endpoint, path in addresses(app, world):
        mark = "&" if "?" in path else "?"
        response = client.get(f"{path}{mark}lang={lang}")
        assert response.status_code < 500, path
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308):
            yield f"{path} ({response.status_code})", response.get_data(as_text=True)


#: What an argument stands for in the rules that begin so, where it is not what it stands for elsewhere.
_OTHERS = (
    ("discussions.", "entry_id", "asked_id"),
    ("judging.", "entry_id", "asked_id"),
    ("rearranging.merge", "entry_id", "asked_id"),
    ("rearranging.split", "comment_id", "reply_id"),
    ("proposals.", "entry_id", "practice_id"),
    ("guides.", "entry_id", "guide_id"),
    ("guiding.", "entry_id", "guide_id"),
    ("promoting.reply", "comment_id", "reply_id"),
    ("collections.", "entry_id", "collection_id"),
    ("workshops.", "entry_id", "workshop_id"),
    ("handouts.", "entry_id", "workshop_id"),
    ("dates.", "entry_id", "workshop_id"),
    ("signing.", "entry_id", "workshop_id"),
    ("calendars.", "entry_id", "workshop_id"),
    ("papers.", "entry_id", "workshop_id"),
)
#: Links of people who sign up by name.
_SIGNING = {"signing.by_name": "sign_up_token", "signing.place": "place_token"}
_NOTES = ("hidden_id", "held_id", "public_id", "withdrawn_id", "english_id", "chinese_id")


def _parts(rule: Rule, world: World) -> Iterator[dict[str, str | int]]:
    known = dict(world.parts)
    known["note_id"] = known["entry_id"]
    # Nobody asked for such a file: the page says that there is none.
    known["takeout_id"] = 1
    known["token"] = TOKENS.get(rule.endpoint, world.parts["mail_token"])
    known["key"] = _KEYS.get(rule.endpoint, "")
    if rule.endpoint in _SIGNING:
        known["token"] = world.parts[_SIGNING[rule.endpoint]]
    for begins, name, part in _OTHERS:
        if rule.endpoint.startswith(begins):
            known[name] = world.parts[part]
    if rule.endpoint.startswith("tending."):
        known["key"], known["other"] = "strategy-term", "strategy-other"
    yield {name: known[name] for name in rule.arguments}
    for name, state in _states(rule.endpoint, world):
        yield {one: state if one == name else known[one] for one in rule.arguments}


def _states(endpoint: str, world: World) -> Iterator[tuple[str, str | int]]:
    """Give what else an argument of the rule may be: the same page in other states."""
    if endpoint == "notes.show":
        yield from (("entry_id", world.parts[state]) for state in _NOTES)
    if endpoint == "discussions.show":
        yield from (("entry_id", state) for state in world.parts["asked_states"])
    if endpoint == "proposals.show":
        yield from (("proposal_id", state) for state in world.parts["proposal_states"])
    if endpoint == "suggestions.show":
        yield from (("suggestion_id", state) for state in world.parts["suggestion_states"])
    if endpoint == "discover.page":
        yield "key", "privacy"
