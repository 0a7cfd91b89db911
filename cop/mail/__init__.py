"""Mail: messages, the ways they leave, and the outbox they wait in."""
