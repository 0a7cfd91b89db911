"""Words in the reader's language: translation calls, the language of the moment, and texts by language.

Flask-Babel does the translating; this module is the only one that knows it. The language is, in this
order: the one a block asked for (`with speaking(lang)`), the one the request was given, the site's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

import flask_babel
from flask import current_app, has_app_context
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

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
    "catalogue",
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
    """What an application knows about languages: its own, how a request says which it wants, and their sentences."""

    default: Lang
    of_request: Callable[[], Lang | None]
    #: Filled as languages are first spoken: asking Flask-Babel anew for each sentence was a sixth of a page.
    catalogues: dict[Lang, NullTranslations] = field(default_factory=dict)


def _(message: str, **parts: Any) -> str:
    """Translate a whole sentence; its named parts, `%(name)s`, are given as keywords."""
    said = catalogue().gettext(message)
    return said % parts if parts else said


def _n(singular: str, plural: str, num: int, **parts: Any) -> str:
    """Translate a sentence that counts; the count is the part `%(num)d`."""
    return catalogue().ngettext(singular, plural, num) % {"num": num, **parts}


def catalogue() -> NullTranslations:
    """Return the sentences of the current language."""
    known = _known() if has_app_context() else None
    if known is None:
        return NullTranslations()
    # As `current_lang`, for each sentence of a page, without asking twice where we are.
    lang = _speaking.get() or known.of_request() or known.default
    found = known.catalogues.get(lang)
    if found is None:
        with flask_babel.force_locale(LOCALES[lang]):
            found = known.catalogues[lang] = flask_babel.get_translations()
    return found


@pass_eval_context
def _in_template(context: EvalContext, message: str, /, **parts: Any) -> str:
    """Translate for Jinja, which fills in the parts after the sentence has become safe to show."""
    if not parts:
        return _as_it_stands(catalogue(), message, safe=bool(context.autoescape))
    said = catalogue().gettext(message)
    return (Markup(said) if context.autoescape else said) % parts  # noqa: S704  the catalogue is ours


# A page says some seventy such sentences, and every page nearly the same ones.
@lru_cache(maxsize=4096)
def _as_it_stands(sentences: NullTranslations, message: str, *, safe: bool) -> str:
    said = sentences.gettext(message)
    return (Markup(said) if safe else said) % {}  # noqa: S704  the catalogue is ours


@pass_eval_context
def _counting_in_template(
    context: EvalContext, singular: str, plural: str, num: int, /, **parts: Any
) -> str:
    """Translate a sentence that counts for Jinja."""
    said = catalogue().ngettext(singular, plural, num)
    return (Markup(said) if context.autoescape else said) % {"num": num, **parts}  # noqa: S704


def _l(message: str, **parts: Any) -> LazyString:
    """Translate when the sentence is shown, in the language of that moment."""
    return LazyString(_, message, **parts)


def _ln(singular: str, plural: str, num: int, **parts: Any) -> LazyString:
    """Translate a sentence that counts when it is shown."""
    return LazyString(_n, singular, plural, num, **parts)


def filled(sentence: LazyString, **parts: Any) -> LazyString:
    """Fill the parts into a sentence that was written down without them, when it is shown."""
    return LazyString(lambda: str(sentence) % parts)


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
    app.jinja_env.globals.update(
        _=_in_template, gettext=_in_template, ngettext=_counting_in_template
    )


def use_catalogues(app: Flask, folder: Path) -> None:
    """Speak the compiled catalogues of another folder from now on; for the pseudo-language of tests."""
    app.extensions[_EXTENSION].catalogues.clear()
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
