"""A made-up directory that fills every table of HSDS 3.1 and netmap's own, once or twice."""

import csv
from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, list[dict[str, str]]]

WHOLE: Files = {
    "organizations": [
        {"id": "house", "name": "Open House", "description": "Beds &amp;amp; soup", "kind": "ngo",
         "email": "hello@house.example", "website": "https://house.example",
         "logo": "https://house.example/logo.png", "year_incorporated": "1999"},
        {"id": "bakery", "name": "Corner Bakery", "kind": "employer", "parent_organization_id": ""},
        {"id": "lamp", "name": "The Lamp", "closed_on": "2025-12-31", "successor_id": "house"},
    ],
    "organization_identifiers": [
        {"id": "1", "organization_id": "house", "identifier_scheme": "LT-RC",
         "identifier_type": "Company code", "identifier": "0042"},
    ],
    "programs": [{"id": "winter", "organization_id": "house", "name": "Warm Winter", "description": ""}],
    "services": [
        {"id": "beds", "organization_id": "house", "program_id": "winter", "name": "Night beds",
         "description": "A bed for tonight.", "status": "active", "assured_date": "2026-11-01",
         "minimum_age": "18", "maximum_age": "64,5", "duration": "short", "url": "https://house.example/beds",
         "layer": "circle", "review_days": "90", "alert": "Bring a towel", "alert_until": "2027-01-31",
         "fees_description": "=2+2 euro", "last_modified": "2026-11-02T10:00:00.5Z"},
        {"id": "soup", "organization_id": "house", "name": "Soup", "description": "Hot.",
         "status": "odd word"},
    ],
    "locations": [
        {"id": "hall", "organization_id": "house", "location_type": "physical", "name": "The hall",
         "latitude": "55,52", "longitude": "25.10"},
    ],
    "service_at_location": [{"id": "1", "service_id": "beds", "location_id": "hall"}],
    "addresses": [
        {"id": "1", "location_id": "hall", "address_1": "River Road 1", "city": "Town", "country": "LT"},
    ],
    "contacts": [
        {"id": "nurse", "service_id": "beds", "title": "Night nurse", "department": "Health"},
        {"id": "desk", "organization_id": "bakery", "title": "Office"},
        {"id": "porter", "service_at_location_id": "1", "title": "Porter"},
    ],
    "phones": [
        {"id": "1", "organization_id": "house", "number": "+37060000001", "extension": "007"},
        {"id": "2", "contact_id": "nurse", "number": "112", "extension": "12", "type": "voice"},
        {"id": "3", "service_id": "beds", "number": "+44 1632 960001",
         "description": "day and night"},
    ],
    "schedules": [
        {"id": "1", "service_id": "beds", "byday": "MO,TU", "freq": "WEEKLY", "opens_at": "22:00",
         "closes_at": "06:00", "timezone": "2"},
        {"id": "2", "contact_id": "nurse", "service_id": "beds", "byday": "WE", "opens_at": "9am",
         "closes_at": "11am"},
        {"id": "3", "service_id": "beds", "valid_from": "2026-12-24", "valid_to": "2026-12-26",
         "closed": "yes", "notes": "Christmas"},
        {"id": "4", "service_id": "soup", "byday": "MO", "opens_at": "when the soup is ready"},
        {"id": "5", "service_id": "soup", "freq": "DAILY", "opens_at": "12:00", "closes_at": "13:00"},
    ],
    "languages": [
        {"id": "1", "service_id": "beds", "code": "lt"},
        {"id": "2", "phone_id": "1", "name": "Ukrainian"},
        {"id": "3", "location_id": "hall", "code": "ru", "note": "at the door"},
    ],
    "accessibility": [{"id": "1", "location_id": "hall", "description": "A ramp", "details": "1:12"}],
    "cost_options": [
        {"id": "1", "service_id": "beds", "amount": "0", "currency": "eur"},
        {"id": "2", "service_id": "soup", "amount": "1,5", "currency": "EUR", "valid_to": "2026-12-31"},
    ],
    "required_documents": [{"id": "1", "service_id": "beds", "document": "None"}],
    "service_areas": [
        {"id": "1", "service_id": "soup", "name": "Town"},
        {"id": "2", "service_at_location_id": "1", "name": "The whole county"},
    ],
    "funding": [
        {"id": "1", "organization_id": "house", "source": "City"},
        {"id": "2", "service_id": "beds", "source": "Gifts"},
    ],
    "units": [{"id": "bed", "name": "beds", "scheme": "own"}],
    "service_capacity": [
        {"id": "1", "service_id": "beds", "unit_id": "bed", "available": "2", "maximum": "8",
         "wait_days": "30", "target": "veteran", "updated": "2026-11-03T08:00:00.250Z"},
        {"id": "2", "service_id": "soup", "wait_days": "1"},
    ],
    "url": [
        {"id": "1", "service_id": "beds", "label": "Rules", "url": "https://house.example/rules"},
        {"id": "2", "organization_id": "house", "url": "https://social.example/house"},
    ],
    "taxonomies": [
        {"id": "t", "name": "Thresholds", "uri": "urn:netmap:thresholds"},
        {"id": "s", "name": "Types", "uri": "urn:netmap:service-types"},
    ],
    "taxonomy_terms": [
        {"id": "a", "code": "no_appointment", "name": "No appointment", "taxonomy_id": "t"},
        {"id": "b", "code": "soft_entry", "name": "Soft entry", "parent_id": "a", "taxonomy_id": "t"},
        {"id": "c", "code": "shelter", "name": "Night shelter", "taxonomy": "Types"},
    ],
    "attributes": [
        {"id": "1", "link_entity": "service", "link_id": "beds", "link_type": "threshold",
         "taxonomy_term_id": "a"},
        {"id": "2", "link_entity": "location", "link_id": "hall", "label": "Lift", "value": "none"},
        {"id": "3", "link_entity": "service", "link_id": "beds", "link_type": "service_type",
         "taxonomy_term_id": "c"},
        {"id": "4", "link_entity": "phones", "link_id": "3", "label": "Signal", "value": "weak"},
    ],
    "metadata": [
        {"id": "1", "resource_id": "hall", "resource_type": "location", "last_action_date": "2026-10-01",
         "last_action_type": "update", "field_name": "name", "previous_value": "Hall",
         "replacement_value": "The hall", "updated_by": "the office"},
    ],
    "meta_table_descriptions": [{"id": "1", "name": "services", "language": "en"}],
    "aliases": [
        {"id": "1", "organization_id": "house", "name": "Winter Home", "kind": "former"},
        {"id": "2", "service_id": "beds", "name": "The dormitory"},
    ],
    "service_parties": [
        {"id": "1", "service_id": "beds", "name": "The town council", "role": "decides"},
    ],
    "ties": [
        {"id": "1", "organization_id": "house", "other_organization_id": "bakery", "kind": "agreement",
         "matter": "bread of the day before", "begun": "2026-01-01", "last_contact": "2026-10-30"},
    ],
    "vacancies": [
        {"id": "1", "organization_id": "bakery", "title": "Baker's help", "pay": "800-900 EUR",
         "contact_id": "desk", "places": "2", "attested_by": "Open House", "attested_at": "2026-11-01",
         "valid_to": "2026-12-01"},
    ],
}  # fmt: skip


def write_whole(folder: Path, files: Files = WHOLE) -> Path:
    """Write the files of a directory into a new folder."""
    folder.mkdir()
    for name, rows in files.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder
