"""The blueprint that the views about people share."""

from flask import Blueprint

bp = Blueprint("people", __name__)
