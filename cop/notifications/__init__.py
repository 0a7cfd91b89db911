"""Watching and being told: what somebody watches, the lines that tell her of it, and the mails that do."""
