"""What is news: what was published now. What an import brings from years ago is told to nobody."""

from datetime import datetime, timedelta

from cop.entries.models import Comment, Entry

#: What is dated further back than this when it comes is not news; a comment may have waited for a moderator.
_FRESH = timedelta(days=14)


def is_news(of: Entry | Comment, at: datetime) -> bool:
    """Tell whether what came at this moment is as new as that."""
    dated = of.published_at if isinstance(of, Entry) else of.created_at
    return at - dated < _FRESH
