"""What these tests share."""

from tests.indexing import _no_waiting_for_the_worker, index
from tests.mails import sent

__all__ = ["_no_waiting_for_the_worker", "index", "sent"]
