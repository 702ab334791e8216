"""Who may do what: one table, read by every route."""

from collections.abc import Mapping

EVERYBODY = "everybody"
STAFF = frozenset({"case_manager", "coordinator", "planner", "admin"})

PERMITS: Mapping[str, frozenset[str] | str] = {
    "open": EVERYBODY,  # signing in, language, static files, health
    "read directory": STAFF,  # everybody, where the setting says that the directory is public
    "record unmet need": STAFF,
    "save searches": STAFF,
    "curate": frozenset({"coordinator"}),  # put services first or leave them out
    "match": frozenset({"case_manager", "coordinator"}),
    "write entry criteria": frozenset({"coordinator"}),
    "read packages": STAFF,
    "edit packages": frozenset({"coordinator"}),
    "edit rules": frozenset({"coordinator"}),  # weights and thresholds of matching
    "train": frozenset({"case_manager", "coordinator"}),  # exercise cases; nothing is kept
    "read decisions": frozenset({"coordinator", "planner"}),
    "read gaps": STAFF,
    "plan network": frozenset({"coordinator", "planner"}),  # scenarios, taking up a gap
    "enter demand": frozenset({"case_manager", "coordinator", "planner"}),  # how many clients there are
    "decide types": frozenset({"coordinator"}),
    "judge search": frozenset({"coordinator"}),
    "read history": STAFF,  # who changed what in the directory
    "edit directory": frozenset({"coordinator"}),
    "change capacity": frozenset({"case_manager", "coordinator"}),  # free places, up and down
    "merge duplicates": frozenset({"coordinator"}),
    "ring round": frozenset({"case_manager", "coordinator"}),  # ask providers whether a record is right
    "upkeep": frozenset({"coordinator", "planner"}),  # what waits, and how true the directory is
    "read partners": STAFF,
    "note contact": frozenset({"case_manager", "coordinator"}),  # last contact, personal ties
    "write partners": frozenset({"coordinator"}),
    "provider link": EVERYBODY,  # the link itself is the key
    "report mistake": STAFF,  # everybody, where the setting says that the directory is public
    "decide corrections": frozenset({"coordinator"}),
    "manage feeds": frozenset({"coordinator", "admin"}),
    "import": frozenset({"coordinator", "admin"}),
    "manage people": frozenset({"admin"}),
    "own account": STAFF,  # the own password and sessions
}

PUBLIC = frozenset({"read directory", "report mistake"})  # open to everybody where the directory is public


def allowed(permit: str, role: str | None, *, public_directory: bool = False) -> bool:
    """Return whether somebody with ``role`` (None: not signed in) has the permit.

    Raises
    ------
    KeyError
        If the permit is not in the table: a route that states no known permit is a mistake.

    Examples
    --------
    >>> allowed("edit packages", "coordinator"), allowed("edit packages", "planner"), allowed("match", None)
    (True, False, False)
    """
    roles = PERMITS[permit]
    if roles == EVERYBODY or (permit in PUBLIC and public_directory):
        return True
    return role is not None and role in roles
