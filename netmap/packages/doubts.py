"""What is allowed in a package but probably not meant: whole sentences for who keeps it. Pure."""

import re
from collections.abc import Iterator

from netmap.i18n import gettext as _
from netmap.i18n.names import language_name
from netmap.packages.difference import line_name, weight_name
from netmap.packages.document import TYPICAL, Document
from netmap.packages.labels import doubtful_labels
from netmap.packages.substitutes import Texts
from netmap.vocabulary.terms import label, vocabulary

HARMLESS = frozenset({"EMP", "SKL", "TRN"})  # "a first job" or "the bus" gives nobody away
ENOUGH = 0.5  # a problem counts as dealt with when some line takes on at least this share of it


def doubts(document: Document) -> list[str]:
    """Return one sentence for each doubt, none where all is well."""
    return [
        *_not_dealt_with(document),
        *_too_early(document),
        *_addons(document),
        *_working(document),
        *_labels(document),
        *_problems_on_papers(document),
    ]


def _not_dealt_with(document: Document) -> Iterator[str]:
    for code, weight in document.profile.items():
        share = max((line.addresses.get(code, 0.0) for line in document.lines), default=0.0)
        if weight >= TYPICAL and share < ENOUGH:
            yield _(
                "No line deals with “%(need)s”, although it is %(weight)s here.",
                need=label(code),
                weight=weight_name(weight),
            )


def _too_early(document: Document) -> Iterator[str]:
    for line in document.lines:
        for key in line.after:
            first = document.line(key)
            if first is not None and first.start_day > line.start_day:
                yield _(
                    "“%(line)s” starts on day %(day)s, before “%(first)s” that it waits for.",
                    line=line_name(line, document),
                    day=line.start_day,
                    first=line_name(first, document),
                )


def _addons(document: Document) -> Iterator[str]:
    for line in document.lines:
        main = document.line(line.beside) if line.beside else None
        if main is not None and main.start_day < line.start_day:
            yield _(
                "“%(line)s” goes beside “%(main)s” but starts later.",
                line=line_name(line, document),
                main=line_name(main, document),
            )


def _working(document: Document) -> Iterator[str]:
    if not document.standard.get("closure"):
        yield _("Nothing says by what one sees that the work is done (closure); nobody can approve it so.")
    if document.crisis is None:
        yield _("There is no crisis line.")


def _labels(document: Document) -> Iterator[str]:
    places: list[tuple[str, Texts]] = [(_("Name"), document.name), (_("Description"), document.description)]
    places += [(line_name(line, document), line.cause) for line in document.lines]
    places += [(_("Standard"), texts) for texts in document.standard.values()]
    for place, texts in places:
        for language, text in texts.items():
            for word in doubtful_labels(text, language):
                yield _(
                    "“%(word)s” labels a person (%(place)s, %(language)s).",
                    word=word,
                    place=place,
                    language=language_name(language),
                )


def _problems_on_papers(document: Document) -> Iterator[str]:
    """Return a doubt where somebody at home could read a problem in the name on papers."""
    for language, text in document.paper_name.items():
        for code in document.profile:
            need = vocabulary().needs.get(code)
            if need is None:
                continue
            also = () if need.domain in HARMLESS else need.phrases.get(language, ())
            names = (need.labels.get(language, ""), *also)
            found = next((name for name in names if name and _says(text, name)), None)
            if found:
                yield _(
                    "The name on papers says “%(words)s” (%(language)s), where others may read it.",
                    words=found,
                    language=language_name(language),
                )


def _says(text: str, name: str) -> bool:
    """Return whether a name stands in a text as whole words.

    Examples
    --------
    >>> _says("Plan: debts, work", "Debts"), _says("Plan: indebtedness", "debt")
    (True, False)
    """
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
