"""What the pages carry under load: gunicorn with two sync workers, 16 connections, beside a bare Flask page.

    python -m benchmarks.load [--services 2000 20000] [--seconds 10]

Three requests of a signed-in case manager: the results page (80 questions in turn), a service page (500 of
them in turn), and a match (three clients in turn). The bare page is Flask alone on the same server, a fixed
text as long as the results page: what is left above it is netmap's own. For each: requests a second, the
95th percentile of the waiting time, and the CPU milliseconds that the workers spent on one request, which is
the figure to compare between machines. wrk (a Debian package) makes the load on the same machine.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.made_up import fill, questions
from netmap.app import drain, import_all_models
from netmap.auth.service import add_user
from netmap.config import Settings
from netmap.db import open_engine, open_session, transaction
from netmap.directory.indexing import rebuild
from netmap.migrations.upgrade import upgrade
from netmap.packages.service import load_seeds

CONNECTIONS, WORKERS, TICKS = 16, 2, os.sysconf("SC_CLK_TCK")
EMAIL, PASSWORD = "load@office.example", "seven-grey-herons-walk"
CLIENTS = (
    {"needs": {"fin.consumer_debt": {"severity": 3}, "emp.unemployed": {"severity": 2}}, "area": "a1"},
    {"needs": {"add.alcohol": {"severity": 3, "urgency": 1}, "hou.eviction": {"severity": 2}}, "area": "a3"},
    {"needs": {"trn.no_transport": {"severity": 2}, "skl.motivation": {"severity": 2}}, "area": "a7"},
)
BARE = """
from flask import Flask
app = Flask(__name__)
text = "<!doctype html><title>bare</title>" + "x" * {size}
app.get("/")(lambda: text)
"""


@dataclass(frozen=True)
class Figures:
    """What one run of wrk measured."""

    per_second: float
    p95_ms: float
    cpu_ms: float
    bad: int


class Person:
    """A signed-in case manager: the cookie and the form token."""

    def __init__(self, port: int) -> None:
        self.port, self._cookies = port, dict[str, str]()
        page = self.get("/sign-in")
        sent = {"email": EMAIL, "password": PASSWORD, "csrf_token": _token(page)}
        self._ask("POST", "/sign-in", urlencode(sent))
        self.token = _token(self.get("/needs"))

    @property
    def cookie(self) -> str:
        """Return the header that a browser sends."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def get(self, path: str) -> str:
        """Return a page."""
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for told in answer.headers.get_all("Set-Cookie") or ():
            name, _is, value = told.partition(";")[0].partition("=")
            self._cookies[name] = value
        text = answer.read().decode()
        connection.close()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} answered {answer.status}")
        return text


def _token(page: str) -> str:
    return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


@contextmanager
def serving(target: str, folder: Path, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve an application with gunicorn; gives its port and its process id."""
    port = 8200 + os.getpid() % 500
    command = [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}",
               "--log-level", "error", "--chdir", str(folder), target]  # fmt: skip
    server = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        for _try in range(300):
            try:
                HTTPConnection("127.0.0.1", port, timeout=1).connect()
                break
            except OSError:
                time.sleep(0.1)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def cpu_seconds(parent: int) -> float:
    """Return the CPU time that the children of a process have used."""
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            used += int(fields[11]) + int(fields[12])
    return used / TICKS


def measure(folder: Path, port: int, parent: int, requests: Sequence[str], seconds: int) -> Figures:
    """Send requests (Lua expressions) in turn with wrk and return what it measured."""
    script = folder / "load.lua"
    script.write_text(
        "local all = {\n" + ",\n".join(requests) + "\n}\nlocal n = math.random(#all)\n"
        "request = function() n = n % #all + 1; return all[n] end\n"
        "done = function(s, l, r) io.write(string.format('%d %d %d %d %d\\n', s.requests, s.duration, "
        "l:percentile(95), s.errors.status, s.errors.read + s.errors.write + s.errors.timeout)) end\n",
        encoding="utf-8",
    )
    before = cpu_seconds(parent)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s", "-s", str(script)]
    command.append(f"http://127.0.0.1:{port}")
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = cpu_seconds(parent) - before
    count, duration, p95, refused, broken = map(int, printed.strip().splitlines()[-1].split())
    return Figures(count / duration * 1e6, p95 / 1000, spent * 1000 / count, refused + broken)


def lua(method: str, path: str, headers: dict[str, str], body: str = "") -> str:
    """Return a request as wrk formats it once, before the load."""
    told = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items())
    return f"wrk.format({json.dumps(method)}, {json.dumps(path)}, {{{told}}}, {_long(body)})"


def _long(text: str) -> str:
    return f"[==[{text}]==]"


def prepare(settings: Settings, services: int) -> list[str]:
    """Fill a data folder with made-up services, packages and one person; return ids of service pages."""
    settings.data_dir.mkdir(parents=True)
    import_all_models()
    engine = open_engine(settings.database())
    upgrade(engine)
    with transaction(engine) as session:
        fill(session, services)
        load_seeds(session)
        add_user(session, EMAIL, PASSWORD, "case_manager")
    drain(engine, settings)
    with open_session(engine, reading=True) as session:
        rebuild(session, settings)
    engine.dispose()
    return [f"s{number}" for number in range(0, services, max(services // 500, 1))]


def run(services: int, seconds: int) -> None:
    """Measure the three requests at one size, then the bare page."""
    with tempfile.TemporaryDirectory(prefix="netmap-load-") as name:
        folder = Path(name)
        settings = Settings(data_dir=folder / "data")
        ids = prepare(settings, services)
        environment = {"NETMAP_DATA_DIR": str(settings.data_dir), "NETMAP_PRODUCTION": "0"}
        with serving("wsgi:app", Path(__file__).resolve().parents[1], environment) as (port, parent):
            person = Person(port)
            headers = {"Cookie": person.cookie}
            size = len(person.get("/search?q=debt").encode())
            sent = {**headers, "X-CSRFToken": person.token, "Content-Type": "application/json"}
            kinds = {
                "results page": [lua("GET", f"/search?q={quote(text)}", headers) for text in questions()],
                "service page": [lua("GET", f"/services/{one}", headers) for one in ids],
                "match": [lua("POST", "/api/match", sent, json.dumps(client)) for client in CLIENTS],
            }
            for kind, requests in kinds.items():
                measure(folder, port, parent, requests, 3)  # both workers have read their dictionaries
                report(services, kind, measure(folder, port, parent, requests, seconds))
        (folder / "bare.py").write_text(BARE.format(size=size), encoding="utf-8")
        with serving("bare:app", folder, {}) as (port, parent):
            bare = [lua("GET", "/", {})]
            measure(folder, port, parent, bare, 1)
            report(services, f"bare Flask, {size // 1000} kB", measure(folder, port, parent, bare, seconds))


def report(services: int, kind: str, found: Figures) -> None:
    """Print one line."""
    bad = f", {found.bad} NOT ANSWERED" if found.bad else ""
    print(
        f"{services:>6} services, {kind:<20} {found.per_second:7.0f} req/s   p95 {found.p95_ms:6.0f} ms   "
        f"CPU {found.cpu_ms:6.2f} ms/request{bad}",
        flush=True,
    )


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, nargs="+", default=[2000, 20000])
    parser.add_argument("--seconds", type=int, default=10)
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed (on Debian: apt-get install wrk); nothing was measured")
        return
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    print(f"{platform.machine()}, {os.cpu_count()} cores, load before {load}", end=", ")
    print(f"Python {platform.python_version()}")
    for services in asked.services:
        run(services, asked.seconds)


if __name__ == "__main__":
    main()
