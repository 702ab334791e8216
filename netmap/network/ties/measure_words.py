"""The measures of the network in plain words, each with what it does not mean."""

from typing import Any

from netmap.i18n import gettext as _
from netmap.network.ties.measures import Measures


def told(found: Measures) -> list[dict[str, Any]]:
    """Return each measure with its value, what it says in plain words, and what it does not mean."""
    return [
        _row("nodes", _("Organisations"), found.nodes, *_size()),
        _row("links", _("Pairs that work together"), found.links, *_links()),
        _row("density", _("Density"), _rounded(found.density), *_density()),
        _row("centralisation", _("Centralisation"), _rounded(found.centralisation), *_centralisation()),
        _row("alone", _("Organisations without any link"), len(found.alone), *_alone()),
        _row("parts", _("Separate parts"), found.parts, *_parts()),
        _row("cut", _("Organisations that hold parts together"), len(found.cut), *_cut()),
        _row("single", _("Links that hold parts together"), len(found.single), *_single()),
        _row("core", _("Depth of the core"), max(found.core.values(), default=0), *_core()),
        _row("groups", _("Groups"), sum(len(part) > 1 for part in found.groups), *_groups()),
        _row("modularity", _("How clearly the groups are apart"), _rounded(found.modularity), *_modularity()),
    ]


def broker_words() -> dict[str, str]:
    """Return what the figures about single organizations mean, and what they do not."""
    return {
        "partners": _("How many organisations it works with."),
        "effective": _(
            "How many partners count if partners who know each other count less: high means that it joins "
            "people who would not meet otherwise."
        ),
        "constraint": _("High where all its partners work with each other too; low where it stands between."),
        "core": _(
            "The largest number for which it belongs to a group in which everybody works with at least so "
            "many of the others."
        ),
        "betweenness": _("Which share of the shortest ways between two others leads through it."),
        "warning": _(
            "Who stands between is a hub, not a gap, and not to blame: if it leaves, contacts break. "
            "Only what was recorded counts."
        ),
    }


def meeting_words() -> dict[str, str]:
    """Return what the figures about who meets where mean, and what they do not."""
    return {
        "share": _(
            "In which share of these bodies an organisation sits, and which share of these organisations "
            "sits in a body. A high share costs time, and does not say who decides."
        ),
        "between": _(
            "Which share of the shortest ways leads through it, of the most that could: high where it joins "
            "those who meet nowhere else. It does not say that anything is passed on."
        ),
        "near": _(
            "1 where all others are as few steps away as can be, lower where word has far to go. "
            "Those farther off do not matter less."
        ),
        "warning": _(
            "Who sits in the bodies that meet now, as far as it is written down; who came is not recorded. "
            "To sit in one body is not yet to work together: it counts in no other figure of this page."
        ),
    }


def _row(key: str, name: str, value: float | None, plain: str, warning: str) -> dict[str, Any]:
    return {"key": key, "name": name, "value": value, "plain": plain, "warning": warning}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _size() -> tuple[str, str]:
    return (
        _("How many organisations of the directory are in this selection; closed ones are left out."),
        _("More organisations do not mean more help."),
    )


def _links() -> tuple[str, str]:
    return (
        _(
            "Pairs with an agreement or a joint service in force, or with a contact in the last months: "
            "between them people can be handed over."
        ),
        _("What nobody wrote down is not in it: a missing link may be a missing note."),
    )


def _density() -> tuple[str, str]:
    return (
        _("Which share of all possible pairs work together."),
        _("A higher density is not a better network: links cost time. It falls by itself in a large one."),
    )


def _centralisation() -> tuple[str, str]:
    return (
        _("0 where all have equally many links, 1 where everything hangs on one organisation."),
        _("A centre may be what is wanted. It is no mark for the one in the middle."),
    )


def _alone() -> tuple[str, str]:
    return (
        _("No agreement, joint service or recent contact with anybody is recorded for them."),
        _("They may work with others without anybody having written it down: ask first."),
    )


def _parts() -> tuple[str, str]:
    return (
        _("Between two parts there is no way at all, not even over others. Everybody alone is a part."),
        _("Parts of different territories need not be joined."),
    )


def _cut() -> tuple[str, str]:
    return (
        _("If one of them closed, organisations that can reach each other now could no longer."),
        _("It does not say that people would go without help: see who is the only one in an area."),
    )


def _single() -> tuple[str, str]:
    return (
        _("If one of these links ended, two parts of the network would lose each other."),
        _("A second link is worth it only where people have to be handed over."),
    )


def _core() -> tuple[str, str]:
    return (
        _("The largest number for which some organisations each work with so many others of the same core."),
        _("Those outside the core are not less important: a village service may have one partner."),
    )


def _groups() -> tuple[str, str]:
    return (
        _("Organisations with many links among them and few to others, found by a method with fixed chance."),
        _("A way to look at it, not a fact: small groups can vanish in large ones, and other divisions fit."),
    )


def _modularity() -> tuple[str, str]:
    return (
        _("0 where the groups are no closer than by chance, towards 1 where few links lead out of them."),
        _("Not a goal: clear groups can be silos."),
    )
