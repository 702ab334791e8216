"""What the fields of the directory are called in lists of what an import does."""

from collections.abc import Mapping

from netmap.i18n import gettext as _


def field_name(field: str) -> str:
    """Return what a column is called, to stand within a line; one without words is shown as it is."""
    groups = (_records, _places, _people, _hours, _conditions, _lists)
    found = next((words[field] for words in (group() for group in groups) if field in words), None)
    return field.replace("_", " ") if found is None else found[:1].lower() + found[1:]


def _records() -> Mapping[str, str]:
    """Words of organisations and services."""
    return {
        "": _("the whole record"),
        "*": _("every field"),
        "name": _("name"),
        "alternate_name": _("other name"),
        "description": _("description"),
        "organization_id": _("organisation"),
        "program_id": _("programme"),
        "service_id": _("service"),
        "status": _("whether it is offered"),
        "url": _("web address"),
        "website": _("web address"),
        "assured_date": _("last checked"),
        "uri": _("identifier on the web"),
        "logo": _("logo"),
        "year_incorporated": _("year of foundation"),
        "legal_status": _("Legal form"),
        "tax_status": _("tax status"),
        "tax_id": _("Tax number"),
        "parent_organization_id": _("parent organisation"),
        "kind": _("kind"),
        "assurer_email": _("e-mail of whoever checks it"),
        "review_days": _("days between checks"),
        "duty_days": _("days to answer"),
        "alert": _("warning"),
        "alert_until": _("warning until"),
        "closed_on": _("Closed for good on"),
        "successor_id": _("successor"),
        "last_modified": _("last changed"),
        "accreditations": _("accreditations"),
        "licenses": _("Licences"),
        "duration": _("How long the help lasts"),
        "layer": _("layer"),
        "label": _("label"),
        "source": _("Source"),
    }


def _places() -> Mapping[str, str]:
    """Words of places and areas."""
    return {
        "location_id": _("place"),
        "address_1": _("street and number"),
        "address_2": _("second line of the address"),
        "city": _("town"),
        "postal_code": _("postcode"),
        "latitude": _("latitude"),
        "longitude": _("longitude"),
        "transportation": _("how to get there"),
        "location_type": _("Kind of place"),
        "external_identifier": _("number of the place"),
        "external_identifier_type": _("kind of number"),
        "confidential": _("address is confidential"),
        "attention": _("for the attention of"),
        "region": _("Region"),
        "state_province": _("county"),
        "country": _("Country"),
        "address_type": _("kind of address"),
        "service_at_location_id": _("service at a place"),
        "details": _("details"),
        "extent": _("outline of the area"),
        "extent_type": _("kind of outline"),
    }


def _hours() -> Mapping[str, str]:
    """Words of opening hours."""
    return {
        "opens_at": _("opens at"),
        "closes_at": _("closes at"),
        "byday": _("days of the week"),
        "valid_from": _("valid from"),
        "valid_to": _("valid until"),
        "dtstart": _("first day"),
        "timezone": _("time zone"),
        "until": _("last day"),
        "count": _("How many times"),
        "wkst": _("first day of the week"),
        "freq": _("How often"),
        "interval": _("every so many"),
        "byweekno": _("weeks of the year"),
        "bymonthday": _("days of the month"),
        "byyearday": _("days of the year"),
        "schedule_link": _("web address of the hours"),
        "attending_type": _("how one attends"),
        "notes": _("Notes"),
        "closed": _("closed"),
        "unread": _("hours that could not be read"),
    }


def _conditions() -> Mapping[str, str]:
    """Words of what help costs and asks for."""
    return {
        "fees_description": _("cost, in words"),
        "application_process": _("how to apply"),
        "eligibility_description": _("for whom, in words"),
        "minimum_age": _("youngest age"),
        "maximum_age": _("oldest age"),
        "wait_time": _("waiting time"),
        "interpretation_services": _("interpreters"),
        "available": _("free places"),
        "option": _("Price"),
        "currency": _("currency"),
        "amount": _("amount"),
        "amount_description": _("what the amount is for"),
        "document": _("Document"),
        "unit_id": _("unit"),
        "maximum": _("most places"),
        "updated": _("updated on"),
        "wait_days": _("Days of waiting"),
        "target": _("for whom"),
    }


def _people() -> Mapping[str, str]:
    """Words of people, ties and vacancies."""
    return {
        "email": _("e-mail"),
        "number": _("number"),
        "extension": _("extension"),
        "title": _("title"),
        "department": _("Department"),
        "contact_id": _("person to ask for"),
        "type": _("kind of telephone"),
        "phone_id": _("telephone number"),
        "note": _("Note"),
        "other_organization_id": _("Other organisation"),
        "matter": _("matter"),
        "begun": _("since"),
        "ends": _("Until"),
        "review_date": _("to be looked at again on"),
        "last_contact": _("Last contact"),
        "role": _("Role"),
        "pay": _("Pay"),
        "hours": _("hours"),
        "requirements": _("requirements"),
        "places": _("places"),
        "attested_by": _("attested by"),
        "attested_at": _("attested on"),
        "withdrawn_at": _("withdrawn on"),
    }


def _lists() -> Mapping[str, str]:
    """Words of lists of terms and of what a source changed."""
    return {
        "version": _("version"),
        "code": _("Code"),
        "parent_id": _("belongs under"),
        "taxonomy": _("list of terms"),
        "taxonomy_id": _("list of terms"),
        "language": _("language"),
        "term_uri": _("web address of the term"),
        "scheme": _("list of numbers"),
        "identifier": _("identifier"),
        "identifier_scheme": _("list of numbers"),
        "identifier_type": _("kind of identifier"),
        "character_set": _("character set"),
        "link_id": _("linked record"),
        "link_entity": _("kind of linked record"),
        "link_type": _("kind of link"),
        "taxonomy_term_id": _("Term"),
        "value": _("Value"),
        "resource_id": _("Record"),
        "resource_type": _("kind of record"),
        "last_action_date": _("day of the change"),
        "last_action_type": _("kind of change"),
        "field_name": _("Field"),
        "previous_value": _("value before"),
        "replacement_value": _("value after"),
        "updated_by": _("changed by"),
    }
