"""The web server of `netmap serve` and `netmap demo`: waitress, stricter about lengths of requests."""

from typing import Any

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError

from netmap.app import MAX_UPLOAD

# By itself waitress writes up to a gigabyte to disk before the application can refuse it.
LONGEST_BODY = MAX_UPLOAD + 1024 * 1024
THREADS = 4


class OneLength(HTTPRequestParser):  # type: ignore[misc]
    """Refuses a request that states its length in two ways, in which a second one could be hidden."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request; waitress itself would follow one length and ignore the other."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("two lengths")


HTTPChannel.parser_class = OneLength


def web_server(app: Any, host: str, port: int, *, proxies: int = 0) -> Any:
    """Return a server that listens on ``host`` and ``port``; OSError where it cannot.

    With ``proxies`` in front it hands on what they say about addresses; the application counts how many it
    may believe. By itself waitress strikes that out, and everybody would seem to come from the proxy.
    """
    return waitress.create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=LONGEST_BODY,
        clear_untrusted_proxy_headers=not proxies,
    )
