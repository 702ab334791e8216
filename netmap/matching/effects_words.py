"""Why a score would change, in whole sentences. Pure."""

from collections.abc import Iterator

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.matching.effects import Parts

LEAST = 0.005  # smaller differences of a share are not worth a sentence


def why(old: Parts | None, new: Parts | None) -> list[str]:
    """Return what made the score of the changed package another one, empty where it is the same."""
    if old is None or new is None:
        return [_("the package is new")] if new else [_("the package is gone")]
    return list(_why(old, new))


def _why(old: Parts, new: Parts) -> Iterator[str]:
    if old.suitable != new.suitable:
        yield (
            _("a circumstance no longer stands against it")
            if new.suitable
            else _("a circumstance now stands against it")
        )
    for before, after, sentence in (
        (old.coverage, new.coverage, _covers),
        (old.fit, new.fit, _needed),
    ):
        if abs(before - after) >= LEAST:
            yield sentence(before, after)
    if old.critical != new.critical:
        yield (
            _("what cannot wait is not covered now") if new.critical else _("what cannot wait is covered now")
        )
    if old.kappa != new.kappa:
        yield _("fewer questions are open") if new.kappa > old.kappa else _("more questions are open")
    if abs(old.optional - new.optional) >= LEAST:
        yield _("its typical circumstances are other ones")


def _covers(old: float, new: float) -> str:
    return _(
        "it covers %(new)s %% of the needs, before %(old)s %%",
        new=number(new * 100, 0),
        old=number(old * 100, 0),
    )


def _needed(old: float, new: float) -> str:
    return _(
        "%(new)s %% of it is needed, before %(old)s %%", new=number(new * 100, 0), old=number(old * 100, 0)
    )
