"""What every page about a conflict needs: the fields to decide, in words, and what was chosen for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from netmap.merging import Merge

PREFIX = "keep."  # before the name of a field, in the names of the radio buttons
SETTLE, SETTLE_AND_EDIT = "settle", "settle-edit"  # the buttons of the page

Words = Callable[[str, Any], tuple[str, ...]]


@dataclass(frozen=True)
class Asked:
    """One field to decide, as the page shows it: each value as lines of text, empty where there is none."""

    name: str
    label: str
    base: tuple[str, ...]
    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    chosen: str = ""


def asked_of(
    merge: Merge, label: Callable[[str], str], words: Words, chosen: Mapping[str, str]
) -> list[Asked]:
    """Return the disagreements of a merge in words."""
    return [
        Asked(
            one.name,
            label(one.name),
            words(one.name, one.base),
            words(one.name, one.theirs),
            words(one.name, one.mine),
            chosen.get(one.name, ""),
        )
        for one in merge.disagreements
    ]


def choices_of(form: Mapping[str, str]) -> dict[str, str]:
    """Return field name -> "mine" or "theirs", as the form says.

    Examples
    --------
    >>> choices_of({"keep.name": "mine", "keep.day": "both", "name": "mine"})
    {'name': 'mine'}
    """
    return {
        name.removeprefix(PREFIX): value
        for name, value in form.items()
        if name.startswith(PREFIX) and value in ("mine", "theirs")
    }
