"""What these tests share."""

from tests.indexing import index

__all__ = ["index"]
