"""Every mailer keeps the same promises: SMTP (against a real server on loopback), files and memory."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from cop.app import create_app
from cop.core.types import Lang
from cop.mail.mailer import (
    FileMailer,
    Mailer,
    MailError,
    MemoryMailer,
    SmtpMailer,
    mailer_for,
)
from cop.mail.message import BadMail, Message, compose
from cop.settings import Settings, SettingsError

SENDER = "同行 Tongxing <tongxing@example.org>"


class Inbox:
    """What a mail server received; it refuses the addresses it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, _s: Any, _t: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: Any, _t: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


class Moody(Inbox):
    """A server that takes a mail and fails while it takes leave."""

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "421 I am going down"


class Forgetful(Inbox):
    """A server that takes the words of a mail and then cannot keep it."""

    async def handle_DATA(self, _s: Any, _t: Any, envelope: Any) -> str:  # noqa: N802
        await super().handle_DATA(_s, _t, envelope)
        return "452 My disk is full"


class Silent(Inbox):
    """A server that takes a mail and is gone before it says so."""

    async def handle_DATA(self, server: Any, _t: Any, envelope: Any) -> str:  # noqa: N802
        await super().handle_DATA(server, _t, envelope)
        server.transport.close()
        return "250 OK"


class AnyPort(Controller):
    """A controller on a free port: it reports the one the system chose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class Post:
    """A mailer and a way to read what left it."""

    mailer: Mailer
    read: Callable[[], list[EmailMessage]]


def _opened(folder: Path) -> list[EmailMessage]:
    return [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[misc]
        for path in sorted(folder.glob("*.eml"))
    ]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[AnyPort]:
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture(params=["memory", "file", "smtp"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Post:
    if request.param == "memory":
        memory = MemoryMailer(SENDER)
        return Post(memory, lambda: memory.sent)
    if request.param == "file":
        return Post(FileMailer(tmp_path / "mail", SENDER), lambda: _opened(tmp_path / "mail"))
    inbox = request.getfixturevalue("inbox")
    server = request.getfixturevalue("server")
    return Post(SmtpMailer("127.0.0.1", server.port, SENDER), lambda: inbox.mails)


def letter(**more: Any) -> Message:
    values = {
        "to": "invented@example.org",
        "name": "虚构的人",
        "subject": "请确认您的邮箱：同行",
        "text": "您好！\n请打开下面的链接。\n.\n完。\n",
        "html": "<p lang='zh-Hans'>您好！</p>",
    }
    return Message(**{**values, **more})


def test_a_chinese_mail_arrives_as_it_was_written(post: Post) -> None:
    post.mailer.send(letter())
    [mail] = post.read()
    assert mail["Subject"] == "请确认您的邮箱：同行"
    assert "虚构的人" in str(mail["To"])
    assert mail["To"].addresses[0].addr_spec == "invented@example.org"
    assert mail["From"].addresses[0].display_name == "同行 Tongxing"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == ["您好！", "请打开下面的链接。", ".", "完。"]


def test_text_comes_before_html_so_that_every_program_shows_one(post: Post) -> None:
    post.mailer.send(letter())
    [mail] = post.read()
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_says_that_it_is_automatic_when_it_was_made_and_in_which_language(
    post: Post,
) -> None:
    post.mailer.send(letter(lang=Lang.EN))
    [mail] = post.read()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Message-ID"].endswith("@example.org>")


def test_a_second_try_carries_the_same_message_id(post: Post) -> None:
    for _ in range(2):
        post.mailer.send(letter(), message_id="<one@example.org>")
    assert [mail["Message-ID"] for mail in post.read()] == ["<one@example.org>"] * 2


def test_further_headers_are_carried(post: Post) -> None:
    post.mailer.send(letter(headers={"List-Unsubscribe": "<https://example.org/off>"}))
    [mail] = post.read()
    assert mail["List-Unsubscribe"] == "<https://example.org/off>"


@pytest.mark.parametrize(
    "bad",
    [
        {"subject": "Hello\r\nBcc: somebody@example.org"},
        {"subject": "Hello\nthere"},
        {"subject": "  "},
        {"name": "A\r\nBcc: somebody@example.org"},
        {"to": "a@example.org\nBcc: b@example.org"},
        {"to": "a@example.org, b@example.org"},
        {"to": "nobody"},
        {"to": "@example.org"},
        {"headers": {"X-One": "1\r\nX-Two: 2"}},
        {"headers": {"X-One\r\nX-Two": "1"}},
        {"headers": {"Bcc": "b@example.org"}},
    ],
)
def test_nothing_typed_can_become_a_header_or_another_recipient(bad: dict[str, Any]) -> None:
    with pytest.raises(BadMail):
        letter(**bad)


def test_a_long_chinese_subject_survives_folding() -> None:
    subject = "一" * 280
    mail = compose(letter(subject=subject), sender=SENDER)
    raw = mail.as_bytes()
    assert max(len(line) for line in raw.splitlines()) < 1000
    assert email.message_from_bytes(raw, policy=policy.default)["Subject"] == subject


def test_a_chinese_domain_travels_in_ascii() -> None:
    mail = compose(letter(to="invented@例子.example"), sender=SENDER)
    assert mail["To"].addresses[0].domain == "xn--fsqu00a.example"


def test_a_file_is_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    FileMailer(tmp_path / "mail", SENDER).send(letter())
    [path] = (tmp_path / "mail").iterdir()
    assert path.suffix == ".eml"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_to_is_a_mail_error(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(MailError) as caught:
        FileMailer(tmp_path / "mail", SENDER).send(letter())
    assert not caught.value.permanent


def test_a_refused_address_is_refused_for_good(inbox: Inbox, server: AnyPort) -> None:
    inbox.refused["invented@example.org"] = "550 no such person"
    with pytest.raises(MailError, match="550") as caught:
        SmtpMailer("127.0.0.1", server.port, SENDER).send(letter())
    assert caught.value.permanent


def test_a_full_mailbox_may_be_tried_again(inbox: Inbox, server: AnyPort) -> None:
    inbox.refused["invented@example.org"] = "452 mailbox full"
    with pytest.raises(MailError) as caught:
        SmtpMailer("127.0.0.1", server.port, SENDER).send(letter())
    assert not caught.value.permanent


def test_a_server_that_fails_while_it_takes_leave_has_the_mail() -> None:
    inbox = Moody()
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        SmtpMailer("127.0.0.1", controller.port, SENDER).send(letter())
    finally:
        controller.stop()
    assert len(inbox.mails) == 1


def test_a_server_that_hears_a_mail_and_cannot_keep_it_may_be_tried_again() -> None:
    inbox = Forgetful()
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        with pytest.raises(MailError, match="452") as failed:
            SmtpMailer("127.0.0.1", controller.port, SENDER).send(letter())
    finally:
        controller.stop()
    assert not failed.value.permanent


def test_a_server_that_is_gone_before_it_answers_may_have_the_mail() -> None:
    inbox = Silent()
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        with pytest.raises(MailError) as failed:
            SmtpMailer("127.0.0.1", controller.port, SENDER).send(letter())
    finally:
        controller.stop()
    assert len(inbox.mails) == 1
    assert failed.value.unsure
    assert not failed.value.permanent


def test_an_absent_server_may_be_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(MailError) as caught:
            SmtpMailer("127.0.0.1", port, SENDER).send(letter())
    assert not caught.value.permanent
    assert not caught.value.unsure


def test_the_user_and_password_of_the_url_sign_in(inbox: Inbox) -> None:
    seen: list[Any] = []

    def check(
        _server: Any, _session: Any, _envelope: Any, _how: str, data: LoginPassword
    ) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)

    controller = AnyPort(
        inbox, hostname="127.0.0.1", port=0, authenticator=check, auth_require_tls=False
    )
    controller.start()
    try:
        url = f"smtp://us%40er:p%40ss%2Fword@127.0.0.1:{controller.port}"
        mailer_for(url, data=Path(), sender=SENDER).send(letter())
        assert seen == [(b"us@er", b"p@ss/word")]
        assert len(inbox.mails) == 1
        wrong = mailer_for(url.replace("word", "else"), data=Path(), sender=SENDER)
        with pytest.raises(MailError) as caught:
            wrong.send(letter())
        assert not caught.value.permanent
        assert "else" not in str(caught.value)
    finally:
        controller.stop()


def test_starttls_is_demanded_and_not_only_tried(server: AnyPort) -> None:
    mailer = mailer_for(f"smtp://127.0.0.1:{server.port}?starttls=1", data=Path(), sender=SENDER)
    with pytest.raises(MailError):
        mailer.send(letter())


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp://mail.example.org", 25, False, False),
        ("smtp://mail.example.org?starttls=1", 587, False, True),
        ("smtps://mail.example.org", 465, True, False),
        ("smtp://mail.example.org:2525?starttls=0", 2525, False, False),
    ],
)
def test_a_url_says_how_to_reach_the_server(url: str, port: int, tls: bool, starttls: bool) -> None:
    mailer = mailer_for(url, data=Path(), sender=SENDER)
    assert isinstance(mailer, SmtpMailer)
    assert (mailer.port, mailer.tls, mailer.starttls) == (port, tls, starttls)


def test_without_a_url_mails_go_to_the_data_folder(tmp_path: Path) -> None:
    mailer = mailer_for("", data=tmp_path, sender=SENDER)
    mailer.send(letter())
    assert mailer.kind == "file"
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"mail_url": "smtp://"},
        {"mail_url": "smtp://me:hidden-word@mail.example.org:many"},
        {"mail_url": "smtp://me:hidden/word@mail.example.org:25"},
        {"mail_url": "smtp://me:hidden-word@[mail.example.org:25"},
        {"mail_from": "nobody"},
        {"mail_from": ""},
        {"mail_from": "Invented <a@example.org>\nBcc: b@example.org"},
        {"mail_from": "Invented <a b@example.org>"},
    ],
)
def test_a_setting_that_can_send_no_mail_is_refused_at_the_start(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    settings = Settings(
        data=tmp_path, database_url=f"sqlite:///{tmp_path / 'cop.db'}", secret_key="x", **wrong
    )
    with pytest.raises(SettingsError, match=r"COP_MAIL_(URL|FROM)") as refused:
        create_app(settings)
    assert "hidden" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_url_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="smtp"):
        mailer_for("https://mail.example.org", data=Path(), sender=SENDER)
