"""What was tried about a gap, and the place where opening it helps most, as parts of its proposal. Pure.

The figures are those of the pages that compare scenarios and that say where to open.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number
from netmap.network.card.gap_sheet import Sheet
from netmap.network.new_sites.shown import Figures
from netmap.network.new_sites.views import proof
from netmap.printing.proposal import Part


def tried_part(found: Mapping[str, Any], sheet: Sheet) -> Part:
    """Return what comes of a scenario: its changes, what it does about this gap, and what else.

    Parameters
    ----------
    found : mapping
        An answer of `netmap.network.whatif.service`.
    sheet : Sheet
        The gap that the proposal is about.
    """
    pairs = [(_("Changes"), "; ".join(found["changes"])), *_about(found, sheet), *_counts(found)]
    pairs += [(_("Not tried:"), told) for told in found["problems"]]
    return Part(
        _("What was tried: %(name)s", name=found["name"]),
        texts=(_("Nothing of this is done: it is only tried."),),
        pairs=tuple(pairs),
    )


def _about(found: Mapping[str, Any], sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield what becomes of the gap itself; that of a whole package is told with the packages."""
    if not sheet.service_type:
        return
    names = {
        row["area_name"]
        for row in found["closed"]["rows"]
        if (row["service_type"], row["profile"]) == (sheet.service_type, sheet.package)
    }
    told = _("closes in %(areas)s", areas=", ".join(sorted(names))) if names else _("stays as it is")
    yield _("This gap"), told


def _counts(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what else changes, in the order of the page that compares; what stays as it is is left out."""
    groups = (
        (_("Gaps that close"), found["closed"]),
        (_("Help is there, but for too few"), found["strained"]),
        (_("No longer too few places"), found["relieved"]),
        (_("Gaps that open"), found["opened"]),
        (_("Packages that become whole"), found["packages"]["completed"]),
        (_("Packages that are no longer whole"), found["packages"]["lost"]),
        (_("New hand-offs to be agreed on"), found["links"]["opened"]),
        (_("Hand-offs that are no longer broken"), found["links"]["closed"]),
        (_("No longer hanging on one provider"), found["secured"]),
        (_("Open, but hanging on one provider from now on"), found["weakened"]),
    )
    for name, group in groups:
        if group["findings"]:
            counted = {"areas": group["places"], "clients": group["clients_shown"]}
            told = _("areas: %(areas)s; clients a year: %(clients)s", **counted)
            yield name, f"{number(group['findings'])} ({told})"
        if group is found["closed"] and found["reached"]:
            yield _("Clients within capacity"), "; ".join(_taken(one) for one in found["reached"])


def _taken(one: Mapping[str, Any]) -> str:
    told = _("capacity not known")
    if not one["capacity_unknown"]:
        told = " ".join((one["clients_shown"], _("of"), one["eligible_shown"]))
    return f"{one['service_type_label']}: {told}"


def site_part(found: Mapping[str, Any], chosen: Sequence[tuple[str, str]]) -> Part:
    """Return where opening helps most.

    Parameters
    ----------
    found : mapping
        An answer of `netmap.network.new_sites.service` about as many places as are chosen.
    chosen : sequence of pairs
        Code and name of the areas that somebody chose.
    """
    figures, best = Figures(found), {site["area"] for site in found["sites"]}
    areas = ngettext("%(number)s area", "%(number)s areas", found["uncovered"]["areas"])
    people = figures.people(found["uncovered"])
    now = _("Without it now: %(people)s in %(areas)s", people=people, areas=areas)
    texts = [now + ".", _("All packages that need this kind of service are counted.")]
    texts += [_other(code, name, found) for code, name in chosen if code not in best]
    if found["sites"]:
        texts.append(proof(found["status"], found["gap"]))
    else:
        texts.append(_("So few places help nobody: more are needed at once."))
    items = tuple(_site(site, figures) for site in found["sites"])
    return Part(_("Where it helps most"), texts=tuple(texts), items=items)


def _other(code: str, name: str, found: Mapping[str, Any]) -> str:
    if code in {one["area"] for one in found["near"]}:
        return _("%(area)s is nearly as good as the best choice.", area=name)
    return _("%(area)s is not the best choice; the best one stands here.", area=name)


def _site(site: Mapping[str, Any], figures: Figures) -> str:
    ways = []
    for row in site["reaches"]:
        far = _("%(number)s km", number=number(row["km"]))
        ways.append(row["name"] if row["area"] == site["area"] else f"{row['name']} ({far})")
    reaches = _("Reaches:")
    return f"{site['name']}: {figures.people(site)}. {reaches} {', '.join(ways)}"
