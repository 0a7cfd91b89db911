"""What the site says to machines."""

from __future__ import annotations


def test_crawlers_read_the_notes_and_leave_alone_what_is_personal_or_endless(client) -> None:
    """A site without the file would be crawled through every filter and search there is."""
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /search" in lines
    assert not any("notes" in line or "terms" in line for line in lines)
