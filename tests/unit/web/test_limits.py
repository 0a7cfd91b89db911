"""Rate limits: they hold across processes and transactions, and name nobody."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cop.core.db import db, writing
from cop.core.errors import TooMany
from cop.web.limits import CounterStorage, Limits, client_address, limit, limits


@pytest.fixture
def counting(site: Flask) -> Any:
    with site.app_context():
        yield site


def tries(number: int, key: str = "a", name: str = "login") -> int:
    """Try so often; return how many tries were let through."""
    passed = 0
    for _ in range(number):
        try:
            limit(name, "3/5minutes", key=key)
            passed += 1
        except TooMany:
            pass
    return passed


@pytest.mark.usefixtures("counting")
def test_beyond_the_rate_a_try_is_refused_and_says_how_long_to_wait() -> None:
    with time_machine.travel("2026-11-18T09:00:00Z", tick=False) as now:
        assert tries(5) == 3
        now.shift(120)
        with pytest.raises(TooMany) as caught:
            limit("login", "3/5minutes", key="a")
        assert caught.value.retry_after == 180
        now.shift(181)
        assert tries(5) == 3


@pytest.mark.usefixtures("counting")
def test_each_name_and_each_key_is_counted_for_itself() -> None:
    assert tries(4, key="a") == 3
    assert tries(4, key="b") == 3
    assert tries(4, key="a", name="reset") == 3


def test_a_success_may_clear_the_count(counting: Flask) -> None:
    tries(3)
    limits(counting).clear("login", "3/5minutes", "a")
    assert tries(3) == 3


@pytest.mark.usefixtures("counting")
def test_a_try_counts_although_its_transaction_is_undone() -> None:
    for _ in range(3):
        tries(1)
        db.session.rollback()
    assert tries(1) == 0


@pytest.mark.usefixtures("counting")
def test_counting_does_not_wait_for_a_request_that_holds_the_write_lock() -> None:
    with writing():
        db.session.execute(text("CREATE TABLE held (x integer)"))
        assert tries(4) == 3
        db.session.rollback()


def test_two_processes_count_together(counting: Flask, settings: Any) -> None:
    def another() -> Limits:
        storage = CounterStorage(
            url=settings.database_url, own_file=str(settings.data / "limits.db")
        )
        return Limits(storage, settings.secret_key)

    other = another()
    waits = [(limits(counting) if i % 2 else other).hit("login", "3/minute", "a") for i in range(5)]
    other.storage.close()
    assert [wait == 0 for wait in waits] == [True, True, True, False, False]


def test_many_threads_let_exactly_the_rate_through(counting: Flask) -> None:
    passed: list[int] = []

    def many() -> None:
        with counting.app_context():
            passed.extend(limits(counting).hit("login", "20/minute", "a") == 0 for _ in range(10))

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 20


def stored(site: Flask) -> list[str]:
    """Return the keys of all counters, wherever they lie."""
    with limits(site).storage._connected().connect() as connection:
        return [row.key for row in connection.execute(text("SELECT key FROM rate_counters"))]


def test_the_counters_name_nobody(counting: Flask) -> None:
    tries(1, key="invented@example.org")
    [key] = stored(counting)
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")
    # Without the site's secret nobody can find out whose counter one is by trying addresses.
    Limits(limits(counting).storage, "another secret").hit(
        "login", "3/5minutes", "invented@example.org"
    )
    assert len(stored(counting)) == 2


def test_the_counters_of_a_database_file_lie_in_a_file_of_their_own(
    counting: Flask, settings: Any
) -> None:
    tries(1)
    is_file = settings.database_url.startswith("sqlite")
    assert (settings.data / "limits.db").exists() is is_file


def test_windows_that_ended_are_swept_out(counting: Flask) -> None:
    with time_machine.travel("2026-11-18T09:00:00Z", tick=False) as now:
        for i in range(200):
            limits(counting).hit("login", "3/minute", str(i))
        now.shift(120)
        for _ in range(60):
            limits(counting).hit("login", "100/minute", "again")
    assert len(stored(counting)) == 1


def test_without_the_counters_the_process_counts_for_itself(
    counting: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> int:
        raise OperationalError("UPSERT", {}, Exception("disk full"))

    monkeypatch.setattr(limits(counting).storage, "incr", broken)
    assert tries(5) == 3


def test_the_counters_can_be_looked_at_and_reset(counting: Flask) -> None:
    storage = limits(counting).storage
    assert storage.check()
    tries(2)
    assert storage.reset() == 1
    assert tries(3) == 3


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_client_is_its_address_or_its_network(site: Flask, address: str, counted: str) -> None:
    with site.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert client_address() == counted
