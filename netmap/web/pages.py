"""Every page that netmap has: whoever adds one adds a line here."""

from netmap.web import (  # noqa: F401  (more routes of blueprints below)
    gap_card,
    gap_proposal,
    gaps_taken_up,
    locations_editor,
    organizations,
    packages_effect,
    packages_share,
    packages_show,
    partners_agreements,
    partners_governance,
    partners_matrix,
    partners_roles,
    provider_correct,
    provider_vacancies,
    upkeep_truth,
)
from netmap.web.account import account
from netmap.web.areas import areas
from netmap.web.auditing import auditing
from netmap.web.colleagues import colleagues
from netmap.web.corrections import corrections
from netmap.web.curating import curating
from netmap.web.demand import demand
from netmap.web.directory import directory
from netmap.web.dossier import dossier
from netmap.web.drafts import drafts
from netmap.web.duplicates import duplicates
from netmap.web.editing import editing
from netmap.web.entry_criteria import criteria
from netmap.web.exercises import exercises
from netmap.web.feeds import feeds
from netmap.web.history import history
from netmap.web.home import home
from netmap.web.importing import importing
from netmap.web.judging import judging
from netmap.web.leaflets import leaflets
from netmap.web.light import light
from netmap.web.locations import locations
from netmap.web.matching import matching
from netmap.web.matching_choice import matching_choice
from netmap.web.matching_entry import entry
from netmap.web.matching_sheet import matching_sheet
from netmap.web.mistakes import mistakes
from netmap.web.network import network
from netmap.web.network_map import network_map
from netmap.web.network_matrix import network_matrix
from netmap.web.new_sites import new_sites
from netmap.web.organizations_editor import organizations as organizations_editor
from netmap.web.package_curation import package_curation
from netmap.web.packages import packages
from netmap.web.partners import partners
from netmap.web.people import people
from netmap.web.prints import prints
from netmap.web.provider import provider
from netmap.web.provider_links import provider_links
from netmap.web.reach import reaching
from netmap.web.readiness import ready
from netmap.web.ringing import ringing
from netmap.web.rules import rules
from netmap.web.saved import saved
from netmap.web.search import search
from netmap.web.settlement_contacts import settlement_contacts
from netmap.web.source_conflicts import source_conflicts
from netmap.web.territories import lands
from netmap.web.ties import ties
from netmap.web.typing import typing
from netmap.web.unfit import unfit
from netmap.web.unmet import unmet
from netmap.web.upkeep import upkeep
from netmap.web.vacancies import vacancies
from netmap.web.walking import walking_pages
from netmap.web.whatif import what_if
from netmap.web.workload import workload

BLUEPRINTS = (
    colleagues,
    settlement_contacts,
    duplicates,
    prints,
    leaflets,
    dossier,
    partners,
    history,
    account,
    areas,
    auditing,
    corrections,
    curating,
    demand,
    directory,
    drafts,
    editing,
    criteria,
    exercises,
    feeds,
    home,
    importing,
    judging,
    lands,
    light,
    locations,
    matching,
    matching_choice,
    entry,
    matching_sheet,
    mistakes,
    network,
    network_map,
    network_matrix,
    ties,
    walking_pages,
    new_sites,
    organizations_editor,
    package_curation,
    packages,
    people,
    provider,
    provider_links,
    reaching,
    ready,
    ringing,
    rules,
    saved,
    search,
    source_conflicts,
    typing,
    unfit,
    unmet,
    upkeep,
    vacancies,
    workload,
    what_if,
)  # fmt: skip
