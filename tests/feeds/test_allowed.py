"""What a feed may ask for: only what the settings name, whatever a person or a server writes."""

import io
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netmap.config import Settings
from netmap.errors import Invalid
from netmap.feeds import fetching, folders
from netmap.feeds.allowed import Allowed, Host, allowed, require_allowed, require_reachable, target
from netmap.feeds.fetching import fetch
from tests.feeds.conftest import Said

OPEN = Settings(feed_hosts="data.example.org, http://files.example.org, inside.example.org:8443")


@pytest.mark.parametrize(
    "address",
    [
        "https://data.example.org/list.zip",
        "https://DATA.example.org:443/list.zip?x=1",
        "http://files.example.org/list.zip",
        "https://inside.example.org:8443/",
    ],
)
def test_what_the_settings_name_may_be_fetched(address: str) -> None:
    require_allowed(address, allowed(OPEN))


@pytest.mark.parametrize(
    "address",
    [
        "http://data.example.org/list.zip",  # not with https
        "https://data.example.org:8443/",  # another port
        "https://data.example.org.evil.example/",
        "https://evil.example/?data.example.org",
        "https://data.example.org@evil.example/",
        "https://ann:secret@data.example.org/",
        "https://evil.example\\@data.example.org/",
        "https://data.example.org/a b",
        "https://data.example.org/\r\nHost: evil.example",
        "https://data.example.org:99999/",
        "https://[::1/",
        "https:///list.zip",
        "ftp://data.example.org/",
        "file:///etc/passwd",
        "gopher://data.example.org/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://169.254.169.254/latest/meta-data/",
        "/etc/passwd",
        "etc/passwd",
        "",
    ],
)
def test_nothing_else_may(address: str) -> None:
    with pytest.raises(Invalid):
        require_allowed(address, allowed(OPEN))


def test_by_default_nothing_may_be_fetched(tmp_path: Path) -> None:
    may = allowed(Settings())
    assert may == Allowed()
    for address in ("https://data.example.org/", str(tmp_path), "/"):
        with pytest.raises(Invalid, match="NETMAP_FEED"):
            require_allowed(address, may)


@pytest.mark.parametrize(
    "entry", ["ftp://x", "https://", "https://x/path", "https://a@x", "x y", "http://x:port"]
)
def test_a_setting_that_names_no_host_is_told(entry: str) -> None:
    if entry == "x y":
        assert allowed(Settings(feed_hosts=entry)).hosts == (Host("https", "x y", 443),)  # no address fits it
        return
    with pytest.raises(Invalid, match="NETMAP_FEED_HOSTS"):
        allowed(Settings(feed_hosts=entry))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_a_host_that_leads_inside_is_refused_unless_its_address_is_named(address: str) -> None:
    with pytest.raises(Invalid, match="inside a network"):
        require_reachable(address, "data.example.org", Allowed())
    assert require_reachable("93.184.215.14", "data.example.org", Allowed()) is None


def test_named_networks_may_be_reached() -> None:
    may = allowed(Settings(feed_hosts="intra.example.org, 10.0.0.0/8, fc00::/7"))
    require_reachable("10.9.8.7", "intra.example.org", may)
    require_reachable("::ffff:10.9.8.7", "intra.example.org", may)
    require_reachable("fc00::5", "intra.example.org", may)
    with pytest.raises(Invalid):
        require_reachable("192.168.0.1", "intra.example.org", may)


def leads_to(*addresses: str) -> Any:
    def look_up(_host: str, port: int, **_rest: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return look_up


def test_a_name_that_leads_to_this_machine_is_never_asked(
    server: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = allowed(Settings(feed_hosts=f"http://data.example.org:{server.port}"))
    url = server.url(host="data.example.org")
    for addresses in (("127.0.0.1",), ("93.184.215.14", "127.0.0.1")):
        monkeypatch.setattr(fetching.socket, "getaddrinfo", leads_to(*addresses))
        with pytest.raises(Invalid, match="inside a network"):
            fetch(url, may, io.BytesIO())
    assert server.asked == []


def test_the_connection_goes_to_the_address_that_was_checked(
    server: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere at the second look is looked up only once."""
    looks: list[str] = []

    def look_up(host: str, port: int, *_more: object, **_rest: object) -> list[Any]:
        looks.append(host)
        known = host.startswith("127.")  # the socket asks for what an address means
        return leads_to(host if known else "127.0.0.1" if looks.count(host) == 1 else "127.0.0.2")(host, port)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", look_up)
    server.body = b"x"
    may = allowed(Settings(feed_hosts=f"http://data.example.org:{server.port}, 127.0.0.1"))
    connected: list[tuple[str, int]] = []
    real = socket.create_connection
    monkeypatch.setattr(
        fetching.socket, "create_connection", lambda to, *rest: (connected.append(to), real(to, *rest))[1]
    )
    fetch(server.url(host="data.example.org"), may, io.BytesIO())
    assert connected == [("127.0.0.1", server.port)]
    assert looks.count("data.example.org") == 1
    assert server.asked[0]["host"] == f"data.example.org:{server.port}"


@pytest.mark.parametrize(
    "location",
    [
        "http://evil.example/list.zip",
        "http://localhost/list.zip",
        "http://169.254.169.254/",
        "//evil.example/",
        "file:///etc/passwd",
        "",
    ],
)
def test_nobody_follows_to_another_host(server: Said, settings: Settings, location: str) -> None:
    server.status, server.headers = 302, {"Location": location} if location else {}
    with pytest.raises(Invalid, match="another host"):
        fetch(server.url(), allowed(settings), io.BytesIO())
    assert len(server.asked) == 1


def test_a_redirect_to_another_port_of_this_host_is_checked_again(server: Said, settings: Settings) -> None:
    server.status, server.headers = 302, {"Location": "http://127.0.0.1:1/"}
    with pytest.raises(Invalid, match="NETMAP_FEED_HOSTS"):
        fetch(server.url(), allowed(settings), io.BytesIO())


def test_a_redirect_on_the_same_host_is_followed_and_a_circle_ends(server: Said, settings: Settings) -> None:
    server.body, into = b"data", io.BytesIO()
    server.paths["/old.zip"] = 301, {"Location": "/new.zip"}
    found = fetch(server.url("/old.zip"), allowed(settings), into)
    assert (found and found.name, into.getvalue()) == ("new.zip", b"data")
    server.paths["/new.zip"] = 302, {"Location": "/old.zip"}
    with pytest.raises(Invalid, match="without end"):
        fetch(server.url("/old.zip"), allowed(settings), io.BytesIO())


def test_too_much_is_cut_off(server: Said, settings: Settings) -> None:
    server.body, into = b"x" * 3000, io.BytesIO()
    with pytest.raises(Invalid, match="sends more than"):
        fetch(server.url(), allowed(settings), into, limit=1000)
    assert len(into.getvalue()) <= 1000


def test_too_slow_is_cut_off_however_it_drips(server: Said, settings: Settings) -> None:
    server.body, server.pause = b"x" * 100, 0.2
    began = time.monotonic()
    with pytest.raises(Invalid, match="too long"):
        fetch(server.url(), allowed(settings), io.BytesIO(), seconds=1.0)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": 404}, "answered 404"),
        ({"status": 500}, "answered 500"),
        ({"body": b""}, "empty file"),
        ({"body": b"half", "promised": 9}, "broke off"),
        ({"body": b"x", "headers": {"Content-Encoding": "gzip"}}, "packed"),
    ],
)
def test_a_wrong_answer_is_a_sentence(
    server: Said, settings: Settings, change: dict[str, Any], words: str
) -> None:
    for name, value in change.items():
        setattr(server, name, value)
    with pytest.raises(Invalid, match=words):
        fetch(server.url(), allowed(settings), io.BytesIO(), seconds=3)


def test_a_host_that_is_not_there_is_a_sentence(settings: Settings) -> None:
    may = allowed(replace(settings, feed_hosts="http://127.0.0.1:1"))
    with pytest.raises(Invalid, match="cannot be reached"):
        fetch("http://127.0.0.1:1/", may, io.BytesIO())


def test_what_is_still_the_same_is_not_sent_again(server: Said, settings: Settings) -> None:
    server.body, server.headers = b"data", {"ETag": '"7"', "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
    found = fetch(server.url(), allowed(settings), io.BytesIO())
    assert found is not None
    assert (
        fetch(server.url(), allowed(settings), io.BytesIO(), etag=found.etag, modified=found.modified) is None
    )
    assert server.asked[1]["if-none-match"] == '"7"'
    assert server.asked[1]["if-modified-since"] == "Mon, 02 Nov 2026 10:00:00 GMT"
    assert "cookie" not in server.asked[0]


def test_the_certificate_is_checked(server: Said) -> None:
    may = allowed(Settings(feed_hosts=f"https://127.0.0.1:{server.port}"))
    with pytest.raises(Invalid, match=r"certificate|cannot be reached"):
        fetch(f"https://127.0.0.1:{server.port}/", may, io.BytesIO(), seconds=3)
    assert server.asked == []


@pytest.mark.parametrize("path", ["..", "../secret", "/etc", "link"])
def test_no_path_leads_out_of_the_folders(settings: Settings, inbox: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "list.csv").write_text("id\n")
    (inbox / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(Invalid, match="NETMAP_FEED_FOLDERS"):
        folders.take(str(inbox / path), allowed(settings), io.BytesIO())


def test_a_file_that_leads_out_of_the_folder_is_not_taken(
    settings: Settings, inbox: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("id\n")
    (inbox / "services.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Invalid, match="NETMAP_FEED_FOLDERS"):
        folders.take(str(inbox), allowed(settings), io.BytesIO())


def test_a_folder_makes_the_same_archive_each_time(settings: Settings, inbox: Path) -> None:
    (inbox / "services.csv").write_text("id,name\n1,Bed\n")
    (inbox / ".hidden.csv").write_text("x")
    (inbox / "notes.pdf").write_text("x")
    first, second = io.BytesIO(), io.BytesIO()
    assert folders.take(str(inbox), allowed(settings), first) == "inbox.zip"
    (inbox / "services.csv").touch()
    folders.take(str(inbox), allowed(settings), second)
    assert first.getvalue() == second.getvalue()
    for limit, words in ((3, "holds more than"),):
        with pytest.raises(Invalid, match=words):
            folders.take(str(inbox), allowed(settings), io.BytesIO(), limit=limit)


def test_a_target_says_where_it_leads() -> None:
    found = target("https://data.example.org/a?b=1#c", allowed(OPEN))
    assert (found.host, found.path) == (Host("https", "data.example.org", 443), "/a?b=1")
