"""How long the prints of a directory take, how much memory, how large they are, and how fast they open.

    python -m benchmarks.printing [--services 1000 5000 10000] [--book 5000]

The services are made up, each with a place, an address, a telephone, hours and a price. The book is typeset
in a process of its own; the offline file is opened from the disk where Chromium is installed.
"""

import argparse
import platform
import resource
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert

from benchmarks.made_up import rows
from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import Base, open_engine, open_session, transaction
from netmap.directory.models import Address, CostOption, Phone
from netmap.printing.making import make
from tests.chromium import ARGUMENTS, chromium

QUESTION = "долги за квартиру"


def fill(folder: Path, count: int) -> Settings:
    """Make a database with that many services."""
    settings = Settings(data_dir=folder, secret_key="k" * 64)
    engine = open_engine(settings.database())
    Base.metadata.create_all(engine)
    numbers = range(count)
    more = {
        Address: [
            {"id": f"d{n}", "location_id": f"l{n}", "address_1": f"Sodų g. {n % 90}", "city": "Lauvena"}
            for n in numbers
        ],
        Phone: [{"id": f"t{n}", "service_id": f"s{n}", "number": f"+44 1632 9{n:05}"} for n in numbers],
        CostOption: [{"id": f"c{n}", "service_id": f"s{n}", "amount": float(n % 3)} for n in numbers],
    }
    with transaction(engine) as session:
        for table, values in {**rows(count), **more}.items():
            session.execute(insert(table), values)
    engine.dispose()
    return settings


def peak(who: int) -> int:
    """Return the largest memory so far in megabytes."""
    return resource.getrusage(who).ru_maxrss // 1024


def measure(settings: Settings, form: str, count: int) -> bytes:
    """Make a print, say what it cost and return it."""
    engine = open_engine(settings.database())
    with open_session(engine, reading=True) as session:
        begun, used = time.perf_counter(), time.process_time()
        made = make(session, settings, form, "ru")
    engine.dispose()
    print(
        f"{form:<13}{count:>7} services: {time.perf_counter() - begun:6.1f} s "
        f"({time.process_time() - used:.1f} s CPU here), {len(made.content) / 1e6:5.1f} MB, memory "
        f"{peak(resource.RUSAGE_SELF)} MB here, {peak(resource.RUSAGE_CHILDREN)} MB in the other process"
    )
    return made.content


def opened(path: Path) -> str:
    """Return how long the file takes to open and to answer a question in Chromium."""
    from playwright.sync_api import sync_playwright

    if not chromium():
        return "Chromium is not installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 360, "height": 740})
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        begun = time.perf_counter()
        page.goto(f"file://{path}")
        page.wait_for_selector("#results article")
        there = time.perf_counter() - begun
        times = []
        for _again in range(2):
            page.fill("#q", QUESTION)
            begun = time.perf_counter()
            page.press("#q", "Enter")
            times.append(time.perf_counter() - begun)
        browser.close()
    return (
        f"opens in {there:.1f} s, first question {times[0]:.1f} s, next {times[1]:.1f} s (CPU slowed 4 times)"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--book", type=int, nargs="+", default=[1_000, 5_000])
    asked = parser.parse_args()
    import_all_models()
    print(platform.python_version(), platform.machine())
    for count in sorted({*asked.services, *asked.book}):
        with tempfile.TemporaryDirectory() as folder:
            settings = fill(Path(folder), count)
            if count in asked.services:
                path = Path(folder, "offline.html")
                path.write_bytes(measure(settings, "offline-html", count))
                print(f"{'':13}{count:>7} services: {opened(path)}")
            if count in asked.book:
                measure(settings, "book", count)


if __name__ == "__main__":
    main()
