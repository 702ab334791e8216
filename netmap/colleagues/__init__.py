"""Room: what colleagues know and whom they know, and what becomes of it when one of them leaves."""
