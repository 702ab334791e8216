"""Opening hours written as a sentence, read whole or not at all. Pure.

"Monday - Friday 8:30AM-5PM", "Les mardi et jeudi de 15h00 à 19h00", "first Thursday of the month" become rows
of a schedule. A text with one word that is not understood ("except", "school holidays", "by appointment")
is given back unread as a whole: the half that was understood would be a guess.
"""

from dataclasses import dataclass, field
from itertools import combinations, product

from netmap.directory import hours_text_local as local
from netmap.directory.hours_text_clock import DAY, Minutes, intervals, is_in_half, without_pause
from netmap.directory.hours_text_words import Token, tokens
from netmap.directory.hours_words import DAYS

Days = tuple[tuple[int, int], ...]
LANGUAGES = ("en", "fr", *local.LANGUAGES)
EVERY_DAY: Days = tuple((0, day) for day in range(7))
WHOLE_DAY = (0, 23 * 60 + 59)  # as HSDS writes it


@dataclass(frozen=True)
class TextRow:
    """One row of a schedule: days as ``byday``, times as "HH:MM", or no times where none are told."""

    byday: str
    freq: str
    opens_at: str | None = None
    closes_at: str | None = None


@dataclass(frozen=True)
class HoursText:
    """What a text says: rows, or its own words where it cannot be read.

    ``closed`` is whether an unread text says nothing but that some days are closed, which no row can hold;
    ``note`` is the text where it says something that a row cannot hold ("closed on public holidays").
    """

    rows: tuple[TextRow, ...] = ()
    unread: str | None = None
    note: str | None = None
    closed: bool = False


def read_hours_text(text: str, language: str | None = None) -> HoursText:
    """Return the rows that a text on opening hours means, or the text itself as unread.

    Parameters
    ----------
    text : str
        As people write it.
    language : str, optional
        "fr" where the text is French: there 2:00 is always at night. One of `hours_text_local.LANGUAGES`:
        there 9-18 are hours. Words of all languages are read in any case, short German days in German only.

    Examples
    --------
    >>> read_hours_text("Monday - Friday 8:30AM-5PM").rows
    (TextRow(byday='MO,TU,WE,TH,FR', freq='WEEKLY', opens_at='08:30', closes_at='17:00'),)
    >>> [row.closes_at for row in read_hours_text("Les mardi et jeudi de 15h00 à 19h00", "fr").rows]
    ['19:00']
    >>> read_hours_text("first Thursday of the month").rows
    (TextRow(byday='1TH', freq='MONTHLY', opens_at=None, closes_at=None),)
    >>> read_hours_text("Sur rendez-vous").unread
    'Sur rendez-vous'
    """
    words = text.strip()
    if not words:
        return HoursText()
    try:
        found, noted = tokens(words, language)
        if len(found) == 1 and local.means_always(found[0].text):
            found = [Token("always", found[0].text)]
        reader = _Reader(found, strict=language != "fr", by_24=local.counts_by_24(words, language))
        rows = _rows(_blocks(_without_pauses(reader.parts())))
    except ValueError:
        return HoursText(unread=words)
    if not rows:
        return HoursText(unread=words, closed=True)
    return HoursText(rows, note=words if noted else None)


@dataclass(frozen=True)
class _Part:
    """A piece of the sentence: some days, some times, "closed", or "break", whose times come next."""

    days: Days = ()
    half: str | None = None
    times: tuple[Minutes, ...] = ()
    closed: bool = False
    pause: bool = False


@dataclass
class _Reader:
    """Reads tokens into parts."""

    found: list[Token]
    strict: bool
    by_24: bool
    at: int = 0
    _parts: list[_Part] = field(default_factory=list)

    def parts(self) -> list[_Part]:
        """Return the parts of the sentence in its order; raises ValueError where it makes no sense."""
        while self.at < len(self.found):
            kind = self.found[self.at].kind
            if kind in {"days", "ordinal"}:
                self._parts.append(self._days())
            elif kind == "always":
                self._parts += [_Part(days=EVERY_DAY), _Part(times=(WHOLE_DAY,))]
                self.at += 1
            elif kind in {"time", "whole day", "between"}:
                self._parts.append(self._times())
            elif kind == "closed":
                if not (self._parts and self._parts[-1].closed):  # "Closed - Closed" of two columns
                    self._parts.append(_Part(closed=True))
                self.at += 1
            elif kind == "pause":
                self._parts.append(_Part(pause=True))
                self.at += 1
            elif kind in {"to", "and", "break"}:
                self.at += 1
            else:
                raise ValueError(kind)
        return self._parts

    def _chain(self, kinds: set[str]) -> list[tuple[list[Token], Token]]:
        """Return tokens of some kinds as long as only joints stand between them, each with its joints."""
        chain: list[tuple[list[Token], Token]] = []
        joints: list[Token] = []
        for position in range(self.at, len(self.found)):
            token = self.found[position]
            if token.kind in kinds:
                chain.append((joints, token))
                joints, self.at = [], position + 1
            elif token.kind in {"to", "and", "break"}:
                joints.append(token)
            else:
                break
        return chain

    def _days(self) -> _Part:
        days = _read_days(self._chain({"days", "ordinal"}))
        monthly = any(number for number, _day in days)
        if self._next("month"):
            if not monthly:
                raise ValueError("a month, but not which of its days")
            self.at += 1
        half = self.found[self.at].text if self._next("half") else None
        self.at += half is not None
        return _Part(days=days, half=half)

    def _next(self, kind: str) -> bool:
        return self.at < len(self.found) and self.found[self.at].kind == kind

    def _times(self) -> _Part:
        between = self._next("between")
        self.at += between
        chain = self._chain({"time", "whole day"})
        if [token.kind for _joints, token in chain] == ["whole day"]:
            return _Part(times=(WHOLE_DAY,))
        if any(token.kind != "time" for _joints, token in chain):
            raise ValueError("a whole day among times")
        if any(sum(joint.kind == "to" for joint in joints) > 1 for joints, _time in chain):
            raise ValueError("an interval without its end or its beginning")
        joints = ["".join(joint.text for joint in joints) for joints, _time in chain]
        if between and len(joints) == 2:
            joints[1] = "-"
        read = intervals([time.text for _joints, time in chain], joints, strict=self.strict, by_24=self.by_24)
        return _Part(times=tuple(read))


def _read_days(chain: list[tuple[list[Token], Token]]) -> Days:
    """Return the days of "Mon - Wed, Fri" or "first and third Tuesday"."""
    found: list[tuple[int, int]] = []
    waiting: list[int] = []
    run: list[tuple[int, ...]] = []
    for joints, token in chain:
        if any(joint.kind == "break" and joint.text != "/" for joint in joints):
            raise ValueError("a day that nothing is told of")
        ranged = [joint.kind for joint in joints] == ["to"]
        if token.kind == "ordinal":
            if ranged:
                raise ValueError("a range of ordinals")
            found += _run(run)
            run = []
            waiting.append(token.number)
        elif waiting:
            if len(token.days) != 1 or joints:
                raise ValueError("an ordinal without its weekday")
            found += [(number, token.days[0]) for number in waiting]
            waiting = []
        elif ranged and run:
            run.append(token.days)
        else:
            found += _run(run)
            run = [token.days]
    if waiting:
        raise ValueError("an ordinal without a weekday")
    found += _run(run)
    if any(number for number, _day in found) and not all(number for number, _day in found):
        raise ValueError("days of the week and of the month at once")
    return tuple(dict.fromkeys(found))


def _run(run: list[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Return days joined by dashes: two are a range, more are a list."""
    if len(run) == 2 and all(len(days) == 1 for days in run):
        first, last = run[0][0], run[1][0]
        return [(0, (first + step) % 7) for step in range((last - first) % 7 + 1)]
    return [(0, day) for days in run for day in days]


def _without_pauses(parts: list[_Part]) -> list[_Part]:
    """Return the parts with a break at noon cut out of the only hours it can be of."""
    kept: list[_Part] = []
    waiting = iter(parts)
    for part in waiting:
        if not part.pause:
            kept.append(part)
            continue
        pause = next(waiting, part).times
        open_ = [number for number, other in enumerate(kept) if other.times]
        if len(pause) != 1 or len(open_) != 1 or any(other.closed for other in kept):
            raise ValueError("a break of which hours?")
        whole = kept[open_[0]]
        kept[open_[0]] = _Part(days=whole.days, times=without_pause(whole.times, pause[0]))
    return kept


def _blocks(parts: list[_Part]) -> list[_Part]:
    """Return days together with what is told of them, whichever stands first."""
    if len(parts) == 1 and parts[0].days and parts[0].half is None:
        return parts
    if parts and parts[0].times:  # "9am - 5pm, Monday to Friday"
        if len(parts) % 2 or not all(part.times for part in parts[::2]):
            raise ValueError("times without days")
        parts = [part for pair in zip(parts[1::2], parts[::2], strict=True) for part in pair]
    blocks: list[_Part] = []
    waiting = list(reversed(parts))
    while waiting:
        first = waiting.pop()
        if not waiting:
            raise ValueError("something is left over")
        second = waiting.pop()
        if first.closed and second.days and not (waiting and (waiting[-1].times or waiting[-1].closed)):
            blocks.append(_closed(second))
        elif first.days and second.closed:
            blocks.append(_closed(first))
        elif first.days and second.times and is_in_half(second.times, first.half):
            blocks.append(_Part(days=first.days, times=second.times))
        else:
            raise ValueError("days and times do not take turns")
    return blocks


def _closed(part: _Part) -> _Part:
    if part.half or any(number for number, _day in part.days):
        raise ValueError("closed for a part of a day or of a month")
    return _Part(days=part.days, closed=True)


def _rows(blocks: list[_Part]) -> tuple[TextRow, ...]:
    """Return one row for each interval, days that are said to be closed left out; none where all are."""
    closed = {day for block in blocks if block.closed for _number, day in block.days}
    rows: dict[tuple[Minutes | None, bool], list[tuple[int, int]]] = {}
    told = [block for block in blocks if not block.closed]
    if any(_collide(one, other) for one, other in combinations(told, 2)):
        raise ValueError("two hours of one day that overlap")  # "daily 9-17, Sunday 10-16": not open at nine
    for block in told:
        days = [(number, day) for number, day in block.days if day not in closed]
        for times in block.times or (None,):
            rows.setdefault((times, bool(days and days[0][0])), []).extend(days)
    return tuple(_row(times, days) for (times, _monthly), days in rows.items() if days)


def _collide(one: _Part, other: _Part) -> bool:
    """Return whether hours of two blocks may lie over each other on one day."""
    days = product(one.days, other.days)
    shared = any(
        day == also and (number == nth or 0 in (number, nth) or min(number, nth) < 0)
        for (number, day), (nth, also) in days
    )
    times = product(one.times, other.times)
    return shared and any(opens < ends and starts < closes for (opens, closes), (starts, ends) in times)


def _row(times: Minutes | None, days: list[tuple[int, int]]) -> TextRow:
    if len(set(days)) < len(days):
        raise ValueError("the same hours twice")
    ordered = sorted(days, key=lambda pair: (pair[1], pair[0]))
    byday = ",".join(f"{number or ''}{DAYS[day]}" for number, day in ordered)
    freq = "MONTHLY" if ordered[0][0] else "WEEKLY"
    if times is None:
        return TextRow(byday, freq)
    times = WHOLE_DAY if times == (0, DAY) else times
    opens, closes = (f"{minutes // 60 % 24:02d}:{minutes % 60:02d}" for minutes in times)
    return TextRow(byday, freq, opens, closes)
