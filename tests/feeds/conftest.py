"""A server on this machine that says what a test tells it to, and a feed's settings."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from netmap.config import Settings


@dataclass
class Said:
    """What the server answers, and what it was asked."""

    port: int = 0
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None  # bytes, where they are not those that come
    pause: float = 0.0  # seconds between two bytes
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)

    def url(self, path: str = "/list.zip", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def server() -> Iterator[Said]:
    """A server on 127.0.0.1."""
    said = Said()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.asked.append(
                {"path": self.path, **{key.lower(): text for key, text in self.headers.items()}}
            )
            status, headers = said.paths.get(self.path, (said.status, said.headers))
            tag = said.headers.get("ETag")
            if tag and self.headers.get("If-None-Match") == tag:
                status, headers = 304, {}
            self.send_response(status)
            body = said.body if status == 200 else b""
            for name, text in headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body) if said.promised is None else said.promised))
            self.end_headers()
            try:
                for piece in [body[i : i + 1] for i in range(len(body))] if said.pause else [body]:
                    self.wfile.write(piece)
                    time.sleep(said.pause)
            except OSError:
                pass

        def log_message(self, *_args: object) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    said.port = made.server_address[1]
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield said
    made.shutdown()
    made.server_close()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(settings: Settings, server: Said, inbox: Path) -> Settings:
    """Settings that allow the server and the folder."""
    return replace(settings, feed_hosts=f"http://127.0.0.1:{server.port}", feed_folders=str(inbox))
