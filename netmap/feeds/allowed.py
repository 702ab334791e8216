"""From where feeds may be fetched: folders and hosts that the settings name, and nothing else.

Whoever adds a feed makes this machine open an address. Without limits that would be a way into everything
that the machine can reach and the person cannot: other machines of the office, services on this one, the
addresses from which clouds give out keys.
"""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from netmap.config import Settings, split
from netmap.errors import Invalid
from netmap.i18n import gettext as _

PORTS = {"https": 443, "http": 80}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Host:
    """A host that may be asked, on one port, in one way."""

    scheme: str
    name: str
    port: int


@dataclass(frozen=True)
class Allowed:
    """What the settings allow; by default nothing."""

    folders: tuple[Path, ...] = ()
    hosts: tuple[Host, ...] = ()
    networks: tuple[Network, ...] = ()  # addresses that may be reached though they are not public


@dataclass(frozen=True)
class Target:
    """Where a request goes: a host that is allowed, and what is asked of it."""

    host: Host
    path: str


def allowed(settings: Settings) -> Allowed:
    """Return what NETMAP_FEED_FOLDERS and NETMAP_FEED_HOSTS allow.

    Examples
    --------
    >>> found = allowed(Settings(feed_hosts="data.example.org, http://files.lan:8080, 10.0.0.0/24"))
    >>> [(host.scheme, host.name, host.port) for host in found.hosts]
    [('https', 'data.example.org', 443), ('http', 'files.lan', 8080)]
    >>> [str(network) for network in found.networks]
    ['10.0.0.0/24']
    """
    hosts, networks = [], []
    for entry in split(settings.feed_hosts):
        try:
            networks.append(ipaddress.ip_network(entry))
        except ValueError:
            hosts.append(_host(entry))
        else:
            if "/" not in entry:  # one address is a host, too
                hosts.append(Host("https", entry, PORTS["https"]))
    for host in hosts:
        if _is_address(host.name):
            networks.append(ipaddress.ip_network(host.name))
    folders = tuple(Path(one).expanduser().resolve() for one in split(settings.feed_folders))
    return Allowed(folders, tuple(hosts), tuple(networks))


def _host(entry: str) -> Host:
    try:
        parts = urlsplit(entry if "://" in entry else f"https://{entry}")
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        name, port, parts = "", None, urlsplit("")
    if not name or parts.scheme not in PORTS or parts.path.strip("/") or parts.query or parts.username:
        raise Invalid(
            f"NETMAP_FEED_HOSTS names '{entry}', which is no host: write data.example.org, "
            "http://files.example.org:8080 or 10.0.0.0/24."
        )
    return Host(parts.scheme, name, port or PORTS[parts.scheme])


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def target(url: str, may: Allowed) -> Target:
    """Return where an address leads, or raise Invalid, in words, where nothing may be fetched from there."""
    parts, port = _parts(url)
    if parts.scheme not in PORTS:
        raise Invalid(_("An address begins with https:// - '%(address)s' does not.", address=url[:100]))
    if parts.username is not None or parts.password is not None:
        raise Invalid(_("A name and password in an address would be kept and shown. Leave them out."))
    name = (parts.hostname or "").rstrip(".")
    host = Host(parts.scheme, name, port or PORTS[parts.scheme])
    if host not in may.hosts:
        secure = Host("https", name, port or PORTS["https"])
        if secure in may.hosts:
            raise Invalid(_("%(host)s is allowed with https:// only.", host=name))
        raise Invalid(
            _(
                "Nothing may be fetched from %(host)s: the setting NETMAP_FEED_HOSTS does not name it. Ask "
                "whoever runs netmap.",
                host=name or url[:100],
            )
        )
    path = parts.path or "/"
    return Target(host, f"{path}?{parts.query}" if parts.query else path)


def _parts(url: str) -> tuple[SplitResult, int | None]:
    try:
        if any(sign.isspace() or not sign.isprintable() or ord(sign) > 126 for sign in url):
            raise ValueError(url)
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as error:
        raise Invalid(_("'%(address)s' is no web address.", address=url[:100])) from error


def require_reachable(address: str, host: str, may: Allowed) -> None:
    """Raise Invalid where a host leads to an address inside that the settings do not name.

    Examples
    --------
    >>> require_reachable("93.184.215.14", "data.example.org", Allowed())
    >>> require_reachable("::ffff:127.0.0.1", "data.example.org", Allowed())
    Traceback (most recent call last):
    netmap.errors.Invalid: ...
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or _behind_nat64(found) or found
    if any(found.version == network.version and found in network for network in may.networks):
        return
    if not found.is_global or found.is_multicast or found.is_reserved:
        raise Invalid(
            _(
                "%(host)s leads to %(address)s, an address inside a network. Nothing is fetched from there "
                "unless NETMAP_FEED_HOSTS names that address.",
                host=host,
                address=str(found),
            )
        )


def _behind_nat64(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if found in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return None


def folder(path: str, may: Allowed) -> Path:
    """Return the file or folder that a path names, or raise Invalid where it may not be read."""
    found = Path(path).resolve() if path.isprintable() else Path("/")
    if not any(found.is_relative_to(one) for one in may.folders):
        raise Invalid(
            _(
                "Nothing may be fetched from %(path)s: the setting NETMAP_FEED_FOLDERS names no folder that "
                "holds it. Ask whoever runs netmap.",
                path=path[:200],
            )
        )
    return found


def require_allowed(address: str, may: Allowed) -> None:
    """Raise Invalid where an address or a path may not be fetched."""
    if is_url(address):
        target(address, may)
    elif not Path(address).is_absolute():
        raise Invalid(_("Write a web address that begins with https://, or a whole path that begins with /."))
    else:
        folder(address, may)


def is_url(address: str) -> bool:
    """Return whether an address is one of the web."""
    return "://" in address
