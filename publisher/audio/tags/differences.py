"""Turn what was read from a file and what should be there into the differences, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def differences(found: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    """Say every value that is another one, is missing or is there without need; both are by their names."""
    for label in dict.fromkeys((*wanted, *found)):
        is_value, should_be = found.get(label, ""), wanted.get(label, "")
        if is_value != should_be:
            yield f"the {label} is {short(is_value)}, should be {short(should_be)}"


def short(text: str) -> str:
    """Return a text as a message can hold it."""
    return repr(text if len(text) <= 60 else f"{text[:57]}…") if text else "empty"
