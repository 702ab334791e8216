"""How organizations stand to the network: state, contacts, agreements, roles, offers, who decides."""
