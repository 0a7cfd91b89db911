"""Rate limits that hold across processes: `limit("login", "10/5minutes", key=address)`.

Where the counters live. A try that failed must count although its request rolls back, and a request that
already holds SQLite's write lock must not wait for a second writer, namely itself. So counters never use
the request's transaction: on a database server they are a table of the same database, written through a
small pool of autocommitting connections; where the database is a file they are a file of their own beside
it (`limits.db`), which needs no backup and may be deleted at any time. Each hit is one upsert.
If the counters cannot be reached, counting goes on in the process and the failure is logged: an outage
of the counters must neither lock everybody out nor open the doors entirely.

The strategies are those of `limits`, the library under Flask-Limiter. The extension itself is not used:
its hooks took 40 µs of every request (a bare route takes 55), and its limits on views know neither the
account nor the outcome of a try. `copdb://` names the storage for it all the same.
"""

from __future__ import annotations

import hashlib
import math
import time
from threading import Lock
from typing import TYPE_CHECKING, Any

import structlog
from flask import current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from cop.core import clock
from cop.core.db import is_sqlite
from cop.core.errors import TooMany
from cop.core.i18n import _l
from cop.web.models import RateCounter

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

log = structlog.get_logger(__name__)

_EXTENSION = "cop.web.limits"
_POOL = 4
#: One hit in this many sweeps out windows that have ended.
_SWEEP_EVERY = 256
_BUSY_SECONDS = 5

# The windows' ends are compared in the statement, so that a hit is one round trip without a race.
_HIT = text("""
    INSERT INTO rate_counters (key, hits, expires_at) VALUES (:key, :amount, :ends)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN rate_counters.expires_at <= :now THEN :amount
                    ELSE rate_counters.hits + :amount END,
        expires_at = CASE WHEN rate_counters.expires_at <= :now THEN :ends
                          ELSE rate_counters.expires_at END
    RETURNING hits
""")
_READ = text("SELECT hits, expires_at FROM rate_counters WHERE key = :key AND expires_at > :now")
_CLEAR = text("DELETE FROM rate_counters WHERE key = :key")
_SWEEP = text("DELETE FROM rate_counters WHERE expires_at <= :now")
_RESET = text("DELETE FROM rate_counters")


def _now() -> float:
    return clock.now().timestamp()


class CounterStorage(Storage):
    """Counters in a database, for the strategies of the `limits` library."""

    STORAGE_SCHEME = ["copdb"]  # noqa: RUF012 (the base class wants a list)

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,  # noqa: FBT001, FBT002 (the base's)
        *,
        url: str = "",
        own_file: str = "",
        **options: Any,
    ) -> None:
        """Take the URL of the site's database, and the file to use instead where that is a file too."""
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._url = url
        self._own_file = own_file
        self._engine: Engine | None = None
        self._lock = Lock()
        self._hits = 0

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What may go wrong here."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a hit and return how many there are in its window."""
        now = _now()
        self._hits += 1
        with self._connected().connect() as connection:
            if self._hits % _SWEEP_EVERY == 0:
                connection.execute(_SWEEP, {"now": now})
            values = {
                "key": _short(key),
                "amount": amount,
                "now": now,
                "ends": now + expiry,
            }
            return int(connection.execute(_HIT, values).scalar_one())

    def get(self, key: str) -> int:
        """Return how many hits the present window has."""
        return self._read(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return when the present window ends, in seconds since 1970."""
        return self._read(key)[1]

    def check(self) -> bool:
        """Tell whether the counters can be reached."""
        try:
            self.get("check")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget all counters."""
        with self._connected().connect() as connection:
            return connection.execute(_RESET).rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._connected().connect() as connection:
            connection.execute(_CLEAR, {"key": _short(key)})

    def close(self) -> None:
        """Close the connections; the next hit opens them again."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def _read(self, key: str) -> tuple[int, float]:
        now = _now()
        with self._connected().connect() as connection:
            row = connection.execute(_READ, {"key": _short(key), "now": now}).first()
        return (int(row.hits), float(row.expires_at)) if row else (0, now)

    def _connected(self) -> Engine:
        # Made at the first hit, so that a server that forks its workers shares no connection.
        if self._engine is None:
            with self._lock:
                if self._engine is None:
                    self._engine = _engine(self._url, self._own_file)
        return self._engine


def _engine(url: str, own_file: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=_POOL,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",
    )
    if not is_sqlite(engine):
        return engine
    engine.dispose()
    own = make_url(url).set(database=own_file, query={})
    engine = create_engine(
        own,
        poolclass=QueuePool,
        pool_size=_POOL,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
    )
    with engine.connect() as connection:
        # A counter lost in a power cut does no harm, so it need not wait for the disk.
        connection.execute(text("PRAGMA journal_mode=WAL"))
        connection.execute(text("PRAGMA synchronous=NORMAL"))
        RateCounter.__table__.create(connection, checkfirst=True)  # type: ignore[attr-defined]
    return engine


def _short(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=32).hexdigest()


class Limits:
    """The limits of one application."""

    def __init__(self, storage: CounterStorage, secret: str) -> None:
        """Count in this storage; the secret keeps addresses out of it."""
        self.storage = storage
        self._shared = FixedWindowRateLimiter(storage)
        self._spare = FixedWindowRateLimiter(MemoryStorage())
        self._secret = hashlib.blake2b(secret.encode(), digest_size=32).digest()

    def hit(self, name: str, rate: str, key: str) -> int:
        """Count one try; return 0 if it is within the rate, else the seconds until the next is welcome."""
        item = parse(rate)
        hidden = self._hide(name, key)
        try:
            return self._seconds(self._shared, item, hidden)
        except SQLAlchemyError:
            log.exception("limits.unreachable", limit=name)
            return self._seconds(self._spare, item, hidden)

    def clear(self, name: str, rate: str, key: str) -> None:
        """Forget the tries, say after the right password."""
        try:
            self._shared.clear(parse(rate), self._hide(name, key))
        except SQLAlchemyError:
            log.exception("limits.unreachable", limit=name)

    def _seconds(self, strategy: FixedWindowRateLimiter, item: RateLimitItem, hidden: str) -> int:
        if strategy.hit(item, hidden):
            return 0
        ends = strategy.get_window_stats(item, hidden).reset_time
        here = _now() if strategy is self._shared else time.time()
        return max(1, math.ceil(ends - here))

    def _hide(self, name: str, key: str) -> str:
        return hashlib.blake2b(
            f"{name}\0{key}".encode(), key=self._secret, digest_size=24
        ).hexdigest()


def init_app(app: Flask, *, database_url: str, data: Path, secret: str) -> None:
    """Count in the database, or in a file of the data folder where the database is a file."""
    storage = CounterStorage(url=database_url, own_file=str(data / "limits.db"))
    app.extensions[_EXTENSION] = Limits(storage, secret)


def limits(app: Flask | None = None) -> Limits:
    """Return the limits of the application."""
    found: Limits = (app or current_app).extensions[_EXTENSION]
    return found


def limit(name: str, rate: str, *, key: str) -> None:
    """Count one try of `name` by `key`, or raise TooMany beyond `rate` ("10/5minutes", "3 per hour")."""
    seconds = limits().hit(name, rate, key)
    if seconds:
        log.info("limits.reached", limit=name)
        raise TooMany(
            seconds,
            _l("That was tried too often. Please wait a little, then try again."),
        )


def client_address() -> str:
    """Return where the request comes from; an IPv6 client is its /64 network, as it owns all of that."""
    import ipaddress

    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
