"""Finding the organisation a person means by the name she types, and making it where the directory has none."""

import secrets
from base64 import b32encode

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.text import clean, guess_lang, sort_key
from cop.core.types import Lang, Texts
from cop.people.models import Organisation
from cop.search.text import fold

#: The longest name of an organisation.
LONGEST = 160
_SORT_LIMIT = 200


def folded_name(name: str) -> str:
    """Return a name as names are compared: case, width, accents, Traditional forms and extra spaces levelled."""
    return " ".join(fold(name).split())


def folded_names(names: Texts) -> str:
    """Return the folded names for `Organisation.folded`: one a line, with line ends around each."""
    lines = dict.fromkeys(filter(None, (folded_name(name) for name in names.values())))
    return "".join(f"\n{line}" for line in lines) + "\n" if lines else ""


def sort_keys(names: Texts) -> tuple[str, str]:
    """Return what to sort by for readers of Chinese and of English; a missing name falls back to the other."""
    chinese = names.get(Lang.ZH) or names.get(Lang.EN) or ""
    english = names.get(Lang.EN) or names.get(Lang.ZH) or ""
    return sort_key(chinese)[:_SORT_LIMIT], sort_key(english)[:_SORT_LIMIT]


def find(name: str) -> Organisation | None:
    """Return the organisation that goes by this name, in whatever spelling, or None."""
    folded = folded_name(clean(name, multiline=False))
    if not folded:
        return None
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.folded.contains(f"\n{folded}\n", autoescape=True))
        .order_by(Organisation.id)
        .limit(1)
    ).first()


def checked_name(name: str, *, field: str = "organisation") -> str:
    """Return the name as it is stored (empty where none was typed), or raise Invalid."""
    cleaned = clean(name, multiline=False)
    if len(cleaned) > LONGEST:
        raise Invalid(
            field,
            _l(
                "Use at most %(number)s characters for the name of the organisation.",
                number=LONGEST,
            ),
        )
    return cleaned


def find_or_make(name: str, *, field: str = "organisation") -> Organisation | None:
    """Return the organisation of this name, making it where the directory has none; None for an empty name."""
    cleaned = checked_name(name, field=field)
    if not cleaned:
        return None
    return find(cleaned) or _make(cleaned)


def _make(name: str) -> Organisation:
    names: Texts = {guess_lang(name).value: name}
    sort_zh, sort_en = sort_keys(names)
    made = Organisation(
        key=f"o-{b32encode(secrets.token_bytes(8)).decode().lower()[:12]}",
        name=names,
        folded=folded_names(names),
        sort_zh=sort_zh,
        sort_en=sort_en,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made
