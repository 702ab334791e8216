"""Who meets where: organizations and the bodies in which they sit, as a graph of two kinds of nodes. Pure.

Degree, betweenness and closeness are normalised for two kinds (Borgatti & Everett 1997,
doi:10.1016/S0378-8733(96)00301-2): each is set against the most that is possible where lines lead only from
one kind to the other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import networkx as nx
from networkx.algorithms import bipartite

from netmap.network.ties.measures import EXACT_UP_TO

MOST_MEMBERS = 40  # an assumption: in a larger assembly, to sit together says next to nothing of two

Node = tuple[str, str]
ORGANIZATION, BODY = "organization", "body"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an organization stands among the bodies, or a body among the organizations.

    ``count`` is in how many bodies an organization sits, or how many sit in a body; ``share`` the same as a
    share of all (degree). ``between`` is the share of shortest ways that lead through it (betweenness), None
    where there is only one of the other kind. ``near`` is 1 where everything else is as few steps away as
    can be, and 0 where nothing is reached (closeness). Both are None where there are too many to count.
    """

    count: int
    share: float
    between: float | None
    near: float | None


@dataclass(frozen=True)
class Meeting:
    """How every organization that sits anywhere, and every body in which one sits, stands."""

    organizations: Mapping[str, Standing]
    bodies: Mapping[str, Standing]


def meeting(bodies: Mapping[str, Collection[str]], exact_up_to: int = EXACT_UP_TO) -> Meeting:
    """Return how organizations and bodies stand by who sits where.

    Parameters
    ----------
    bodies : mapping
        Body -> the organizations in it; one without any is left out.
    exact_up_to : int
        With more nodes than these, betweenness and closeness are left out.

    Examples
    --------
    >>> found = meeting({"council": ["a", "b"], "board": ["b", "c"]})
    >>> found.organizations["b"]
    Standing(count=2, share=1.0, between=1.0, near=1.0)
    >>> found.bodies["council"].count, round(found.bodies["council"].share, 2)
    (2, 0.67)
    """
    graph: nx.Graph[Node] = nx.Graph()
    for body, members in bodies.items():
        graph.add_edges_from(((ORGANIZATION, one), (BODY, body)) for one in members)
    if not len(graph):
        return Meeting({}, {})
    sitting = {node for node in graph if node[0] == ORGANIZATION}
    shares = bipartite.degree_centrality(graph, sitting)
    few, several = len(graph) <= exact_up_to, 1 < len(sitting) < len(graph) - 1
    between = bipartite.betweenness_centrality(graph, sitting) if few and several else {}
    near = _nearness(graph, sitting) if few else {}
    found: dict[str, dict[str, Standing]] = {ORGANIZATION: {}, BODY: {}}
    for node in sorted(graph):
        standing = Standing(graph.degree(node), shares[node], between.get(node), near.get(node))
        found[node[0]][node[1]] = standing
    return Meeting(found[ORGANIZATION], found[BODY])


def _nearness(graph: "nx.Graph[Node]", sitting: Collection[Node]) -> dict[Node, float]:
    """Return the closeness of each node within its part, times the share of the others that it reaches.

    networkx sets the steps inside a part against the size of the whole, which comes to more than 1 where
    the graph falls into parts; so each part is asked for itself.
    """
    found: dict[Node, float] = {}
    for part in nx.connected_components(graph):
        reached = (len(part) - 1) / (len(graph) - 1)
        inside = bipartite.closeness_centrality(graph.subgraph(part), [one for one in part if one in sitting])
        found |= {node: value * reached for node, value in inside.items()}
    return found
