"""What an import did, in numbers and in sentences."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cop.core.i18n import _, _l, _n
from cop.exchange import kinds
from cop.exchange.problems import Problem

#: Kind → its name for many, at the head of a line.
NAMES: Mapping[str, Any] = {
    "source": _l("Sources"),
    "scheme": _l("Term lists"),
    "term": _l("Terms"),
    "organisation": _l("Organisations"),
    "note": _l("Case notes"),
    "practice": _l("Practice pages"),
    "guide": _l("Guides"),
    "space": _l("Spaces"),
    "discussion": _l("Discussions"),
    "collection": _l("Collections"),
    "comment": _l("Comments"),
    "workshop": _l("Workshops"),
}


@dataclass(frozen=True)
class Kept:
    """A record that was left as the site has it, and why."""

    kind: str
    key: str
    reason: str


@dataclass
class Report:
    """The outcome of an import."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Bad records that were left out with `--keep-going`.
    left_out: int = 0
    #: Whether anything was allowed to be written.
    written: bool = False
    #: Whether writing ended early, at a record the site refuses although it looked good.
    stopped: bool = False

    @property
    def ok(self) -> bool:
        """Whether every record was good."""
        return not self.problems

    def lines(self) -> Iterator[str]:
        """Give the report in sentences, problems first."""
        for problem in self.problems:
            yield str(problem)
        if self.problems and not self.written:
            yield _n(
                "Nothing was written, because of %(num)d problem.",
                "Nothing was written, because of %(num)d problems.",
                len(self.problems),
            )
            return
        if self.stopped:
            yield _(
                "The import stopped there; what came before is written."
                " Correct the record and run the import again."
            )
        yield from self._counts()
        for one in self.kept:
            yield _(
                "%(kind)s, “%(key)s”: %(reason)s",
                kind=NAMES[one.kind],
                key=one.key,
                reason=one.reason,
            )
        if self.left_out:
            yield _n(
                "%(num)d bad record was left out.",
                "%(num)d bad records were left out.",
                self.left_out,
            )

    def _counts(self) -> Iterator[str]:
        kept = Counter(one.kind for one in self.kept)
        for kind in kinds.WRITTEN:
            seen = self.added[kind] + self.changed[kind] + self.unchanged[kind] + kept[kind]
            if seen:
                yield _(
                    "%(kind)s: %(added)d new, %(changed)d changed, %(unchanged)d as before, %(kept)d kept"
                    " as the site has them.",
                    kind=NAMES[kind],
                    added=self.added[kind],
                    changed=self.changed[kind],
                    unchanged=self.unchanged[kind],
                    kept=kept[kind],
                )
