"""What case managers decided about suggested packages: codes, an area and a day, never a client."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.models import new_id
from netmap.errors import Conflict, Invalid
from netmap.freshness import uses
from netmap.i18n import gettext as _
from netmap.matching.audit import Decided
from netmap.matching.entry_decisions import KEY
from netmap.matching.facts import Client
from netmap.matching.models import OUTCOMES, REASONS, Decision
from netmap.matching.service import Matcher


def record_decision(
    session: Session,
    settings: Settings,
    values: Mapping[str, object],
    code: str,
    *,
    outcome: str,
    reason: str,
    by: str,
    seen: int | None = None,
    key: str = "",
) -> Decision:
    """Return the decision about a suggested package, with what the suggestion was made from.

    Parameters
    ----------
    session : Session
    settings : Settings
    values : mapping
        The client, see `netmap.matching.intake.read_client`.
    code : str
        The package.
    outcome, reason : str
        One of `OUTCOMES` and one of `REASONS`.
    by : str
        E-mail of who decides; kept only with a service that is taken in spite of a criterion.
    seen : int, optional
        The version of the package that the person looked at.
    key : str
        That of the page: what is sent from one page twice is kept once.

    Raises
    ------
    Conflict
        If another version of the package is in use by now.
    Invalid
        If the outcome, the reason or the client cannot be used.
    NotFound
        If there is no such package.
    """
    _check(outcome, reason)
    kept = session.get(Decision, key) if KEY.fullmatch(key) else None
    if kept is not None:
        return kept
    matcher = Matcher(session, settings)
    client = matcher.read(values)
    found = matcher.match(values, only=code)["packages"][0]
    _check_version(seen, found["version"])
    first = next(iter(matcher.match(values, limit=1)["packages"]), None)
    decision = Decision(
        id=key if KEY.fullmatch(key) else new_id(),
        package_code=code,
        package_version=found["version"],
        outcome=outcome,
        reason=reason,
        score=found["score"],
        best_code=first["package"] if first else None,
        best_score=first["score"] if first else None,
        client=codes_of(client),
        added=[one["need"] for one in found["correction"]["add"]],
        dropped=[one["line"] for one in found["correction"]["drop"]],
        providers={line["key"]: line["service_id"] for line in found["lines"] if line["service_id"]},
        overrides=[asdict(one) | {"by": by} for one in client.overrides],
        area_code=client.area,
        decided_on=now().astimezone(settings.zone()).date(),
    )
    session.add(decision)
    if outcome != "rejected":
        chosen = Counter((service, "chosen") for service in set(decision.providers.values()))
        uses.write(session, chosen, decision.decided_on)
    session.flush()
    return decision


def _check(outcome: str, reason: str) -> None:
    errors = {}
    if outcome not in OUTCOMES:
        errors["outcome"] = _("Choose what you decided.")
    if reason not in REASONS:
        errors["reason"] = _("Choose the reason that comes nearest.")
    if errors:
        raise Invalid(_("The decision cannot be kept yet."), errors)


def _check_version(seen: int | None, current: int) -> None:
    if seen is not None and seen != current:
        raise Conflict(
            _(
                "Somebody has changed this package in the meantime: version %(number)s is in use. "
                "Nothing was kept. Go back to the packages and look at it again.",
                number=current,
            )
        )


def codes_of(client: Client) -> dict[str, Any]:
    """Return what is kept of a client: codes that `netmap.matching.intake.read_client` reads again.

    Not kept: the area (it has a column of its own), hours and services by name, since together they would
    tell more of a life than the packages need.
    """
    kept: dict[str, Any] = {
        "needs": {
            need: {"severity": rated.severity, "urgency": rated.urgency}
            for need, rated in sorted(client.needs.items())
        },
        "facts": {code: fact for code, fact in sorted(client.facts.items()) if fact != "unknown"},
        "languages": sorted(client.languages),
        "max_km": client.max_km,
        "budget": client.budget,
        "track": client.track,
        "strengths": sorted(client.strengths),
        "refused_types": sorted(client.refused_types),
        "contested": sorted(client.contested),
        "long_term": client.long_term,
        "needs_company": client.needs_company,
    }
    return {name: value for name, value in kept.items() if value not in (None, "", [], {}, False)}


def all_decided(session: Session) -> list[Decided]:
    """Return every decision as `netmap.matching.audit` sees it, by one SELECT."""
    columns = (
        Decision.package_code, Decision.best_code, Decision.outcome, Decision.reason, Decision.decided_on,
        Decision.client, Decision.added, Decision.overrides,
    )  # fmt: skip
    rows = session.execute(select(*columns).order_by(Decision.decided_on, Decision.id))
    return [Decided(*row) for row in rows]
