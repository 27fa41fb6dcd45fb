"""Findings into plain values that can be written down, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from publisher.errors import Place
from publisher.model.finding import Edit, Finding, Fix

Told = Sequence[Any]
"""The values of a finding in the order of its fields; places, fixes and edits are such rows themselves."""


def told(finding: Finding) -> Told:
    """Return a finding as plain values."""
    fix = finding.fix
    return (
        finding.rule,
        finding.level,
        _place(finding.place),
        finding.message,
        finding.hint,
        fix and (fix.summary, [_edit(edit) for edit in fix.edits], fix.repair, fix.file),
    )


def finding_of(said: Told) -> Finding:
    """Return the finding that was written down."""
    rule, level, place, message, hint, fix = said
    return Finding(rule, level, Place(*place), message, hint, _fix(*fix) if fix else None)


def _place(place: Place) -> Told:
    return (place.file, place.line, place.column)


def _edit(edit: Edit) -> Told:
    return (_place(edit.place), edit.old, edit.new, edit.key)


def _fix(summary: str, edits: Sequence[Told], repair: str, file: str) -> Fix:
    return Fix(summary, tuple(Edit(Place(*place), *rest) for place, *rest in edits), repair, file)
