"""Turn sources, items and feeds into findings."""
