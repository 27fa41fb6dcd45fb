"""Samples of the group IT."""

from __future__ import annotations

from rules.samples import bad, good

SAMPLES = (
    bad("IT-011", ("19200456", "14400123"), ("1920789", "14400123"), at="trailer-11cc.mp3"),
    good("IT-011", ("19200456", "14400123")),
    bad("IT-012", ("writing-it-down-22bb.mp3", "reading-it-out-33aa.mp3"), at='length="14400123"'),
    good("IT-012"),
    bad("IT-014", ("5c1f0a52-7a8e-4a3e-8f3a-0d5f8b1c9e22", "0b9f6f0e-53e7-4a86-9f0b-2f6f6c1d7a33"), at='<guid isPermaLink="false">0b9f'),
    good("IT-014"),
    bad("IT-025", ("Tue, 06 Jan 2026", "Tue, 27 Jan 2026"), at="<pubDate>Tue, 27 Jan"),
    good("IT-025"),
)  # fmt: skip
