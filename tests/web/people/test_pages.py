import pytest

PAGES = ["/login", "/register", "/register/sent", "/forgot", "/logout"]
OWN = [
    "/account/",
    "/account/preferences",
    "/account/password",
    "/account/address",
    "/account/devices",
    "/account/yours",
    "/account/close",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_open_for_visitors(client, path, lang):
    answer = client.get(path, query_string={"lang": lang})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", OWN)
def test_own_pages(client, make, path):
    make.signed_in(client, make.user(name="Invented <b>Person"))
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert "<b>Person" not in answer.text
