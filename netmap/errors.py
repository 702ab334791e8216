"""The few errors that rooms raise; the doors turn them into a status and a sentence."""

from collections.abc import Mapping


class NetmapError(Exception):
    """Something that the person can be told in one sentence.

    Parameters
    ----------
    message : str
        A whole sentence: what is wrong, where, and how to mend it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(NetmapError):
    """The thing asked for does not exist."""


class Conflict(NetmapError):
    """Somebody else changed the same thing in the meantime."""


class Forbidden(NetmapError):
    """This person may not do that."""


class Unavailable(NetmapError):
    """A part that is needed (database, index, disk) does not answer now."""


class Invalid(NetmapError):
    """What was typed or sent cannot be used.

    Parameters
    ----------
    message : str
        A whole sentence about the input as a whole.
    fields : mapping of str to str, optional
        Field name -> sentence about that field.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class NeedsMap(Invalid):
    """A file is of a form that only a map can explain."""
