"""What is wrong with a file, said with file, line and reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a record from being imported; `reason` is a sentence for the reader."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        """Return the problem as compilers and editors write it: `file:line: reason`."""
        return f"{self.file}:{self.line}: {self.reason}"


class Unreadable(Exception):
    """The file cannot be read as what it says it is."""

    def __init__(self, line: int, reason: str) -> None:
        """Say where reading ended, and why."""
        super().__init__(reason)
        self.line = line
        self.reason = reason
