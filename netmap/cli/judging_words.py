"""The figures of the bench as a table for the terminal."""

import textwrap
from collections.abc import Mapping

import click

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.judging.bench import ACROSS, ALL, OTHERS, Row
from netmap.judging.measures import MEASURES, Interval
from netmap.judging.running import KEPT, BenchReport

WIDTH, NAME, CELL = 100, 22, 17
HEADINGS = ("nDCG@10", "success@1", "success@3", "success@5")


def print_bench(report: BenchReport, *, misses: bool = False) -> None:
    """Print the figures, what they rest on, and where asked the questions that failed."""
    counted = report.rows[0].n
    _say(
        _(
            "%(set)s. Asked: %(asked)s. Counted, because there is a service that helps (grade 2 or 3): "
            "%(counted)s. Without any grade yet: %(ungraded)s. Without a service that helps: %(helpless)s.",
            set=_set_words()[report.set],
            asked=report.asked,
            counted=counted,
            ungraded=report.ungraded,
            helpless=report.helpless,
        )
    )
    if report.gone:
        _say(
            ngettext(
                "%(number)s graded service is not in this directory and was left out.",
                "%(number)s graded services are not in this directory and were left out.",
                report.gone,
            )
        )
    if report.weights:
        _say(_("Other weights than usual: %(weights)s.", weights=_spelt(report.weights)))
    _table(report)
    if report.other is not None:
        _differences(report)
    _explain(report)
    if report.missed is not None and misses:
        _misses(report)


def _set_words() -> Mapping[str, str]:
    return {
        "open": _("The open half of the questions that ship with netmap"),
        "kept": _("The kept half of the questions that ship with netmap"),
        "own": _("The open half of your own questions"),
        "own-kept": _("The kept half of your own questions"),
    }


def _say(text: str) -> None:
    click.echo(textwrap.fill(text, WIDTH))


def _spelt(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{name}={weight:g}" for name, weight in weights.items())


def _row_name(row: Row) -> str:
    named = {ALL: _("all questions"), ACROSS: _("across languages"), OTHERS: _("other languages only")}
    return named.get(row.name, row.name)


def _table(report: BenchReport) -> None:
    heads = "".join(f"{heading:<{CELL}}" for heading in HEADINGS)
    click.echo(f"\n{'':<{NAME}}{'n':>4}  {heads}" + _("judged"))
    for row in report.rows:
        cells = "".join(f"{_figure(row.figures[name]):<{CELL}}" for name in MEASURES)
        judged = "-" if row.judged is None else f"{row.judged:.0%}"
        click.echo(f"{_row_name(row):<{NAME}}{row.n:>4}  {cells}{judged}")


def _differences(report: BenchReport) -> None:
    assert report.other is not None
    click.echo("")
    _say(
        _(
            "Difference of the second setting (%(weights)s), question by question; * where the interval does "
            "not hold 0:",
            weights=_spelt(report.other) or "-",
        )
    )
    for row in report.rows:
        found = row.differences or {}
        cells = "".join(
            f"{_difference(found[name]) if name in found else '-':<{CELL + 5}}" for name in MEASURES
        )
        click.echo(f"{_row_name(row):<{NAME}}{row.n:>4}  {cells}".rstrip())


def _figure(figure: Interval) -> str:
    """Return a figure with its interval: `.71 (.65-.77)`."""
    if figure.value is None:
        return "-"
    if figure.low is None or figure.high is None:
        return _short(figure.value)
    return f"{_short(figure.value)} ({_short(figure.low)}-{_short(figure.high)})"


def _difference(figure: Interval) -> str:
    if figure.value is None:
        return "-"
    if figure.low is None or figure.high is None:
        return f"{figure.value:+.2f}"
    sure = "*" if figure.low > 0 or figure.high < 0 else ""
    return f"{figure.value:+.2f} ({figure.low:+.2f}..{figure.high:+.2f}){sure}"


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")


def _explain(report: BenchReport) -> None:
    click.echo("")
    _say(
        _(
            "In brackets: the interval that holds the true figure in 95 of 100 cases. A result without a "
            "grade counts as 0, so where few are judged the true figures are higher. Across languages: "
            "questions whose every service that helps is described in another language. Other languages "
            "only: all questions, with the results in their own language taken away."
        )
    )
    for one in report.agreements:
        kappa = "-" if one.kappa is None else f"{one.kappa:.2f}"
        first, second = one.judges
        _say(
            _(
                "Judges %(first)s and %(second)s: weighted kappa %(kappa)s on %(both)s results.",
                first=first,
                second=second,
                kappa=kappa,
                both=one.both,
            )
        )
    if report.set in KEPT:
        _say(
            _(
                "This half is kept: only these figures are shown and never a single question, so that nobody "
                "tunes the search on it."
            )
        )


def _misses(report: BenchReport) -> None:
    click.echo("")
    missed = report.missed or ()
    _say(
        ngettext(
            "%(number)s question has nothing that helps among the first 3:",
            "%(number)s questions have nothing that helps among the first 3:",
            len(missed),
        )
    )
    for case in missed:
        click.echo(f"  {case.question.id:<12} {case.question.language}  {case.question.text}")
