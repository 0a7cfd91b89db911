"""An address is asked so that it learns nothing, and nothing inside the house is ever asked."""

from __future__ import annotations

import socket
import time

import pytest

from cop.outside.fetching import MOST_BYTES, Answer, Refused, is_public, look, title_of


def asked(server, path: str, **more) -> Answer:
    return look(server.url(path), agent="Tongxing (+http://localhost)", loopback=True, **more)


def test_a_page_is_reached_and_tells_its_title_and_learns_nothing(server) -> None:
    assert asked(server, "/page?of=1#part") == Answer(reached=True, title="An invented & 页面")
    for _method, path, headers in server.asked:
        assert path == "/page?of=1"
        assert headers["User-Agent"] == "Tongxing (+http://localhost)"
        assert {"Cookie", "Referer", "Authorization"}.isdisjoint(headers)


def test_a_server_that_knows_no_head_is_asked_for_the_page(server) -> None:
    assert asked(server, "/no-head").reached
    assert [method for method, *_ in server.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("path", "reached"),
    [("/gone", False), ("/broken", False), ("/refuses", True), ("/loop", False)],
)
def test_what_is_there_and_what_is_not(server, path: str, *, reached: bool) -> None:
    assert asked(server, path).reached is reached
    assert len(server.asked) <= 14


def test_a_redirect_is_followed_and_looked_at_anew(server) -> None:
    assert asked(server, f"/to?{server.url('/page')}").title == "An invented & 页面"
    for inside in ("http://10.0.0.1/", "http://169.254.169.254/latest/", "file:///etc/passwd"):
        with pytest.raises(Refused):
            asked(server, f"/to?{inside}")


def test_a_server_that_drips_is_left(server) -> None:
    assert asked(server, "/drip", deadline=0.4) == Answer(reached=False)


def test_nobody_there_is_not_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert look(url, agent="a", loopback=True) == Answer(reached=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_nothing_inside_is_asked(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_what_is_outside_is_asked_but_not_by_tests(address: str) -> None:
    assert is_public(address)
    assert not is_public(address, loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://somebody:secret@93.184.215.14/",
        "http://93.184.215.14:25/",
        "ftp://93.184.215.14/",
        "http:///",
    ],
)
def test_an_address_that_must_not_be_asked_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        look(url, agent="a")


def test_a_name_of_which_one_address_is_inside_is_refused(monkeypatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80))
        for one in ("93.184.215.14", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: found)
    with pytest.raises(Refused):
        look("http://example.org/", agent="a")


def test_titles_are_read_in_their_own_writing_and_in_one_line() -> None:
    told = {"content-type": "text/html; charset=gb2312"}
    assert title_of("<title>居民\n会议</title>".encode("gb2312"), told) == "居民 会议"
    assert title_of(b"<title>" + b"a" * MOST_BYTES + b"</title>", {}) == "a" * 200
    assert title_of(b"<TITLE lang=en>&lt;b&gt;</TITLE>", {"content-type": "text/html"}) == "<b>"
    assert title_of(b"no title", {}) == ""
    assert title_of(b"<meta charset=no-such><title>a\xff</title>", {}) == "a\ufffd"
    told = {"content-type": "text/html; charset=undefined"}
    assert title_of(b"<title>a</title>", told) == "a"


def test_a_page_of_beginnings_of_titles_keeps_nobody_waiting() -> None:
    spent = time.process_time()
    for beginnings in (b"<title>", b"<title"):
        assert not title_of(beginnings * (MOST_BYTES // len(beginnings)), {})
    assert time.process_time() - spent < 1
