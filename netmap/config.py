"""Every setting: its name, its default and one sentence of help."""

import math
import os
import secrets
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from netmap.errors import Invalid

LANGUAGES = ("en", "ru", "uk", "lt")
SHORTEST_KEY = 32


def _setting(default: object, text: str) -> Any:
    return field(default=default, metadata={"help": text})


def _default_data_dir() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "netmap"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each is read from the environment variable NETMAP_<NAME IN CAPITALS>."""

    data_dir: Path = field(
        default_factory=_default_data_dir,
        metadata={"help": "Folder that holds the database, the search index and the secret key."},
    )
    database_url: str = _setting(
        "", "SQLAlchemy address of the database; empty means SQLite in the data folder."
    )
    secret_key: str = _setting(
        "", "Key that signs forms; empty means one made at first start, kept in the data folder."
    )
    secret_key_fallbacks: str = _setting(
        "", "Older keys, separated by commas, that still open what they signed; remove them after a day."
    )
    production: bool = _setting(
        False, "Refuse to start unless keys, host names and cookies are safe; `wsgi.py` switches it on."
    )
    log_format: str = _setting("json", "How logs are written: json (one object a line) or text.")
    host: str = _setting("127.0.0.1", "Address on which `netmap serve` listens.")
    port: int = _setting(8000, "Port on which `netmap serve` listens.")
    trusted_hosts: str = _setting(
        "", "Host names that are answered, separated by commas; empty answers every name."
    )
    proxies: int = _setting(0, "How many reverse proxies stand in front and may be believed about addresses.")
    secure_cookies: bool = _setting(False, "Send the session cookie over HTTPS only; switch on behind HTTPS.")
    public_directory: bool = _setting(False, "Let everybody read the directory without signing in.")
    language: str = _setting("en", "Language of pages for people who have chosen none (en, ru, uk or lt).")
    timezone: str = _setting("Europe/Vilnius", "Time zone in which opening hours are meant.")
    max_km: float = _setting(
        30.0, "Kilometres a person can be expected to travel where nothing else is said."
    )
    circuity: float = _setting(1.3, "How much longer the road is than the straight line.")
    stale_days: int = _setting(365, "Days after which a check by a person counts as old.")
    fewest_providers: int = _setting(2, "With fewer providers than this, help in a place hangs on too few.")
    min_capacity_ratio: float = _setting(0.8, "Places for each client below which help counts as too little.")
    wait_target_days: int = _setting(
        30,
        "Days of waiting above which help counts as too little, where everybody makes people wait so long.",
    )
    wait_old_days: int = _setting(180, "Days after which a recorded wait says nothing any more.")
    half_life_days: float = _setting(
        540.0, "Days after which half of all records are taken to be no longer true; an assumption."
    )
    closure_hazard: float = _setting(
        0.1, "Share of providers that are taken to stop within a year; an assumption."
    )
    link_loss: float = _setting(
        0.3, "Share of clients taken to get lost where nobody hands them over; an assumption."
    )
    contact_months: int = _setting(
        12, "Months for which a contact between two organizations counts as a link."
    )
    failure_rate: float = _setting(
        0.3, "Share of tries that may fail before the directory counts as contradicted."
    )
    failure_certainty: float = _setting(0.9, "Probability from which that share counts as exceeded.")
    vacancy_hours: int = _setting(
        72, "Hours after which a vacancy that nobody has confirmed since has to be asked about first."
    )
    corrections: str = _setting(
        "wait", "What providers send by their link: wait for a coordinator (wait) or taken at once (apply)."
    )
    feed_folders: str = _setting(
        "", "Folders from which directories may be fetched by themselves, separated by commas; empty: none."
    )
    feed_hosts: str = _setting(
        "",
        "Hosts from which directories may be fetched by themselves, separated by commas; empty: none. "
        "https only, unless written http://host; addresses inside a network only where they are named.",
    )
    session_idle_minutes: int = _setting(30, "Minutes without a click after which a person is signed out.")
    session_hours: int = _setting(12, "Hours after which a person is signed out in any case.")
    admin_email: str = _setting("", "E-mail of the first admin that `netmap init` makes.")
    admin_password: str = _setting("", "Password of the first admin that `netmap init` makes.")
    demo: bool = _setting(False, "Mark every page as demonstration data and show the demo sign-ins.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings of this process.

        Raises
        ------
        Invalid
            If a value cannot be read; the sentence names the variable.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for item in fields(cls):
            variable = variable_name(item)
            if variable in environ:
                values[item.name] = _read(item, variable, environ[variable])
        settings = cls(**values)  # type: ignore[arg-type]
        if settings.language not in LANGUAGES:
            raise Invalid(
                f"NETMAP_LANGUAGE is '{settings.language}'; it must be one of {', '.join(LANGUAGES)}."
            )
        if settings.corrections not in {"wait", "apply"}:
            raise Invalid(f"NETMAP_CORRECTIONS is '{settings.corrections}'; it must be wait or apply.")
        if settings.log_format not in {"json", "text"}:
            raise Invalid(f"NETMAP_LOG_FORMAT is '{settings.log_format}'; it must be json or text.")
        settings.zone()
        return settings

    def zone(self) -> tzinfo:
        """Return the time zone of opening hours."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Invalid(
                f"NETMAP_TIMEZONE is '{self.timezone}', which is not a time zone; try Europe/Vilnius."
            ) from error

    def database(self) -> str:
        """Return the SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'netmap.db'}"

    def index_dir(self) -> Path:
        """Return the folder of the search index; losing it loses nothing."""
        return self.data_dir / "index"

    def key(self) -> str:
        """Return the secret key, making one at the first call; in production `netmap init` has to make it.

        Raises
        ------
        Invalid
            If the key is too short, or is missing in production.
        """
        if self.secret_key:
            if len(self.secret_key) < SHORTEST_KEY:
                raise Invalid(
                    f"NETMAP_SECRET_KEY is shorter than {SHORTEST_KEY} characters; make a longer one or "
                    "leave it empty."
                )
            return self.secret_key
        path = self.key_file()
        if not self.production:
            self.make_key()
        try:
            key = path.read_bytes().decode("ascii", "replace")
        except FileNotFoundError as error:
            raise Invalid(
                f"There is no secret key: set NETMAP_SECRET_KEY, or run `netmap init`, which makes {path}."
            ) from error
        if len(key) < SHORTEST_KEY:  # an empty key would let everybody sign cookies
            raise Invalid(
                f"NETMAP_SECRET_KEY is not set, and {path} holds no whole key. Bring that file back from a "
                "backup, or remove it and run `netmap init`."
            )
        return key

    def key_file(self) -> Path:
        """Return where the secret key is kept when the environment names none."""
        return self.data_dir / "secret.key"

    def make_key(self) -> None:
        """Make the file of the secret key, which only its owner can read; leave alone what is there."""
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            handle = os.open(self.key_file(), flags, 0o600)
        except FileExistsError:
            return
        try:
            with open(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
        except OSError:  # the disk is full: half a key is worse than none
            self.key_file().unlink()
            raise

    def fallback_keys(self) -> list[str]:
        """Return the older keys, which open what they signed and sign nothing new."""
        return split(self.secret_key_fallbacks)

    def hosts(self) -> list[str]:
        """Return the host names that are answered; none means every name."""
        return split(self.trusted_hosts)


def split(text: str) -> list[str]:
    """Return the parts of a list with commas, without empty ones."""
    return [part.strip() for part in text.split(",") if part.strip()]


def variable_name(item: Field[Any]) -> str:
    """Return the environment variable of one field of `Settings`."""
    return f"NETMAP_{item.name.upper()}"


def describe() -> list[tuple[str, str, str]]:
    """Return (variable, default as text, help) for every setting, for the documentation."""
    rows = []
    for item in fields(Settings):
        default = "" if item.default is MISSING else str(item.default)
        rows.append((variable_name(item), default, str(item.metadata["help"])))
    return rows


def _from_zero(number: float) -> float:
    if not 0 <= number < math.inf:
        raise ValueError(number)
    return number


def _read(item: Field[Any], variable: str, text: str) -> object:
    kind = item.type if isinstance(item.type, str) else getattr(item.type, "__name__", "str")
    try:
        if kind == "bool":
            if text.strip().lower() not in {"1", "0", "true", "false", "yes", "no", ""}:
                raise ValueError(text)
            return text.strip().lower() in {"1", "true", "yes"}
        if kind == "int":
            return _from_zero(int(text))
        if kind == "float":
            return _from_zero(float(text))
        return Path(text).expanduser() if kind == "Path" else text
    except ValueError as error:
        raise Invalid(f"{variable} is '{text}', which is not a value of kind {kind}.") from error
