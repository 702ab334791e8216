"""In which order lines can come: what waits for what, and no circles. Pure."""

from collections.abc import Mapping, Sequence


def circle(after: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return one circle of lines that wait for each other, empty if there is none.

    Parameters
    ----------
    after : mapping of str to sequence of str
        Key of a line -> keys of the lines that must come first. Keys without a line are skipped.

    Returns
    -------
    tuple of str
        The keys along the circle, the first one again at the end; always the same for the same input.

    Examples
    --------
    >>> circle({"a": ["b"], "b": ["c"], "c": ["a"]})
    ('a', 'b', 'c', 'a')
    >>> circle({"a": [], "b": ["a"], "c": ["a", "b"]})
    ()
    """
    done: set[str] = set()
    for start in after:
        path: list[str] = []
        waiting = [(start, iter(after[start]))] if start not in done else []
        path.extend(key for key, _next in waiting)
        while waiting:
            key, following = waiting[-1]
            nearest = next((other for other in following if other in after and other not in done), None)
            if nearest is None:
                done.add(key)
                waiting.pop()
                path.pop()
            elif nearest in path:
                return (*path[path.index(nearest) :], nearest)
            else:
                path.append(nearest)
                waiting.append((nearest, iter(after[nearest])))
    return ()


def too_early(after: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the pairs (line, line it waits for) where the second stands further down.

    Parameters
    ----------
    after : mapping of str to sequence of str
        As for `circle`, in the order in which the lines stand.

    Examples
    --------
    >>> too_early({"job": ["childcare"], "childcare": []})
    [('job', 'childcare')]
    """
    place = {key: number for number, key in enumerate(after)}
    return [
        (key, first)
        for key, firsts in after.items()
        for first in firsts
        if first in place and place[first] > place[key]
    ]
