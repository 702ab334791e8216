"""What stands in the picture: the lines of packages, who is there for them, and the gaps of the table."""

from collections import defaultdict
from collections.abc import Sequence

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.network.cells.presence import meetings
from netmap.network.gaps import words
from netmap.network.gaps.cards import Card
from netmap.network.gaps.loading import Question
from netmap.network.gaps.views import clients_told, gap_sentence
from netmap.network.picture.graph import Edge, Node, Picture, arrange
from netmap.vocabulary.terms import label

Linked = frozenset[frozenset[str]]


def picture_of(
    question: Question, cards: Sequence[Card], linked: frozenset[frozenset[str]] = frozenset()
) -> Picture:
    """Return the picture of a question, with one node for each of its cards.

    Parameters
    ----------
    question : Question
    cards : sequence of Card
    linked : frozenset of pairs
        The providers that can hand people over; the hand-offs of a single package are drawn.
    """
    lines = [line for profile in question.profiles.values() for line in profile.lines]
    leads = dict.fromkeys((line.need, line.service_type) for line in lines)
    needs, kinds = dict.fromkeys(need for need, _kind in leads), dict.fromkeys(kind for _need, kind in leads)
    nodes = [Node("need", need, label(need), title=label(need)) for need in needs]
    nodes += [Node("type", kind, label(kind), title=label(kind)) for kind in kinds]
    edges = [Edge(f"need:{need}", f"type:{kind}", "leads") for need, kind in leads]
    for card in cards:
        node = _needed(question, card)
        missed = tuple(dict.fromkeys(cell.line.need for cell in card.cells))
        nodes.append(node)
        edges.append(Edge(f"type:{card.service_type}", node.id, "needed", missed))
    providers, ties = _providers(question)
    handed = _hand_offs(question, linked) if len(question.profiles) == 1 else []
    return arrange([*nodes, *providers], [*edges, *ties, *handed])


def _hand_offs(question: Question, linked: Linked) -> list[Edge]:
    """Return the steps that work, between providers, and those that somewhere do not, between types."""
    found: dict[tuple[str, str], Edge] = {}
    for step in question.survey.handoffs:
        for one, other in meetings(step, linked):
            source, target = f"provider:{one}", f"provider:{other}"
            found[source, target] = Edge(source, target, "hands", note=_("they work together"))
        missing = int(step.broken.sum())
        if missing:
            source, target = f"type:{step.first.service_type}", f"type:{step.then.service_type}"
            note = ngettext(
                "no link in %(number)s area where both are there",
                "no link in %(number)s areas where both are there",
                missing,
            )
            found[source, target] = Edge(source, target, "broken", note=note)
    return list(found.values())


def _needed(question: Question, card: Card) -> Node:
    """Return the node of a gap: the same key and the same clients as in the table."""
    needed = _("NEEDED?") if card.doubtful else _("NEEDED")
    clients = clients_told(question, card)
    if clients is not None:
        needed = _("%(needed)s: %(clients)s clients a year", needed=needed, clients=clients)
    return Node(
        "needed",
        card.key,
        needed,
        note=f"{words.kind_name(card)}, {words.label_of(card)}",
        title=gap_sentence(question, card),
        clients=card.clients,
        clients_shown=clients or "",
    )


def _providers(question: Question) -> tuple[list[Node], list[Edge]]:
    """Return the providers that are there for some line, those that serve most first, and their edges."""
    sure: dict[tuple[str, str], int] = defaultdict(int)
    needs: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for link in question.survey.links:
        if link.sure or link.perhaps:
            pair = (link.provider, link.line.service_type)
            sure[pair] = max(sure[pair], link.sure)
            needs[pair][link.line.need] = None
    best: dict[str, int] = {}
    for (provider, _kind), areas in sure.items():
        best[provider] = max(areas, best.get(provider, 0))
    nodes = [_provider(question, key, areas) for key, areas in best.items()]
    edges = [
        Edge(f"type:{kind}", f"provider:{key}", "sure" if sure[key, kind] else "perhaps", tuple(codes))
        for (key, kind), codes in needs.items()
    ]
    return sorted(nodes, key=lambda node: (-best[node.key], node.name, node.key)), edges


def _provider(question: Question, key: str, areas: int) -> Node:
    name = question.names.get(key, key)
    if areas:
        note = ngettext("there for %(number)s area", "there for %(number)s areas", areas)
    else:
        note = _("perhaps: ask first")
    linked = key in question.organizations
    return Node("provider", key, name, note=note, title=f"{name}: {note}", linked=linked)
