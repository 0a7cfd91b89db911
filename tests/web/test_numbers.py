"""An address with a number that nothing has leads nowhere, however large it is."""

from __future__ import annotations

import pytest

ADDRESSES = (
    "/account/devices/{}/end",
    "/admin/invitations/{}/revoke",
    "/workshops/1/trainers/{}/lead",
    "/workshops/1/participants/drafts/{}",
)


@pytest.mark.parametrize("number", [2**31, 10**30], ids=["large", "huge"])
def test_no_number_is_too_large_to_be_nothing(client, make, number: int) -> None:
    make.signed_in(client, make.user(grants=["admin", "trainer"]))
    for address in ADDRESSES:
        assert client.post(address.format(number)).status_code == 404
