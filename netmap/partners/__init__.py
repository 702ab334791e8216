"""How organizations stand to the network: state, contacts, agreements, roles, who offers what, who decides."""
