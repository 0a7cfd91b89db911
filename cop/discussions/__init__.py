"""Questions and conversations, in spaces."""
