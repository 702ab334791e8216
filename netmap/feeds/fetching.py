"""One request for one file: to the address that was looked up and checked, and to no other.

The name of the host is looked up once; what was found is checked, and the connection goes to just that
address, so nobody can let the name lead elsewhere in between. The certificate is checked against the name.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from urllib.parse import urljoin, urlsplit

from netmap import __version__
from netmap.errors import Invalid
from netmap.feeds.allowed import Allowed, Host, Target, require_reachable, target
from netmap.i18n import gettext as _
from netmap.importing.service import SUFFIXES

MAX_BYTES = 20 * 1024 * 1024
SECONDS = 60.0  # for the whole of it
REDIRECTS = 3
_CHUNK = 64 * 1024
_KINDS = {
    "text/csv": ".csv", "application/json": ".json", "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip


@dataclass(frozen=True)
class Fetched:
    """What came: a name for the file, and what to send along next time."""

    name: str
    etag: str | None
    modified: str | None


class _Plain(http.client.HTTPConnection):
    """A connection to an address that was checked before."""

    def __init__(self, host: Host, address: str, seconds: float) -> None:
        super().__init__(host.name, host.port, timeout=seconds)
        self._address = address
        self.wire: socket.socket | None = None  # kept: an answer takes ``sock`` away with it

    def connect(self) -> None:
        """Connect to the address, whatever the name of the host may lead to by now."""
        self.sock = self.wire = socket.create_connection((self._address, self.port), self.timeout)


class _Secure(_Plain):
    """The same with TLS."""

    def connect(self) -> None:
        """Connect, and check the certificate against the name of the host."""
        super().connect()
        self.sock = self.wire = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def fetch(
    url: str,
    may: Allowed,
    into: IO[bytes],
    *,
    etag: str | None = None,
    modified: str | None = None,
    limit: int = MAX_BYTES,
    seconds: float = SECONDS,
) -> Fetched | None:
    """Write the file at an address into ``into``; return None where it is still what it was.

    Raises
    ------
    Invalid
        If it may not or cannot be fetched, in words.
    """
    ends = time.monotonic() + seconds
    for _turn in range(REDIRECTS + 1):
        to = target(url, may)
        with _asked(to, may, {"If-None-Match": etag, "If-Modified-Since": modified}, ends) as answer:
            if answer.status == http.HTTPStatus.NOT_MODIFIED:
                return None
            if answer.status in {301, 302, 303, 307, 308}:
                url = _next(url, answer.getheader("Location") or "", to)
                continue
            if answer.status != http.HTTPStatus.OK:
                raise Invalid(_("%(host)s answered %(status)s.", host=to.host.name, status=answer.status))
            _receive(answer, into, limit, to.host.name)
            kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().casefold()
            return Fetched(_name(to.path, kind), answer.getheader("ETag"), answer.getheader("Last-Modified"))
    raise Invalid(_("%(host)s leads from one address to the next without end.", host=to.host.name))


@contextmanager
def _asked(
    to: Target, may: Allowed, headers: dict[str, str | None], ends: float
) -> Iterator[http.client.HTTPResponse]:
    """Give the answer to a request; whatever goes wrong on the way becomes a sentence."""
    name, left = to.host.name, ends - time.monotonic()
    made = _Secure if to.host.scheme == "https" else _Plain
    connection = made(to.host, _looked_up(to.host, may), max(0.1, left))
    late = threading.Event()
    watch = threading.Timer(max(0.1, left), _end, (connection, late))  # however slowly it drips
    watch.daemon = True
    watch.start()
    said = {key: value for key, value in headers.items() if value}
    try:
        connection.request(
            "GET",
            to.path,
            headers={"User-Agent": f"netmap/{__version__}", "Accept-Encoding": "identity", **said},
        )
        yield connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError, Invalid) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise Invalid(_("%(host)s takes too long to answer.", host=name)) from error
        if isinstance(error, Invalid):
            raise
        if isinstance(error, ssl.SSLError):
            raise Invalid(_("The certificate of %(host)s is not valid.", host=name)) from error
        raise Invalid(_("%(host)s cannot be reached, or broke off.", host=name)) from error
    finally:
        watch.cancel()
        connection.close()


def _end(connection: _Plain, late: threading.Event) -> None:
    """Cut a connection off, whatever waits for it."""
    late.set()
    if connection.wire is not None:
        with suppress(OSError):  # it is closed already
            connection.wire.shutdown(socket.SHUT_RDWR)


def _looked_up(host: Host, may: Allowed) -> str:
    """Return an address of a host; all that its name leads to must be allowed."""
    try:
        found = socket.getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Invalid(_("There is no host %(host)s.", host=host.name)) from error
    addresses = [str(one[4][0]) for one in found]
    for address in addresses:
        require_reachable(address, host.name, may)
    return addresses[0]


def _next(url: str, location: str, asked: Target) -> str:
    """Return where a redirect leads; to another host, or out of https, nobody follows."""
    new = urljoin(url, location)
    parts = urlsplit(new)
    host = (parts.hostname or "").rstrip(".")
    if not location or host != asked.host.name or (asked.host.scheme == "https" and parts.scheme != "https"):
        raise Invalid(
            _(
                "%(host)s sends us to %(other)s, which is another host. If that is right, change the "
                "address.",
                host=asked.host.name,
                other=host or location[:100] or "?",
            )
        )
    return new


def _receive(answer: http.client.HTTPResponse, into: IO[bytes], limit: int, host: str) -> None:
    if (answer.getheader("Content-Encoding") or "identity").casefold() != "identity":
        raise Invalid(_("%(host)s sends the file packed in a way that was not asked for.", host=host))
    promised, received = answer.length, 0
    while piece := answer.read(_CHUNK):
        received += len(piece)
        if received > limit:
            break
        into.write(piece)
    if received > limit or (promised or 0) > limit:
        raise Invalid(
            _("%(host)s sends more than %(size)s MB.", host=host, size=max(1, limit // (1024 * 1024)))
        )
    if promised is not None and received < promised:
        raise Invalid(_("%(host)s broke off before the end of the file.", host=host))
    if not received:
        raise Invalid(_("%(host)s sends an empty file.", host=host))


def _name(path: str, kind: str) -> str:
    """Return a name for the file that says what it is.

    Examples
    --------
    >>> _name("/lists/day.csv?x=1", ""), _name("/export", "application/json"), _name("/", "text/html")
    ('day.csv', 'feed.json', 'feed')
    """
    last = PurePosixPath(path.partition("?")[0]).name
    if PurePosixPath(last).suffix.casefold() in SUFFIXES:
        return last[-80:]
    return f"feed{_KINDS.get(kind, '')}"
