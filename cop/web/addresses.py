"""The address of this page with a value changed: filters and pagers live in the URL."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import flask
from flask import current_app, has_request_context, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from werkzeug.routing import Map

#: The largest number that a row can have.
_LARGEST = 2**31 - 1
#: Keys that name a place in a list; they end when the list changes.
_PLACES = ("older", "newer", "page", "after")


def url_with(**changes: Any) -> str:
    """Return this page's address with query values set; None takes one off."""
    args = _args()
    for name, value in changes.items():
        if value is None:
            args.poplist(name)
        else:
            args[name] = str(value)
    return _address(args)


def url_without(name: str, value: str) -> str:
    """Return this page's address without one value of a filter, at the start of the list."""
    args = _args()
    kept = [one for one in args.poplist(name) if one != value]
    args.setlist(name, kept)
    for place in _PLACES:
        args.poplist(place)
    return _address(args)


def url_also(name: str, value: str) -> str:
    """Return this page's address with one more value of a parameter, at the start of the list."""
    args = _args()
    if value not in args.getlist(name):
        args.add(name, value)
    for place in _PLACES:
        args.poplist(place)
    return _address(args)


def url_for(endpoint: str, **values: Any) -> str:
    """Return the address as Flask does; a page says some forty, and of most requests they are the same."""
    if not has_request_context() or endpoint.startswith(".") or "_external" in values:
        return flask.url_for(endpoint, **values)
    named = tuple((name, type(value), value) for name, value in values.items())
    try:
        return _path(current_app.url_map, request.root_path, endpoint, named)
    except TypeError:  # a list of values cannot be looked up
        return flask.url_for(endpoint, **values)


@lru_cache(maxsize=4096)
def _path(
    _routes: Map, _root: str, endpoint: str, values: tuple[tuple[str, type, Any], ...]
) -> str:
    """Return a path of this site: nothing but the routes and the root it is served at decide it."""
    return flask.url_for(endpoint, **{name: value for name, _type, value in values})


def kept_args(*names: str) -> dict[str, Any]:
    """Return these values of this request's query, to be handed on to another address; no others are."""
    return {name: request.args[name] for name in names if name in request.args}


def facet_options(
    choices: Iterable[Any], chosen: Iterable[str]
) -> list[tuple[str, str, None, bool]]:
    """Return what the facet macro shows of vocabulary choices: value, words, no count, whether it is chosen."""
    picked = set(chosen)
    return [(choice.key, choice.name, None, choice.key in picked) for choice in choices]


class Number(IntegerConverter):
    """A number in an address: one that no row can have leads nowhere, and is never asked of the database."""

    def __init__(self, map: Map, **more: Any) -> None:  # noqa: A002  (the base's)
        """Take numbers up to the largest of a row."""
        super().__init__(map, **{"max": _LARGEST, **more})


def init_app(app: Flask) -> None:
    """Give templates these functions."""
    app.jinja_env.globals.update(url_for=url_for, url_with=url_with, url_without=url_without)
    app.jinja_env.filters["facet_options"] = facet_options


def _args() -> MultiDict[str, str]:
    args = MultiDict(request.args)
    args.poplist("lang")
    return args


def _address(args: MultiDict[str, str]) -> str:
    query = urlencode(list(args.items(multi=True)))
    return f"{request.path}?{query}" if query else request.path
