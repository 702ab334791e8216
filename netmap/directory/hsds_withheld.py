"""Rows that people deleted here and the source still has: they stay away, and so does what hangs on them."""

from netmap.directory.hsds_ours import Ours
from netmap.directory.hsds_resolve import Known, Record
from netmap.directory.hsds_tables import SPECS
from netmap.directory.report import Report
from netmap.i18n import gettext as _


def without_deleted(
    table: str, records: list[Record], known: Known, ours: Ours, report: Report
) -> list[Record]:
    """Return the records that may be written; ``known.withheld`` grows by the ids of the others."""
    deleted, spec = set(ours.deleted(table)), SPECS[table]
    if not deleted and not known.withheld:
        return records
    kept, hanging = [], 0
    withheld = known.withheld
    withheld |= {(table, record.id) for record in records if record.id in deleted}
    for record in records:
        named = {
            name: (target, record.values.get(name))
            for name, target in spec.references().items()
            if record.values.get(name)
        }
        lost = {name for name, target in named.items() if target in withheld}
        owned = [name for name in spec.owners if name in named]
        if lost.intersection(spec.required) or (owned and lost.issuperset(owned)):
            withheld.add((table, record.id))
            hanging += record.id not in deleted
        elif record.id in deleted:
            ours.still_there(table, record.id, str(record.values.get("name") or record.key)[:200])
        else:
            record.values |= dict.fromkeys(lost)
            kept.append(record)
    if hanging:
        report.warn(
            _(
                "%(count)s records of %(table)s belong to records that were deleted here and were left out.",
                count=hanging,
                table=table,
            )
        )
    return kept
