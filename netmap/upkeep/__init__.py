"""Keeping netmap healthy: what is wrong and how to mend it, backups, and bringing one back."""
