"""Short forms of a map: a service's types, rules and terms, which in HSDS take three tables each."""

from collections.abc import Iterator

SERVICE_TYPES_URI = "urn:netmap:service-types"
CIRCUMSTANCES_URI = "urn:netmap:circumstances"
VIRTUAL = {
    "service_types": ("service_id", "code"),
    "eligibility_rules": ("service_id", "code", "effect"),
    "service_terms": ("service_id", "term", "code", "taxonomy", "link_type"),
}
"""Table -> the fields that it may have."""


def expand(into: str, row: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the HSDS rows that one row of a short form stands for.

    Examples
    --------
    >>> [table for table, row in expand("service_types", {"service_id": "7", "code": "shelter"})]
    ['taxonomies', 'taxonomy_terms', 'attributes']
    >>> list(expand("service_types", {"service_id": "7", "code": ""}))
    []
    """
    if into == "service_types":
        taxonomy, uri, kind = "netmap service types", SERVICE_TYPES_URI, "service_type"
    elif into == "eligibility_rules":
        taxonomy, uri, kind = (
            "netmap circumstances",
            CIRCUMSTANCES_URI,
            f"eligibility_{row.get('effect', '')}",
        )
    else:
        taxonomy, uri, kind = row.get("taxonomy") or "terms", "", row.get("link_type", "")
    code = row.get("code", "")
    term = code if uri else row.get("term") or code
    if not term:
        return
    taxonomy_id = _id(taxonomy)
    term_id = _id(f"{taxonomy}/{code or term}")
    yield "taxonomies", {"id": taxonomy_id, "name": taxonomy, "uri": uri}
    yield "taxonomy_terms", {"id": term_id, "name": term, "code": code, "taxonomy_id": taxonomy_id}
    yield (
        "attributes",
        {
            "id": _id(f"{row.get('service_id', '')}/{kind}/{term_id}"),
            "link_id": row.get("service_id", ""),
            "link_entity": "service",
            "link_type": kind,
            "taxonomy_term_id": term_id,
        },
    )


def _id(text: str) -> str:
    return text.replace(",", ";")
