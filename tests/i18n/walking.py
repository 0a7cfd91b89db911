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
    "discussions.alike": "a piece of the page of the form",
    "health.alive": "for machines",
    "health.ready": "for machines",
    "suggesting.suggestions": "data for a script",
}
_KEYS = {
    "terms.show": "strategy-term",
    "notifications.watch_term": "strategy-term",
    "discover.page": "rules",
}
#: Pages that say more with a query, and what they say it about.
_MORE = {
    "discover.search": ("?q=words", "?q=nothing+like+it", "?q=文字&outcome=mixed"),
    "notes.index": ("?outcome=mixed&strategy=strategy-term", "?outcome=failed"),
    "discussions.index": ("?show=unanswered", "?show=known"),
    "discussions.new": ("?title=words", "?about={entry_id}"),
    "comments.new": ("?answer={comment_id}", "?answer={comment_id}&quote=1"),
    "entries.diff": ("?from=1&to=3",),
    "moderation.index": ("?view=mine",),
    "moderation.log": ("?part=people", "?who=nobody"),
    "notifications.watch_search": ("?q=⟨words⟩&strategy=strategy-term&text=zh",),
    "notifications.watching": (
        "?ended=person&target={user_id}&level=new",
        "?ended=entry&target={entry_id}&level=mute",
    ),
    "admin.people": ("?q=reader", "?q=nobody"),
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


def _parts(rule: Rule, world: World) -> Iterator[dict[str, str | int]]:
    known = dict(world.parts)
    known["note_id"] = known["entry_id"]
    known["token"] = TOKENS.get(rule.endpoint, world.parts["mail_token"])
    known["key"] = _KEYS.get(rule.endpoint, "")
    if rule.endpoint.startswith(("discussions.", "judging.")):
        known["entry_id"] = world.parts["asked_id"]
    if rule.endpoint.startswith("tending."):
        known["key"] = "strategy-term"
    if rule.endpoint == "rearranging.merge":
        known["entry_id"] = world.parts["asked_id"]
    if rule.endpoint == "rearranging.split":
        known["comment_id"] = world.parts["reply_id"]
    known["organisation_id"] = world.parts["organisation_id"]
    yield {name: known[name] for name in rule.arguments}
    if rule.endpoint == "notes.show":
        for state in (
            "hidden_id",
            "held_id",
            "public_id",
            "withdrawn_id",
            "english_id",
            "chinese_id",
        ):
            yield {
                name: known[state] if name == "entry_id" else known[name] for name in rule.arguments
            }
    if rule.endpoint == "discussions.show":
        for state in world.parts["asked_states"]:
            yield {name: state if name == "entry_id" else known[name] for name in rule.arguments}
    if rule.endpoint == "discover.page":
        yield {"key": "privacy"}
