"""Which language, theme and time zone a page is made in, and the link that switches the language.

`?lang=zh|en` decides, then the account, then the cookie, then what the browser asks for, then the
site's own language. An unknown `?lang` is ignored.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from flask import g, has_request_context, request

from cop.core.i18n import LOCALES, default_lang, languages_of_requests
from cop.core.types import Lang
from cop.web.hooks import hooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Response

#: The cookies that remember what a reader without an account chose.
LANG_COOKIE = "lang"
THEME_COOKIE = "theme"
THEMES = frozenset({"light", "dark"})

_YEAR = 365 * 24 * 3600
_DEFAULT_ZONE = "Asia/Shanghai"
_clock: ContextVar[str] = ContextVar("clock", default="")
#: Language tags of a browser that are looked at; a longer header is made up.
_MOST_TAGS = 20
_LONGEST_TAG = 35


@lru_cache(maxsize=512)
def match(tag: str) -> Lang | None:
    """Return our language for a browser's tag: any Chinese is zh-Hans for now, any English en.

    Babel's likely subtags fold old and regional names (zh-CN, zh-Hant-HK, en-GB) to a language.
    """
    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return None
    # When zh_Hant comes, `locale.script` tells zh-TW and zh-HK from zh-CN and zh-SG here.
    return next((lang for lang, name in LOCALES.items() if name[:2] == locale.language), None)


@lru_cache(maxsize=512)
def match_header(header: str) -> Lang | None:
    """Return the first of our languages that an Accept-Language header names, best quality first."""
    ranked = []
    for place, part in enumerate(header.split(",")[:_MOST_TAGS]):
        tag, _, rest = part.strip().partition(";")
        name, _, value = rest.strip().partition("=")
        try:
            quality = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        if quality > 0 and 0 < len(tag) <= _LONGEST_TAG:
            ranked.append((-quality, place, tag.strip()))
    return next((lang for _, _, tag in sorted(ranked) if (lang := match(tag))), None)


def asked_lang() -> Lang | None:
    """Return the language `?lang` asks for, or None where it is absent or unknown."""
    # Most requests have no query; then nothing is parsed.
    if b"lang=" not in request.query_string:
        return None
    tag = request.args.get("lang")
    return Lang.of_tag(tag) if tag in ("zh", "en") else None


def request_lang() -> Lang | None:
    """Return the language of this request; None outside one."""
    if not has_request_context():
        return None
    lang: Lang | None = g.get("lang")
    if lang is None:
        lang = asked_lang() or hooks().account_lang() or visitor_lang()
        g.lang = lang
    return lang


def prefer_lang(lang: Lang) -> None:
    """Make this page in this language, unless its address, the reader's account or her browser chose one."""
    if asked_lang() or hooks().account_lang() or remembered_lang():
        return
    g.lang = lang


def visitor_lang() -> Lang:
    """Return the language of a request without an account: as asked for, remembered, or preferred."""
    return (
        asked_lang()
        or remembered_lang()
        or match_header(request.headers.get("Accept-Language", ""))
        or default_lang()
    )


def remembered_lang() -> Lang | None:
    """Return the language that was chosen in this browser before; None where none was."""
    return Lang.of_tag(request.cookies.get(LANG_COOKIE, ""))


def forget_lang() -> None:
    """Choose the language anew, after the account changed within the request."""
    g.pop("lang", None)


def current_theme() -> str:
    """Return `light` or `dark` where the reader chose one, else the empty string (the device decides)."""
    return hooks().account_theme() or visitor_theme()


def visitor_theme() -> str:
    """Return the theme the cookie of a reader without an account names, or the empty string."""
    theme = request.cookies.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def current_zone() -> tzinfo:
    """Return the reader's time zone; the site's readers without an account are in China."""
    asked = _clock.get()
    if asked:
        return zone_of(asked)
    name = (hooks().account_timezone() if has_request_context() else None) or _DEFAULT_ZONE
    return zone_of(name)


@contextmanager
def on_clock_of(name: str) -> Iterator[None]:
    """Within the block moments are told on the clock of this time zone: a mail belongs to no request."""
    token = _clock.set(name)
    try:
        yield
    finally:
        _clock.reset(token)


@lru_cache(maxsize=512)
def zone_of(name: str) -> tzinfo:
    """Return the time zone of that name, or China's where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo(_DEFAULT_ZONE)


def switch_url(lang: Lang | str) -> str:
    """Return this page's address, query and all, in the other interface language.

    The answer to a form posted has no address of its own to come back to by a link, but the form's
    page usually has the same one.
    """
    tag = lang.tag if isinstance(lang, Lang) else lang
    pairs = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return f"{request.root_path}{_quoted_path()}?{urlencode([*pairs, ('lang', tag)])}"


def _quoted_path() -> str:
    # Two slashes at the start would name another host.
    return "/" + quote(request.path.lstrip("/"), safe="/:@!$&'()*+,;=~-._")


def init_app(app: Flask) -> None:
    """Choose the language of each request, remember what `?lang` asked for, and tell the templates."""
    languages_of_requests(app, request_lang)
    app.jinja_env.globals.update(switch_url=switch_url)
    app.context_processor(_for_templates)
    app.after_request(remember)


def remember(response: Response) -> Response:
    """Keep the language that `?lang` asked for, in a cookie and (through the hook) on the account."""
    if b"lang=" not in request.query_string or response.status_code >= 400:
        return response
    lang = asked_lang()
    if lang is None:
        return response
    if hooks().account_lang() not in (None, lang):
        hooks().remember_lang(lang)
    if request.cookies.get(LANG_COOKIE) != lang.tag:
        response.set_cookie(
            LANG_COOKIE,
            lang.tag,
            max_age=_YEAR,
            samesite="Lax",
            secure=hooks().secure,
            httponly=True,
        )
    return response


def _for_templates() -> dict[str, Any]:
    lang = request_lang() if has_request_context() else default_lang()
    theme = current_theme() if has_request_context() else ""
    return {"lang": lang or default_lang(), "theme": theme}
