"""Which add-ons of a package a client does not need. Pure."""

from netmap.matching.facts import Client
from netmap.packages.document import Document


def not_asked_for(document: Document, client: Client) -> list[str]:
    """Return the keys of the add-ons whose facts are all "no" and whose needs the client does not have.

    What nobody asked is unknown, and leaves an add-on in.
    """
    there = set(client.has())
    return [
        line.key
        for line in document.lines
        if line.beside
        and line.when
        and all(client.fact(code) == "no" for code in line.when)
        and there.isdisjoint(line.addresses)
    ]
