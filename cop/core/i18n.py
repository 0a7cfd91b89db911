"""Words in the reader's language: translation calls, the language of the moment, and texts by language.

Flask-Babel does the translating; this module is the only one that knows it. The language is, in this
order: the one a block asked for (`with speaking(lang)`), the one the request was given, the site's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flask_babel
from flask import current_app, has_app_context
from flask_babel.speaklater import LazyString

from cop.core.catalogues import compile_stale
from cop.core.paths import TRANSLATIONS
from cop.core.types import Lang

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from cop.settings import Settings

__all__ = [
    "LOCALES",
    "LazyString",
    "_",
    "_l",
    "_ln",
    "_n",
    "current_lang",
    "current_locale",
    "default_lang",
    "init_app",
    "languages_of_requests",
    "pick",
    "speaking",
    "use_catalogues",
]

#: The folder of each language's catalogue, which is also its name for Babel.
LOCALES: dict[Lang, str] = {Lang.ZH: "zh_Hans", Lang.EN: "en"}

_EXTENSION = "cop.i18n"
_speaking: ContextVar[Lang | None] = ContextVar("speaking", default=None)


@dataclass
class _Languages:
    """What an application knows about languages: its own, and how a request says which it wants."""

    default: Lang
    of_request: Callable[[], Lang | None]


def _(message: str, **parts: Any) -> str:
    """Translate a whole sentence; its named parts, `%(name)s`, are given as keywords."""
    return str(flask_babel.gettext(message, **parts))


def _n(singular: str, plural: str, num: int, **parts: Any) -> str:
    """Translate a sentence that counts; the count is the part `%(num)d`."""
    return str(flask_babel.ngettext(singular, plural, num, **parts))


def _l(message: str, **parts: Any) -> LazyString:
    """Translate when the sentence is shown, in the language of that moment."""
    return LazyString(_, message, **parts)


def _ln(singular: str, plural: str, num: int, **parts: Any) -> LazyString:
    """Translate a sentence that counts when it is shown."""
    return LazyString(_n, singular, plural, num, **parts)


def current_lang() -> Lang:
    """Return the language sentences are spoken in at this moment."""
    asked = _speaking.get()
    if asked is not None:
        return asked
    if not has_app_context():
        # No application, no catalogue: the sentences are the English of the source.
        return Lang.EN
    known = _known()
    return Lang.EN if known is None else (known.of_request() or known.default)


def current_locale() -> str:
    """Return the Babel name of the current language, for formats of dates, numbers and lists."""
    return LOCALES[current_lang()]


def default_lang() -> Lang:
    """Return the site's own language, for readers who ask for none."""
    known = _known() if has_app_context() else None
    return Lang.EN if known is None else known.default


@contextmanager
def speaking(lang: Lang) -> Iterator[None]:
    """Speak this language within the block, in a request or outside (a job, a command, a mail)."""
    token = _speaking.set(lang)
    try:
        with flask_babel.force_locale(LOCALES[lang]):
            yield
    finally:
        _speaking.reset(token)


def pick(texts: Mapping[str, str], lang: Lang | None = None) -> tuple[str, Lang]:
    """Return the text in this language, else in the other, with the language it is in.

    Keys may be storage tags (`zh-Hans`) or short ones (`zh`); an empty text counts as missing.
    """
    wanted = lang or current_lang()
    for candidate in (wanted, wanted.other):
        text = texts.get(candidate.value) or texts.get(candidate.tag)
        if text:
            return text, candidate
    return "", wanted


def init_app(app: Flask, settings: Settings, *, translations: Path = TRANSLATIONS) -> None:
    """Compile stale catalogues into the data folder and let the application speak them."""
    compiled = settings.data / "i18n"
    compile_stale(translations, compiled)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compiled)
    default = Lang.of_tag(settings.default_lang) or Lang.ZH
    app.extensions[_EXTENSION] = _Languages(default, of_request=lambda: None)
    # One Babel an application: it keeps the loaded catalogues, which may differ between two.
    flask_babel.Babel().init_app(
        app,
        default_locale=LOCALES[default],
        default_timezone="UTC",
        locale_selector=current_locale,
    )


def use_catalogues(app: Flask, folder: Path) -> None:
    """Speak the compiled catalogues of another folder from now on; for the pseudo-language of tests."""
    babel = app.extensions["babel"]
    babel.translation_directories[:] = [str(folder)]
    with app.app_context():
        babel.instance.domain_instance.cache.clear()


def languages_of_requests(app: Flask, of_request: Callable[[], Lang | None]) -> None:
    """Let this function say which language the running request wants (None: it does not say)."""
    app.extensions[_EXTENSION].of_request = of_request


def _known() -> _Languages | None:
    known: _Languages | None = current_app.extensions.get(_EXTENSION)
    return known
