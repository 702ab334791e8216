"""How the lines of a package hang together: what waits for what, and which goes beside which. Pure."""

from collections.abc import Callable, Sequence

from netmap.i18n import gettext as _
from netmap.packages.fields import Fields
from netmap.packages.lines import Line
from netmap.packages.order import circle, too_early


def check_chain(lines: Sequence[Line], top: Fields) -> None:
    """Note lines that wait for unknown ones, in a circle or for one further down, and lost add-ons."""
    places = {line.key: number for number, line in reversed(list(enumerate(lines)))}

    def wrong(key: str, name: str, sentence: str) -> None:
        start = _("Line %(number)s: ", number=places[key] + 1)
        Fields({}, top.errors, f"lines.{places[key]}.", start).wrong(name, sentence)

    _check_addons({line.key: line for line in lines}, wrong)
    after = {line.key: line.after for line in lines}
    for line in lines:
        for first in line.after:
            if first not in places:
                wrong(
                    line.key, "after", _("it waits for '%(key)s', but there is no such line.", key=first[:80])
                )
    ring = circle(after)
    if ring:
        names = " → ".join(ring)
        wrong(ring[0], "after", _("these lines wait for each other in a circle: %(circle)s.", circle=names))
        return
    for key, first in too_early(after):
        wrong(
            key, "after", _("it waits for '%(first)s', which stands further down: move it up.", first=first)
        )


def _check_addons(lines: dict[str, Line], wrong: Callable[[str, str, str], None]) -> None:
    for line in lines.values():
        if not line.beside:
            if line.when:
                wrong(
                    line.key,
                    "when",
                    _("only a line that goes beside another depends on facts; choose which line it is."),
                )
            continue
        main = lines.get(line.beside)
        if main is None:
            wrong(
                line.key,
                "beside",
                _("it goes beside '%(key)s', but there is no such line.", key=line.beside[:80]),
            )
        elif main is line:
            wrong(line.key, "beside", _("a line cannot go beside itself."))
        elif main.beside:
            wrong(
                line.key,
                "beside",
                _("it goes beside '%(key)s', which itself goes beside another line.", key=main.key),
            )
