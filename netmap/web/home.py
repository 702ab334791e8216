"""Page: the start page with the search box and the tasks of the person's role."""

from flask import render_template, url_for
from flask_login import current_user

from netmap.i18n import gettext as _
from netmap.upkeep.notices import notices
from netmap.web.door import blueprint, db, may, permit, settings
from netmap.web.saved import kept_searches
from netmap.web.upkeep import due_here

home = blueprint("home")

Task = tuple[str, str, str, str]  # permit, page, title and a sentence

SAVED = 5  # saved searches on the start page


@home.get("/")
@permit("read directory")
def show() -> str:
    """Show the start page."""
    keeps = current_user.is_authenticated and may("manage people")
    saves = current_user.is_authenticated and may("save searches")
    total, searches = kept_searches(SAVED) if saves else (0, [])
    return render_template(
        "home/home.html",
        cards=_cards(),
        notices=notices(db(), settings()) if keeps else [],
        searches=searches,
        due=len(due_here()) if current_user.is_authenticated and may("ring round") else 0,
        more=total - len(searches),
    )


@home.get("/health")
@permit("open")
def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


def _cards() -> list[dict[str, str]]:
    """Return the tasks of this person."""
    if not current_user.is_authenticated:
        return []
    return [
        {"href": url_for(endpoint), "title": title, "text": text}
        for name, endpoint, title, text in (*_with_people(), *_of_network(), *_of_records(), *_behind())
        if may(name)
    ]


def _with_people() -> list[Task]:
    """Return the tasks of the desk."""
    return [
        (
            "match",
            "matching.form",
            _("A person's needs"),
            _("Note what a person needs, without a name; see which packages fit and who can help."),
        ),
        (
            "write entry criteria",
            "criteria.listing",
            _("Criteria of entry"),
            _("The questions by which staff decide whether case management begins."),
        ),
        (
            "read packages",
            "packages.listing",
            _("Service packages"),
            _("What people in typical situations usually need, in which order."),
        ),
    ]


def _of_network() -> list[Task]:
    """Return the tasks of planning and of the network."""
    return [
        (
            "read gaps",
            "network.gaps",
            _("Gaps"),
            _("Where help is missing, for whom, and which single change would open it."),
        ),
        (
            "read gaps",
            "network.picture",
            _("Picture of the network"),
            _("Needs, service types and providers, with the missing ones dashed."),
        ),
        (
            "read directory",
            "vacancies.listing",
            _("Vacancies"),
            _("Work that employers offer, and when somebody last said that it still stands."),
        ),
        (
            "read partners",
            "colleagues.listing",
            _("Who knows it"),
            _("Which colleague speaks a language or knows a provider; whom to call in a settlement."),
        ),
        (
            "read decisions",
            "auditing.show",
            _("How suggestions are used"),
            _("How often people decide otherwise, for which packages and for whom."),
        ),
    ]


def _of_records() -> list[Task]:
    """Return the tasks that keep the records true."""
    return [
        (
            "ring round",
            "ringing.mine",
            _("Ring-round"),
            _("Ask providers whether their records are right, those first where a mistake does most harm."),
        ),
        (
            "upkeep",
            "upkeep.overview",
            _("Upkeep"),
            _("What waits for somebody, and how true the directory is."),
        ),
        (
            "edit directory",
            "light.organization",
            _("Add an organisation"),
            _("Two fields are enough, and it is found at once; no agreement is needed."),
        ),
        (
            "read history",
            "history.mine",
            _("What I changed"),
            _("Your changes of records, each of which can be taken back."),
        ),
        (
            "edit directory",
            "drafts.listing",
            _("My drafts"),
            _("Forms that you have put aside. Only you see them, and no record changes until you save."),
        ),
    ]


def _behind() -> list[Task]:
    """Return the tasks that keep the search and the office."""
    return [
        (
            "decide types",
            "typing.listing",
            _("Types to confirm"),
            _("Suggested service types that wait for a decision."),
        ),
        (
            "curate",
            "curating.listing",
            _("Put first and left out"),
            _("Services that coordinators put first in answers, or leave out, and why."),
        ),
        (
            "judge search",
            "judging.listing",
            _("Judge the search"),
            _("Say how well its answers help, so that its figures can be trusted."),
        ),
        (
            "import",
            "importing.form",
            _("Import"),
            _("Bring in a directory, areas, demand, travel times or shapes of areas."),
        ),
        ("manage people", "people.listing", _("People"), _("Who may sign in, and as what.")),
    ]
