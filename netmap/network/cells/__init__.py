"""Who is there for whom, and why nobody is: cells of area, profile and line of a package. Pure."""
