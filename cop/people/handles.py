"""Handles: the short names that stand in addresses of profile pages and are typed to sign in."""

import re
import unicodedata

from cop.core.errors import Invalid
from cop.core.i18n import _l

SHORTEST = 2
LONGEST = 40

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_SHAPE = re.compile(rf"[a-z0-9{_HAN}][a-z0-9_{_HAN}-]*")
#: Names that would let somebody pass for the site; only commands and the first administrator may take them.
_OFFICIAL = frozenset(
    """
    admin administrator moderator curator editor editors root system support help staff team
    tongxing security webmaster postmaster noreply no-reply official 编辑 编辑部 管理员 版主 官方 客服 同行 系统
    """.split()  # noqa: SIM905 (a list of words reads best as one)
)
#: What closed accounts are called.
_CLOSED = "closed-"


def normal(text: str) -> str:
    """Return a handle as it is stored and looked up: lower case, full-width forms made plain, no `@` before it."""
    return unicodedata.normalize("NFKC", text).strip().removeprefix("@").lower()


def checked(text: str, *, field: str = "handle", official: bool = False) -> str:
    """Return the handle in its normal form, or raise Invalid; `official` lets names of the site pass."""
    handle = normal(text)
    if not SHORTEST <= len(handle) <= LONGEST:
        raise Invalid(
            field,
            _l(
                "Choose an account name of %(least)s to %(most)s characters.",
                least=SHORTEST,
                most=LONGEST,
            ),
        )
    if not _SHAPE.fullmatch(handle):
        raise Invalid(
            field,
            # Translators: about account names.
            _l(
                "Use letters a–z, digits, hyphens, underscores or Chinese characters, and begin with a letter or digit."
            ),
        )
    if handle.startswith(_CLOSED) or (handle in _OFFICIAL and not official):
        raise Invalid(field, _l("This account name is kept for the site. Please choose another."))
    return handle


def of_closed(user_id: int) -> str:
    """Return the handle of an account that was closed."""
    return f"{_CLOSED}{user_id}"
