"""Markdown as members write it: one pure function from source to safe HTML and plain text."""

from cop.markup.render import VERSION, Rendered, render
from cop.markup.words import words_of

__all__ = ["VERSION", "Rendered", "render", "words_of"]
