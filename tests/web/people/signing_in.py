"""Signing in as the form does it."""

from tests.make import PASSWORD

WRONG = "do not belong together"


def sign_in(client, identifier="invented-li", password=PASSWORD, **more):
    return client.post("/login", data={"identifier": identifier, "password": password, **more})
