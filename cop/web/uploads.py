"""Requests that bring files: only views that say so take more than a form's worth of bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, request

if TYPE_CHECKING:
    from flask import Flask

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "takes_files"
_MB = 1024 * 1024


def takes_files(view: F) -> F:
    """Mark a view whose form may bring files."""
    setattr(view, _MARK, True)
    return view


def init_app(app: Flask, *, megabytes: int) -> None:
    """Let marked views take so much in one request. Comes before whatever reads the form."""

    @app.before_request
    def make_room() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        if request.mimetype == "multipart/form-data" and getattr(view, _MARK, False):
            request.max_content_length = megabytes * _MB
