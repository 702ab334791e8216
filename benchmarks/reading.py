"""What reading costs in the child process: seconds and peak memory, for bad files and for a real directory.

Run: `python benchmarks/reading.py [FOLDER ...]`; each FOLDER or file is read beside the made-up ones.
"""

import io
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from netmap.directory.reading import limits

CHILD = """
import json, sys
from netmap.directory.reading import child
request = json.loads(sys.argv[1])
child.limit(request["megabytes"], request["seconds"])
said = child.answer(request)
text = open("/proc/self/status").read()  # ru_maxrss would be that of the parent before exec
peak = int(text.partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps([said.get("error") or f"{len(said['files'])} tables", peak]))
"""


def workbook(sheet: bytes, **more: bytes) -> bytes:
    """Return a workbook with one sheet of the given XML."""
    from openpyxl import Workbook

    made = io.BytesIO()
    Workbook().save(made)
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
        for name, data in more.items():
            new.writestr(name, data)
    return out.getvalue()


def packed(**files: bytes) -> bytes:
    """Return a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def bad_files() -> dict[str, bytes]:
    """Return files made to cost much, by name."""
    row = b'<row><c t="inlineStr"><is><t>aaaa</t></is></c></row>'
    noise = bytes(range(48, 110)) * 40
    million = 1_000_000
    return {
        "bomb.xlsx": workbook(HEAD + row * 6_000_000 + TAIL),
        "cells.xlsx": workbook(
            HEAD
            + b"".join(
                b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n * 7919) for n in range(1, 2_000_100)
            )
            + TAIL
        ),
        "wide.xlsx": workbook(
            HEAD
            + b"".join(
                b'<row r="%d"><c r="XFD%d"><v>%d</v></c></row>' % (n, n, n * 7919) for n in range(1, 3000)
            )
            + TAIL
        ),
        "far.xlsx": workbook(HEAD + b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>' + TAIL),
        "xxe.xlsx": workbook(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + HEAD + TAIL),
        "bomb.zip": packed(**{"services.csv": b"a" * (300 * million)}),
        "line.csv": b"a" * (19 * million),
        "line.zip": packed(**{"services.csv": (noise + b"%d" % 1) * (38_000)}),
        "columns.csv": b",".join(b"c%d" % n for n in range(100_000)) + b"\n",
        "cells.csv": b"id,name\n" + b",,,,,,,,,,\n" * 1_700_000,
        "rows.csv": b"id\n" + b"1\n" * 250_000,
        "deep.json": b"[" * million + b"]" * million,
        "deep2.json": b'{"a":' * 900_000 + b"1" + b"}" * 900_000,
        "many.json": b"[" + b"[]," * 5 * million + b"[]]",
        "long.json": b'["' + b"a" * (19 * million) + b'"]',
        "objects.json": b"[" + b",".join(b'{"id":%d}' % n for n in range(million)) + b"]",
        "nul.csv": b"id,name\n" + b"\0" * (10 * million),
        "big.csv": b"id,name\n" + b"1,abcdefgh\n" * 2 * million,
        "dense.zip": packed(
            **{
                "services.csv": b"".join(
                    b"%d,%s\n" % (n, noise[n % 900 : n % 900 + 400]) for n in range(150_000)
                )
            }
        ),
    }


def measure(path: Path) -> None:
    """Print what reading one path costs."""
    request = {"path": str(path), "megabytes": limits.MEMORY_MEGABYTES, "seconds": limits.SECONDS}
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps(request)], capture_output=True, text=True, check=False
    )
    took = time.monotonic() - begun
    said, peak = json.loads(done.stdout) if done.stdout else (f"status {done.returncode}", 0)
    print(f"{path.name:<16} {took:5.2f} s {peak:6.0f} MB  {said[:110]}")


if __name__ == "__main__":
    for given in sys.argv[1:]:
        measure(Path(given))
    with tempfile.TemporaryDirectory() as folder:
        for name, data in bad_files().items():
            path = Path(folder) / name
            path.write_bytes(data)
            print(f"{len(data) / 1024:9.0f} kB ", end="")
            measure(path)
