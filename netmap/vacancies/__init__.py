"""Room: work that employers offer, who answers for it, and when it was last confirmed."""
