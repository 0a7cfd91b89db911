"""The least a Flask application can do: what pages are compared with."""

from __future__ import annotations

from flask import Flask

app = Flask("bare")


@app.get("/")
def bare() -> str:
    """Answer with a word."""
    return "Hello"
