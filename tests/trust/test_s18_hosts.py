"""S18: a forged host or a forged forwarded header is not believed."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from netmap.cli.server import web_server

SignIn = Callable[[str | None], FlaskClient]
FORGED = (
    "evil.example", "office.example.evil.example", "evil-office.example", "a b", "office.example:99999999",
    "office.example@evil.example", "office.example/evil", "evil.example#office.example", "127.0.0.1", "[::1]",
    "office.example\\.evil.example", "OFFICE.EXAMPLE.evil.example", "office.example,evil.example",
)  # fmt: skip


@pytest.mark.parametrize("host", FORGED)
def test_a_forged_host_is_refused_in_words(second: Callable[..., Flask], host: str) -> None:
    client = second(trusted_hosts="office.example, www.office.example").test_client()
    for path in ("/", "/sign-in", "/api/gaps", "/no-such-page", "/static/netmap.css"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert host not in answer.get_data(as_text=True)
        assert host not in answer.headers.get("Location", "")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["office.example", "www.office.example:443"])
def test_the_own_names_are_answered(second: Callable[..., Flask], host: str) -> None:
    client = second(trusted_hosts="office.example, www.office.example").test_client()
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "forged",
    [{"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}, {"X-Host": "evil.example"}],
)
def test_a_forwarded_host_is_believed_from_the_proxy_only(
    second: Callable[..., Flask], forged: dict[str, str]
) -> None:
    headers = {"Host": "office.example", **forged}
    alone = second(trusted_hosts="office.example").test_client()
    assert alone.get("/sign-in", headers=headers).status_code == 200
    behind = second(trusted_hosts="office.example", proxies=1).test_client()
    status = behind.get("/sign-in", headers=headers).status_code
    assert status == (400 if "X-Forwarded-Host" in forged else 200)


def test_no_page_repeats_the_host_that_was_sent(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    for path in ("/", "/gaps", "/search?q=debts", "/sign-in", "/account", "/no-such-page", "/packages/"):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "worse.example"})
        page = answer.get_data(as_text=True) + str(answer.headers)
        assert "evil.example" not in page, path
        assert "worse.example" not in page, path


def test_a_forwarded_scheme_is_believed_from_the_proxy_only(second: Callable[..., Flask]) -> None:
    from flask import request

    seen: list[str] = []
    for proxies in (0, 1):
        app = second(proxies=proxies)
        app.before_request(lambda: seen.append(request.scheme))
        app.test_client().get("/health", headers={"X-Forwarded-Proto": "https"})
    assert seen == ["http", "https"]


@contextmanager
def serving(pages: Callable[..., object], proxies: int = 0) -> Iterator[tuple[str, int]]:
    """The server of `netmap serve` on a free port."""
    server = web_server(pages, "127.0.0.1", 0, proxies=proxies)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield "127.0.0.1", server.effective_port
    server.close()
    thread.join(timeout=5)


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "7.7.7.7")])
def test_the_own_server_hands_on_who_is_behind_the_proxy(
    second: Callable[..., Flask], proxies: int, address: str
) -> None:
    """Without that, thirty wrong passwords of anybody would shut the door for everybody."""
    from flask import request

    seen: list[str | None] = []
    app = second(proxies=proxies)
    app.before_request(lambda: seen.append(request.remote_addr))
    with serving(app, proxies) as place, socket.create_connection(place, timeout=5) as connection:
        forwarded = b"X-Forwarded-For: 6.6.6.6, 7.7.7.7\r\n"
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + forwarded + b"\r\n")
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 200")
    assert seen == [address]


def test_a_request_with_two_lengths_is_refused() -> None:
    """Where a proxy believes one length and the server the other, a second request can be smuggled in."""
    seen: list[str] = []

    def pages(environ: dict[str, str], start: Callable[..., object]) -> list[bytes]:
        seen.append(environ["PATH_INFO"])
        start("200 OK", [])
        return [b"ok"]

    hidden = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    head = b"POST /first HTTP/1.1\r\nHost: x\r\n"
    answers = []
    with serving(pages) as place:
        for lengths in (b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: %d\r\n"):
            with socket.create_connection(place, timeout=5) as connection:
                connection.sendall(head + lengths % len(hidden) + b"Connection: close\r\n\r\n" + hidden)
                answers.append(connection.makefile("rb").read().split(b"\r\n")[0])
    assert answers == [b"HTTP/1.1 400 Bad Request", b"HTTP/1.1 200 OK"]
    assert seen == ["/first"]
