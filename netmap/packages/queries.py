"""Every SELECT of the packages room."""

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization
from netmap.packages.models import Package, PackageApproval, PackageVersion

LARGEST = 2**31 - 1  # a larger number in an address cannot be a version, and a database may refuse it


def in_use(session: Session) -> list[PackageVersion]:
    """Return the current version of every package that is not retired, by code."""
    statement = (
        select(PackageVersion)
        .join(Package, Package.code == PackageVersion.package_code)
        .where(PackageVersion.number == Package.current, Package.retired.is_(False))
        .order_by(Package.code)
    )
    return list(session.scalars(statement))


# Which version of which packages is in use, as text that is only good for comparing.
NUMBERS = select(func.aggregate_strings(Package.code + ":" + cast(Package.current, String), " ")).where(
    Package.retired.is_(False)
)


def one(session: Session, code: str, number: int | None = None) -> tuple[PackageVersion, int] | None:
    """Return a version (the current one where no number is given) and the current number, or None."""
    if number is not None and not 0 < number <= LARGEST:
        return None
    statement = (
        select(PackageVersion, Package.current)
        .join(Package, Package.code == PackageVersion.package_code)
        .where(Package.code == code, PackageVersion.number == (Package.current if number is None else number))
    )
    found = session.execute(statement).one_or_none()
    return (found[0], found[1]) if found else None


def versions(session: Session, code: str) -> list[PackageVersion]:
    """Return every version of a package, the newest first."""
    statement = (
        select(PackageVersion)
        .where(PackageVersion.package_code == code)
        .order_by(PackageVersion.number.desc())
    )
    return list(session.scalars(statement))


def edited(session: Session, code: str) -> bool:
    """Return whether a person has made any version of the package."""
    statement = select(PackageVersion.id).where(
        PackageVersion.package_code == code, PackageVersion.made_by.is_not(None)
    )
    return session.scalars(statement.limit(1)).first() is not None


def codes(session: Session) -> set[str]:
    """Return the code of every package, in use or not."""
    return set(session.scalars(select(Package.code).order_by(Package.code)))


def approvals(session: Session, code: str) -> list[PackageApproval]:
    """Return everything that partners said about a package, the newest first."""
    statement = (
        select(PackageApproval)
        .where(PackageApproval.package_code == code)
        .order_by(PackageApproval.id.desc())
    )
    return list(session.scalars(statement))


def organizations_named(session: Session, name: str) -> list[str]:
    """Return the ids of at most two organizations with this name; capitals do not matter."""
    statement = (
        select(Organization.id)
        .where(func.lower(Organization.name).in_({name, name.lower()}) | (Organization.name == name))
        .order_by(Organization.id)
    )
    return list(session.scalars(statement.limit(2)))
