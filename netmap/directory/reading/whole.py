"""A path into HSDS tables: the reader is chosen by what a file holds, not by its name."""

import json
from pathlib import Path, PurePosixPath

from netmap.directory.csvfiles import CsvFile
from netmap.directory.reading import limits
from netmap.directory.reading.collect import Tables
from netmap.directory.reading.csv_text import parse
from netmap.directory.reading.encodings import decode
from netmap.directory.reading.gather import Found, gather, is_workbook, refuse_foreign
from netmap.directory.reading.json_tables import NotHsds, read_json
from netmap.directory.reading.mapped import apply_map
from netmap.directory.reading.maps import Map
from netmap.directory.reading.workbook import read_workbook
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

DESCRIPTOR = "datapackage.json"


def read_path(path: Path, report: Report, map_: Map | None = None) -> list[CsvFile]:
    """Return the tables of a file, folder or zip, as HSDS names them.

    Raises
    ------
    Invalid
        If something cannot be read; says which file, where in it, and how to mend it.
    """
    found = gather(path, report)
    descriptor = next((file for file in found if file.name.casefold() == DESCRIPTOR), None)
    found = [file for file in found if file is not descriptor]
    if not found:
        raise Invalid(
            _("%(name)s holds no CSV, XLSX or JSON file; these are what an import reads.", name=path.name)
        )
    if map_ is not None:
        files = apply_map(map_, found, report)
    else:
        files = _hsds(found, report)
        if descriptor is not None:
            files = _named_by(descriptor, files)
    check_cells(path.name, files)
    return files


def read_single(path: Path, report: Report) -> CsvFile:
    """Return the one table of a CSV or XLSX file; raises Invalid as `read_path` does."""
    found = gather(path, report)
    if len(found) == 1:
        tables = (
            read_workbook(found[0].name, found[0].data, report)
            if is_workbook(found[0].data)
            else [_csv(found[0], report)]
        )
        if len(tables) == 1:
            return tables[0]
    raise Invalid(
        _("%(name)s holds more than one table or none; give one file with one table.", name=path.name)
    )


def _csv(file: Found, report: Report) -> CsvFile:
    refuse_foreign(file.name, file.data)
    return parse(file.name, decode(file.name, file.data, report), report)


def _hsds(found: list[Found], report: Report) -> list[CsvFile]:
    files: list[CsvFile] = []
    tables = Tables(report)
    for file in found:
        if is_workbook(file.data):
            sheets = read_workbook(file.name, file.data, report)
            if len(sheets) == 1:  # a sheet called "Sheet1" says less than its file
                sheets = [CsvFile(file.name, sheets[0].columns, sheets[0].cells)]
            files += sheets
            continue
        refuse_foreign(file.name, file.data)
        text = decode(file.name, file.data, report)
        if text.lstrip("\ufeff \r\n\t").startswith(("{", "[")):
            try:
                read_json(file.name, text.lstrip("\ufeff"), tables, report)
            except NotHsds as error:  # beside a directory that is no fault
                if len(found) == 1:
                    raise
                report.warn(error.message)
        else:
            files.append(parse(file.name, text, report))
    return files + tables.files()


def _named_by(descriptor: Found, files: list[CsvFile]) -> list[CsvFile]:
    """Return the files under the names that the descriptor of a data package gives them."""
    try:
        resources = json.loads(descriptor.data)["resources"]
        given = {PurePosixPath(resource["path"]): str(resource["name"]) for resource in resources}
    except (ValueError, KeyError, TypeError, RecursionError):
        return files  # it says nothing that is needed: the names of the files speak for themselves
    # "taxonomies.csv" says more than its name there, "taxonomy", which is another file of HSDS 1.
    names = {path.name: name for path, name in given.items() if path.stem not in _plurals(name)}
    return [
        CsvFile(file.name, file.columns, file.cells, file.table or names.get(file.name, "")) for file in files
    ]


def _plurals(name: str) -> set[str]:
    return {f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies"}


def check_cells(name: str, files: list[CsvFile]) -> None:
    """Raise Invalid where all tables together hold more than memory can take."""
    if sum(len(file.columns) * len(file.cells) for file in files) > limits.CELLS_TOGETHER:
        raise Invalid(
            _(
                "%(name)s has more than %(cells)s cells in all its tables; import it in parts.",
                name=name,
                cells=limits.CELLS_TOGETHER,
            )
        )
