"""The second lock: whatever the renderer made, only these tags and attributes leave it."""

from __future__ import annotations

import nh3

# fmt: off
TAGS = frozenset((
    "a", "blockquote", "br", "code", "div", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
))
# fmt: on
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"data-mention", "data-page"}}
VALUES = {"th": {"scope": {"col"}}, "div": {"tabindex": {"0"}}}
CLASSES = {"div": {"scroll"}, "table": {"data"}, "th": {"num"}, "td": {"num"}}
SCHEMES = frozenset(("http", "https", "mailto"))
#: Not for search engines' ranking, written by users, no handle on our window.
LINK_REL = "nofollow ugc noopener"

_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    tag_attribute_values=VALUES,
    allowed_classes=CLASSES,
    url_schemes=set(SCHEMES),
    link_rel=LINK_REL,
)


def sanitize(html: str) -> str:
    """Return the HTML with nothing in it but what is allowed."""
    return _cleaner.clean(html)
