"""The numbers of books and papers, as people write them, to the one form in which they are kept."""

from __future__ import annotations

import re

_DOI_IN_FRONT = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+")


def read_isbn(text: str) -> str:
    """Return an ISBN-13 or ISBN-10 as it was written, without spaces around it (ISO 2108).

    Raises:
        ValueError: it has another length, or its check digit says that a digit is wrong.
    """
    written = re.sub(r"^ISBN(?:-1[03])?:?\s*", "", text.strip(), flags=re.IGNORECASE)
    digits = re.sub(r"[\s\u2010-\u2015-]", "", written).upper()
    if not re.fullmatch(r"\d{9}[\dX]|97[89]\d{10}", digits):
        raise ValueError(f"{text!r} is no ISBN | write the 13 digits behind ISBN, or the 10 of an older book")
    if len(digits) == 10:
        weighed = sum((10 - at) * (10 if digit == "X" else int(digit)) for at, digit in enumerate(digits))
        is_right = weighed % 11 == 0
    else:
        is_right = sum((1, 3)[at % 2] * int(digit) for at, digit in enumerate(digits)) % 10 == 0
    if not is_right:
        raise ValueError(f"{text!r} has a wrong digit: its last one does not fit | compare it with the book")
    return written


def read_doi(text: str) -> str:
    """Return a DOI without the address or word in front of it (ISO 26324).

    Raises:
        ValueError: it is none.
    """
    doi = _DOI_IN_FRONT.sub("", text.strip(), count=1)
    if not _DOI.fullmatch(doi):
        raise ValueError(f"{text!r} is no DOI | write it as 10.1000/182, or as https://doi.org/10.1000/182")
    return doi
