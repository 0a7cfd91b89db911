"""The words of rendered text, without its markup."""

from markupsafe import Markup


def words_of(html: str) -> str:
    """Return what a reader of this HTML reads, in one line; entities are the characters they stand for."""
    return Markup(html).striptags()  # noqa: S704  only to strip it
