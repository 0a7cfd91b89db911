"""What the tests of papers share: a trainer's desk, and workshops that are built on something."""

from tests.web.workshops.conftest import desk, english, hold, trainer

__all__ = ["desk", "english", "hold", "trainer"]
