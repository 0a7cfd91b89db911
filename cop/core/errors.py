"""Errors in domain words. Operations raise them; `cop.web.errors` and forms translate them at the edge."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ParamSpec, cast

P = ParamSpec("P")


class DomainError(Exception):
    """Something the domain refuses. `message` is a (lazy) sentence for the reader."""

    def __init__(self, message: Any = "") -> None:
        """Keep the sentence unrendered, so that it is spoken in the reader's language."""
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the sentence in the language of the moment."""
        return str(self.message)


class Invalid(DomainError):
    """A value that cannot be taken. `field` names the form field the sentence belongs to."""

    def __init__(self, field: str, message: Any) -> None:
        """Name the field and say what to do."""
        super().__init__(message)
        self.field = field


class NotFound(DomainError):
    """The thing does not exist for this reader."""


class Moved(NotFound):
    """The thing stands elsewhere now: below the entry of this id, which the reader may read."""

    def __init__(self, entry_id: int) -> None:
        """Name where it is."""
        super().__init__()
        self.entry_id = entry_id


class Gone(DomainError):
    """The thing was public once and was withdrawn, hidden or deleted."""


class DeadLink(DomainError):
    """A link that was given to somebody works no longer: used up, ended or taken back."""


class Forbidden(DomainError):
    """The reader may see the thing but may not do this to it."""


class Conflict(DomainError):
    """Somebody else changed the thing meanwhile and the two changes do not merge."""


class TooMany(DomainError):
    """Too many tries; `retry_after` seconds must pass."""

    def __init__(self, retry_after: int, message: Any = "") -> None:
        """Say after how many seconds another try is welcome."""
        super().__init__(message)
        self.retry_after = retry_after


def ending(
    block: Callable[P, Iterator[None]],
) -> Callable[P, AbstractContextManager[None, bool]]:
    """Make a context manager that may end an error raised within it, which types then know: what follows is reached."""
    return cast("Callable[P, AbstractContextManager[None, bool]]", contextmanager(block))
