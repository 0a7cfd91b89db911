"""What the tests of administration share."""

import pytest

from cop.people.viewer import Grant


@pytest.fixture
def admin(make):
    """Return the account that administers."""
    return make.user(name="Invented Admin", handle="invented-admin", grants=[Grant.ADMIN])


@pytest.fixture
def office(client, make, admin):
    """Return the browser of the administrator, who reads English."""
    return make.signed_in(client, admin)
