"""What a macro made of the same values is kept: rows of lists are most of a list's cost, and the same for everybody.

Only what a macro is given, the language and the time zone may decide what it says; who reads must already show
in the values (a byline, a badge). So what is kept can be shown to anybody who would be given the same values.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask.templating import Environment
from markupsafe import Markup

from cop.core.i18n import catalogue, current_lang
from cop.core.types import Lang
from cop.web.negotiate import current_zone

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from datetime import tzinfo

    from flask import Flask
    from jinja2 import Template

#: Pieces kept in a process, of some 2 KB each.
_MOST = 1024


class Templates(Environment):
    """Flask's environment of templates, whose globals are the same for all of them.

    Jinja lays a map of each template's own globals over them, and asks that map some five hundred times a page
    whether a macro it imports knows a name; no template of ours has globals of its own.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template."""
        return super().make_globals(d) if d else self.globals


def kept(template: str, macro: str, items: Iterable[Any], *values: Any) -> Markup:
    """Return what the macro of a template says of all items with these values, made anew only where they are new."""
    return Markup("").join(kept_each(template, macro, items, *values))


def kept_each(template: str, macro: str, items: Iterable[Any], *values: Any) -> list[Markup]:
    """Return what the macro of a template says of each item with these values, made anew only where they are new.

    What cannot be compared by hash is made each time.
    """
    found = current_app.jinja_env.get_template(template)
    around = (current_lang(), current_zone(), catalogue())
    said = []
    for item in items:
        given = (item, *values)
        try:
            said.append(_said(found, macro, given, *around))
        except TypeError:
            said.append(_make(found, macro, given))
    return said


@lru_cache(maxsize=_MOST)
def _said(
    template: Template,
    macro: str,
    values: tuple[Any, ...],
    lang: Lang,
    zone: tzinfo,
    sentences: NullTranslations,
) -> Markup:
    return _make(template, macro, values)


def _make(template: Template, macro: str, values: tuple[Any, ...]) -> Markup:
    return Markup(getattr(template.module, macro)(*values))  # noqa: S704  a template's own output


def init_app(app: Flask) -> None:
    """Offer `kept` and `kept_each` to templates."""
    app.jinja_env.globals.update(kept=kept, kept_each=kept_each)
