"""What the keys of HSDS JSON mean, 1.x to 3.x: which table an object is, and which row names the other."""

import re

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")


def underscored(key: str) -> str:
    """Return a key as HSDS writes it, where an API writes it in one word.

    Examples
    --------
    >>> underscored("minimumAge"), underscored("physicalAddresses"), underscored("address1")
    ('minimum_age', 'physical_addresses', 'address_1')
    """
    return _HUMP.sub("_", key).casefold()


TABLES = {
    "organization": "organizations", "organizations": "organizations", "parent_organization": "organizations",
    "service": "services", "services": "services",
    "location": "locations", "locations": "locations",
    "service_at_location": "service_at_location", "service_at_locations": "service_at_location",
    "services_at_location": "service_at_location",
    "address": "addresses", "addresses": "addresses",
    "physical_address": "physical_addresses", "physical_addresses": "physical_addresses",
    "postal_address": "postal_addresses", "postal_addresses": "postal_addresses",
    "phone": "phones", "phones": "phones", "contact": "contacts", "contacts": "contacts",
    "schedule": "schedules", "schedules": "schedules",
    "regular_schedule": "regular_schedules", "regular_schedules": "regular_schedules",
    "holiday_schedule": "holiday_schedules", "holiday_schedules": "holiday_schedules",
    "language": "languages", "languages": "languages",
    "accessibility": "accessibility", "accessibility_for_disabilities": "accessibility_for_disabilities",
    "program": "programs", "programs": "programs", "funding": "funding", "fundings": "funding",
    "cost_option": "cost_options", "cost_options": "cost_options",
    "required_document": "required_documents", "required_documents": "required_documents",
    "service_area": "service_areas", "service_areas": "service_areas",
    "attribute": "attributes", "attributes": "attributes", "service_attributes": "service_attributes",
    "service_taxonomy": "service_taxonomy", "service_taxonomies": "service_taxonomy",
    "service_taxonomys": "service_taxonomy", "services_taxonomy": "service_taxonomy",
    "taxonomy": "taxonomy", "taxonomy_detail": "taxonomies", "taxonomies": "taxonomies",
    "taxonomy_term": "taxonomy_terms", "taxonomy_terms": "taxonomy_terms",
    "metadata": "metadata", "organization_identifiers": "organization_identifiers",
    "additional_urls": "url", "additional_websites": "url", "urls": "url",
    "capacities": "service_capacity", "service_capacity": "service_capacity",
    "service_capacities": "service_capacity", "unit": "units", "units": "units",
    "eligibility": "eligibility", "eligibilities": "eligibility", "eligibilitys": "eligibility",
    "payments_accepted": "payments_accepted", "meta_table_descriptions": "meta_table_descriptions",
    "ties": "ties", "vacancies": "vacancies", "aliases": "aliases",
    "parties": "service_parties",
}  # fmt: skip
"""Key -> the table its objects are rows of."""

POINTERS = {
    "organization": "organization_id", "parent_organization": "parent_organization_id",
    "service": "service_id", "location": "location_id", "program": "program_id", "unit": "unit_id",
    "taxonomy": "taxonomy_id", "taxonomy_detail": "taxonomy_id", "taxonomy_term": "taxonomy_term_id",
}  # fmt: skip
"""Keys whose object is named by the row that holds it; all other rows name the row that holds them."""

ENTITIES = {
    "organizations": "organization", "services": "service", "locations": "location",
    "service_at_location": "service_at_location", "contacts": "contact", "phones": "phone",
    "programs": "program", "addresses": "address", "schedules": "schedule", "languages": "language",
    "accessibility": "accessibility", "funding": "funding", "cost_options": "cost_option",
    "required_documents": "required_document", "service_areas": "service_area",
    "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term", "attributes": "attribute",
    "organization_identifiers": "organization_identifier", "service_capacity": "service_capacity",
    "units": "unit", "url": "url", "metadata": "metadata",
}  # fmt: skip
"""Table -> the name that references to it carry."""

TELLING = {
    "organizations": {
        "legal_status", "tax_id", "tax_status", "year_incorporated", "website", "additional_websites",
        "organization_identifiers", "parent_organization_id", "programs", "services", "logo",
    },
    "services": {
        "application_process", "eligibility_description", "fees_description", "organization",
        "organization_id", "service_at_locations", "service_areas", "cost_options", "status", "program",
        "interpretation_services", "minimum_age", "maximum_age", "wait_time", "assured_date",
        "additional_urls", "capacities", "required_documents", "accreditations", "alert", "fees", "licenses",
        "eligibility", "regular_schedules", "service_taxonomys",
    },
    "locations": {
        "location_type", "latitude", "longitude", "addresses", "physical_addresses", "physical_address",
        "accessibility", "transportation", "external_identifier", "postal_addresses",
    },
    "service_at_location": {"service", "location", "service_id", "location_id"},
    "taxonomies": {"version"},
    "taxonomy_terms": {"taxonomy_id", "taxonomy_detail", "parent_id", "term_uri", "taxonomy", "code"},
}  # fmt: skip
"""Keys that only objects of this table have, or nearly so."""
