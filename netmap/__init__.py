"""netmap: who helps with what, where, for whom, and what is missing."""

__version__ = "0.1.0rc1"
