"""Passwords: argon2id, at most two at once, and the few that are refused."""

import threading
import unicodedata
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l

SHORTEST = 8
LONGEST = 200

# argon2id with OWASP's smallest memory: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Each hash takes 19 MiB and a core for some hundredths of a second; more at once would starve the site.
_slots = threading.BoundedSemaphore(2)

#: Passwords of eight characters and more that lists of stolen ones begin with; case does not matter.
_COMMON = frozenset(
    """
    password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pass1234
    passwort 12345678 123456789 1234567890 12345678910 0123456789 987654321 9876543210 87654321
    123123123 1234abcd abcd1234 abc12345 abc123456 a1234567 a12345678 a123456789 aa123456
    aa12345678 asd123456 asdf1234 qwertyui qwertyuiop qwerty123 qwerty12 qwerty1234 1qaz2wsx
    1qaz@wsx q1w2e3r4 q1w2e3r4t5 zaq12wsx asdfghjk asdfghjkl zxcvbnm1 zxcvbnm123 1q2w3e4r
    1q2w3e4r5t qazwsxedc qaz123456 qq123456 qq123456789 wang1234 woaini1314 woaini520 woaini123
    5201314520 52013145 13145201314 1314520520 7758521520 woaiwojia iloveyou iloveyou1 sunshine
    princess football baseball superman trustno1 whatever starwars computer letmein1 letmein123
    welcome1 welcome123 admin123 admin1234 administrator changeme changeme1 changeme123
    dragon123 monkey123 internet michelle jennifer qwe123456 wasd1234 test1234 testtest
    master123 liverpool tongxing tongxing1 tongxing123 community
    """.split()  # noqa: SIM905 (a list of words reads best as one)
)


def end_transaction() -> None:
    """End the reading of an operation before it hashes; what it read must be read again before it writes.

    Hashing waits for a slot and takes long on purpose. Meanwhile the request must not hold SQLite's write lock,
    or a few tries to sign in would keep everybody from writing. Nothing may wait to be committed.
    """
    db.session.rollback()


def hashed(password: str) -> str:
    """Return what is stored of a password; no transaction should be open (`end_transaction`)."""
    with _slots:
        return _hasher.hash(_as_meant(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is the stored one; takes as long where there is no stored one.

    No transaction should be open (`end_transaction`). An account that does not exist must answer as slowly as
    one that does.
    """
    too_long = len(password) > LONGEST
    with _slots:
        try:
            _hasher.verify(stored or _nobodys(), _as_meant(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None and not too_long


def is_outdated(stored: str) -> bool:
    """Tell whether a stored hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def require_strong(
    password: str, *, handle: str = "", address: str = "", field: str = "password"
) -> None:
    """Raise Invalid, in a sentence that says what to do, for a password that is easily guessed."""
    if len(password) < SHORTEST:
        raise Invalid(
            field, _l("Use at least %(number)s characters. A sentence is fine.", number=SHORTEST)
        )
    if len(password) > LONGEST:
        raise Invalid(field, _l("Use at most %(number)s characters.", number=LONGEST))
    plain = _as_meant(password).casefold().strip()
    own = {handle.casefold(), address.casefold(), address.partition("@")[0].casefold()} - {""}
    if plain in own:
        raise Invalid(
            field, _l("Choose a password that is not your account name or e-mail address.")
        )
    if plain in _COMMON or len(set(plain)) <= 2 or _is_run(plain):
        raise Invalid(
            field,
            _l(
                "Many people use this password, so it is guessed first. Choose another, such as a short sentence."
            ),
        )


def _as_meant(password: str) -> str:
    """Return a password as every keyboard and input method gives it: full width is plain, accents are composed."""
    return unicodedata.normalize("NFKC", password)


def _is_run(text: str) -> bool:
    """Tell whether each character is the next after the one before, or each the one before it."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1})


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
