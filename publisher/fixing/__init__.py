"""Findings and the files they are in into the same files mended, or why they cannot be."""

from publisher.fixing.files import Mended, Outcome, mend, save

__all__ = ["Mended", "Outcome", "mend", "save"]
