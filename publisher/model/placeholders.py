"""The words that a new show and a new episode start with, until somebody writes others."""

from __future__ import annotations

SHOW_DESCRIPTION = "say here in two or three sentences what the show is about."
"""What stands behind the title in the description of a new show."""

SHOW_NOTES = "Write the show notes here."
