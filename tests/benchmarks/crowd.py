"""People at a site over HTTP: readers who search and look, writers who publish, revise and look for what they wrote."""

from __future__ import annotations

import http.client
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from random import Random
from statistics import median
from threading import Event, Lock
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from sqlalchemy import select

from cop.core.db import db
from cop.people import devices
from cop.people.models import User
from tests.benchmarks.search.timing import percentile
from tests.benchmarks.words import SLOTS, TITLES

if TYPE_CHECKING:
    from flask import Flask

_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_NAME, _VALUE = re.compile(r'name="([^"]*)"'), re.compile(r'value="([^"]*)"')
_RESULT = re.compile(r'href="/notes/(\d+)-')
_PATIENCE = 60
#: Requests before anything is counted.
_KNOCKS = 12
#: How long a writer waits to find her note before she goes on, in seconds.
_LOOKS_FOR = 20.0
#: A letter for each digit, so that a word is one word and the stem of nothing.
_LETTERS = "bdfghjklmp"
#: Shown above results that were found without the index.
_DEGRADED = "The full search is being prepared"


@dataclass
class Told:
    """A note somebody published: the word it is known by now, and those of its former states."""

    entry: int
    word: str
    cookie: str
    hidden: bool = False  # from visitors
    before: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str
    cookie: str = ""


class Crowd:
    """What all of them share: where the site is, what they met, what they wrote."""

    def __init__(self, port: int) -> None:
        """Nobody has done anything yet."""
        self.port = port
        self.told: list[Told] = []
        self.errors: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.times: dict[str, list[float]] = {}
        self.found_after: list[float] = []
        self.not_found_in_time = 0
        self.degraded = 0
        self._lock = Lock()

    def ask(
        self,
        kind: str,
        path: str,
        *,
        connection: http.client.HTTPConnection | None = None,
        cookie: str = "",
        form: list[tuple[str, str]] | None = None,
    ) -> Answer:
        """Ask once. What is neither a page nor a redirection is an error; so is no answer."""
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        headers = {"Accept-Language": "en"} | ({"Cookie": cookie} if cookie else {})
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        try:
            own.request("GET" if form is None else "POST", path, body, headers)
            response = own.getresponse()
            text = response.read().decode("utf-8", "replace")
            worn = re.search(r"session=[^;]+", response.getheader("Set-Cookie", ""))
            answer = Answer(
                response.status, text, response.getheader("Location", ""), worn[0] if worn else ""
            )
        except (OSError, http.client.HTTPException) as error:
            own.close()
            answer = Answer(0, "", "")
            with self._lock:
                self.errors[f"{kind}: {type(error).__name__}"] += 1
        finally:
            if connection is None:
                own.close()
        self._note(kind, answer, (time.perf_counter() - started) * 1000)
        return answer

    def _note(self, kind: str, answer: Answer, spent: float) -> None:
        with self._lock:
            self.answers[kind] += 1
            self.times.setdefault(kind, []).append(spent)
            self.degraded += _DEGRADED in answer.text
            if answer.status >= 400:
                self.errors[f"{kind}: {answer.status}"] += 1

    def wait_for_workers(self) -> None:
        """Let every worker of the server open its index; a server listens before it can answer."""
        for _ in range(_KNOCKS):
            self.ask("", "/search?q=open")
        self.answers.clear()
        self.times.clear()

    def entries_for(self, word: str, *, cookie: str = "") -> list[int]:
        """Search for a word; give the notes found."""
        answer = self.ask("search for a word", f"/search?q={word}", cookie=cookie)
        return [int(entry) for entry in dict.fromkeys(_RESULT.findall(answer.text))]

    def published(self, told: Told) -> None:
        """Remember a note."""
        with self._lock:
            self.told.append(told)

    def found(self, seconds: float | None) -> None:
        """Remember how long it took to find what was published; None when it was not found in time."""
        with self._lock:
            if seconds is None:
                self.not_found_in_time += 1
            else:
                self.found_after.append(seconds)

    def lines(self) -> list[str]:
        """Tell what they met."""
        lines = [f"{'':24}{'answers':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"]
        for kind, times in sorted(self.times.items()):
            p50, p95, p99 = median(times), percentile(times), percentile(times, 99)
            lines.append(f"{kind:24}{len(times):9}{p50:9.0f}{p95:9.0f}{p99:9.0f}")
        lines.append(f"errors: {dict(self.errors) or 'none'}")
        lines.append(f"searches answered without the index: {self.degraded}")
        if self.found_after:
            p50, p95 = median(self.found_after), percentile(self.found_after)
            lines.append(
                f"published and found by its author: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms "
                f"of {len(self.found_after)}; {self.not_found_in_time} not within {_LOOKS_FOR:.0f} s"
            )
        return lines


class _Person:
    """Somebody with a connection of her own."""

    def __init__(self, crowd: Crowd, number: int, cookie: str = "") -> None:
        """Numbers make different people."""
        self.crowd, self.number, self.cookie = crowd, number, cookie
        self.rng = Random(f"{type(self).__name__}:{number}")
        self._connection = http.client.HTTPConnection("127.0.0.1", crowd.port, timeout=_PATIENCE)

    def ask(self, kind: str, path: str, form: list[tuple[str, str]] | None = None) -> Answer:
        """Ask over the kept connection."""
        answer = self.crowd.ask(
            kind, path, connection=self._connection, cookie=self.cookie, form=form
        )
        if self.cookie and answer.cookie:
            self.cookie = answer.cookie
        return answer


class Reader(_Person):
    """Searches with words of the notes, opens what was found, looks at lists."""

    def work(self, over: Event) -> None:
        """Go on until it is over."""
        while not over.is_set():
            if self.rng.random() < 0.6:
                found = self.ask("search", self._search())
                notes = _RESULT.findall(found.text)
                if notes and self.rng.random() < 0.5:
                    self._open(self.rng.choice(notes))
            else:
                self.ask("page", self.rng.choice(("/", "/notes/", "/terms/", "/organisations/")))
            over.wait(self.rng.random() * 0.2)

    def _search(self) -> str:
        lang = self.rng.choice(list(SLOTS))
        slots = {name: self.rng.choice(words) for name, words in SLOTS[lang].items()}
        said = self.rng.choice(
            (
                slots["what"],
                f"{slots['who']} {slots['what']}",
                self.rng.choice(TITLES[lang]).format(**slots, num=self.rng.randint(2, 90)),
            )
        )
        narrowed = self.rng.choice(("", "", "&outcome=worked", "&text=zh", "&page=2"))
        return f"/search?q={quote(said)}{narrowed}"

    def _open(self, entry: str) -> None:
        answer = self.ask("note", f"/notes/{entry}")
        if answer.location:
            self.ask("note", answer.location)


class Writer(_Person):
    """Publishes a note with a word nobody else uses, revises every other of her notes, looks for them."""

    _count = 0

    @property
    def _hides(self) -> bool:
        return self.number % 2 == 0

    def work(self, over: Event) -> None:
        """Go on until it is over."""
        own: list[Told] = []
        while not over.is_set():
            told = self._revised(self.rng.choice(own)) if own and self.rng.random() < 0.5 else None
            told = told or self._posted()
            if told is not None and told not in own:
                own.append(told)
            if told is not None and self.rng.random() < 0.3:
                self._look_for(told, over)
            over.wait(0.2 + self.rng.random() * 0.6)

    def _posted(self) -> Told | None:
        word = self._word()
        page = self.ask("editor", "/notes/new")
        fields = [*self._typed(word), *hidden(page.text)]
        answer = self.ask("publish", "/notes/", fields)
        found = re.search(r"/notes/(\d+)", answer.location)
        if answer.status != 303 or not found:
            self._refused("publish", answer)
            return None
        told = Told(int(found[1]), word, self.cookie, hidden=self._hides)
        self.crowd.published(told)
        return told

    def _revised(self, told: Told) -> Told | None:
        word = self._word()
        path = f"/notes/{told.entry}/edit"
        page = self.ask("editor", path)
        answer = self.ask("revise", path, [*self._typed(word), *hidden(page.text)])
        if answer.status != 303:
            self._refused("revise", answer)
            return None
        told.before.append(told.word)
        told.word = word
        return told

    def _refused(self, kind: str, answer: Answer) -> None:
        if 0 < answer.status < 400:
            self.crowd.errors[f"{kind}: {answer.status} instead of 303"] += 1

    def _look_for(self, told: Told, over: Event) -> None:
        started = time.monotonic()
        while time.monotonic() - started < _LOOKS_FOR and not over.is_set():
            if told.entry in self.crowd.entries_for(told.word, cookie=self.cookie):
                self.crowd.found(time.monotonic() - started)
                return
            time.sleep(0.02)
        if not over.is_set():
            self.crowd.found(None)

    def _word(self) -> str:
        self._count += 1
        digits = f"{self.number:02d}{self._count:05d}"
        return "zq" + "".join(_LETTERS[int(digit)] for digit in digits) + "x"

    def _typed(self, word: str) -> list[tuple[str, str]]:
        return [
            ("lang", "en"),
            ("title", f"An invented note {self.number}-{self._count}"),
            ("outcome", "mixed"),
            ("outcome_reason", "People came, the office did not answer."),
            ("strategies", "open-space"),
            ("what_happened", f"We invited **everybody** to {word}."),
            ("what_we_learned", "Ask the office first."),
            ("organisation_mask", "named"),
            ("evidence", "own-experience"),
            ("visibility", "members" if self._hides else "public"),
            ("name_mask", "shown"),
            ("act", "publish"),
        ]


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden fields of the editor on a page, each once."""
    found: dict[str, str] = {}
    for tag in _HIDDEN.findall(page):
        name, value = _NAME.search(tag), _VALUE.search(tag)
        if name and name[1] not in found:
            found[name[1]] = unescape(value[1]) if value else ""
    return list(found.items())


def cookies(app: Flask, count: int) -> list[str]:
    """Sign in so many invented authors; give the cookie each one's browser would send."""
    worn = []
    for number in range(count):
        user = db.session.scalars(
            select(User).where(User.handle == f"generated-{number:03d}")
        ).one()
        _row, token = devices.begin(user=user, user_agent="Benchmark")
        db.session.commit()
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
        kept = client.get_cookie("session")
        assert kept is not None
        worn.append(f"session={kept.value}")
    return worn
