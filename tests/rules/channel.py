"""Samples of the groups CH and APL."""

from __future__ import annotations

from rules.samples import bad, good

SAMPLES = (
    bad("CH-013", ('href="https://media.example.org/ink/feed.xml"', 'href="feed.xml"'), at="<atom:link"),
    good("CH-013"),
)
