"""How many examples to try: a few in every run, many in `make test-deep`."""

from __future__ import annotations

from hypothesis import settings


def examples(usual: int, deep: int) -> int:
    """Return how many examples a test tries in this run."""
    return deep if settings().max_examples > settings.get_profile("house").max_examples else usual
