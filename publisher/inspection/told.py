"""Findings into plain values that can be written down, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from publisher.errors import Place
from publisher.model import Edit, Finding, Fix


def told(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values."""
    return asdict(finding)


def finding_of(said: dict[str, Any]) -> Finding:
    """Return the finding that was written down."""
    fix = said["fix"]
    edits = (Edit(Place(**each.pop("place")), **each) for each in fix.pop("edits")) if fix else ()
    mended = Fix(edits=tuple(edits), **fix) if fix else None
    return Finding(said["rule"], said["level"], Place(**said["place"]), said["message"], said["hint"], mended)
