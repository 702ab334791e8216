"""Other weights for the signals of the ranking, to try them against those in use."""

import math
import tomllib
from collections.abc import Iterable
from pathlib import Path

from netmap.directory.asking import nearest
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.judging.bench import Weights
from netmap.search.signals import SIGNALS


def read_weights(path: Path) -> Weights:
    """Return the weights of a TOML file: a table ``[weights]`` with a number for each signal to change.

    Raises
    ------
    Invalid
        If the file cannot be read, names no signal, or gives no number; says which and how to mend it.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(_("%(name)s cannot be read: %(why)s.", name=str(path), why=error.strerror)) from error
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, or brackets in brackets
        raise Invalid(_("%(name)s is not TOML: %(why)s.", name=path.name, why=error)) from error
    table = found.pop("weights", None)
    if not isinstance(table, dict) or found:
        raise Invalid(
            _(
                "%(name)s must hold one table [weights] and nothing else, with lines like words_name = 2.0.",
                name=path.name,
            )
        )
    return {name: _number(name, value) for name, value in table.items()}


def spelt_weights(given: Iterable[str]) -> Weights:
    """Return the weights of texts like ``words_name=2.0``; raises Invalid as `read_weights` does."""
    found: dict[str, float] = {}
    for text in given:
        name, sign, value = text.partition("=")
        try:
            found[name.strip()] = _number(name.strip(), float(value))
        except ValueError as error:
            raise Invalid(
                _("'%(text)s' is not a signal with its weight, like words_name=2.0.", text=text[:80])
            ) from error
        if not sign:
            raise Invalid(_("'%(text)s' is not a signal with its weight, like words_name=2.0.", text=text))
    return found


def _number(name: str, value: object) -> float:
    if name not in SIGNALS:
        raise Invalid(
            _(
                "There is no signal '%(name)s'; the nearest is '%(nearest)s'. All: %(all)s.",
                name=name[:60],
                nearest=nearest(name, {one: one for one in SIGNALS}),
                all=", ".join(SIGNALS),
            )
        )
    try:
        weight = math.nan if isinstance(value, bool) or not isinstance(value, int | float) else float(value)
    except OverflowError:  # a whole number of hundreds of digits
        weight = math.inf
    if not math.isfinite(weight):
        raise Invalid(_("The weight of '%(name)s' must be a number, like 2.0.", name=name))
    return weight
