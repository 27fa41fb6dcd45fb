"""A parsed document into a checked value, or into every problem it has, each at its place in plain words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from publisher.errors import Place, Problem, SourceError
from publisher.guids import FRESH_GUID
from publisher.source.document import Document, Loc
from publisher.source.suggesting import did_you_mean

_Model = TypeVar("_Model", bound=BaseModel)

_MEANT = re.compile(r"write (true|false)")
_WORDS = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number, not {input}",
    "int_from_float": "must be a whole number, not {input}",
    "float_type": "must be a number",
    "float_parsing": "must be a number, not {input}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false, not {input}",
    "list_type": "must be a list",
    "dict_type": "must be a group of `key: value` pairs",
    "model_type": "must be a group of `key: value` pairs",
    "model_attributes_type": "must be a group of `key: value` pairs",
    "string_too_short": "is empty",
    "too_short": "needs at least {min_length}",
    "string_too_long": "is longer than {max_length} characters",
    "greater_than_equal": "must be {ge} or more, not {input}",
    "less_than_equal": "must be {le} or less, not {input}",
    "literal_error": "must be {expected}, not {input}",
    "string_pattern_mismatch": "{input} has the wrong form",
    "date_type": "must be a day such as 2026-01-31",
    "date_parsing": "must be a day such as 2026-01-31, not {input}",
    "date_from_datetime_parsing": "must be a day such as 2026-01-31, not {input}",
    "date_from_datetime_inexact": "must be a day such as 2026-01-31, without a time",
}
_REMEDIES = {
    "string_type": "write one text, in quotes where it has a colon",
    "int_type": "write a whole number such as 2",
    "int_parsing": "write a whole number such as 2",
    "int_from_float": "write a whole number such as 2",
    "float_type": "write a number such as 1.5",
    "float_parsing": "write a number such as 1.5",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "list_type": "write it as a list, also when there is only one",
    "dict_type": "name each value: key and value belong together",
    "model_type": "name each value: key and value belong together",
    "model_attributes_type": "name each value: key and value belong together",
    "string_too_short": "write something, or take the line out",
    "too_short": "add what is missing, or take the line out",
    "string_too_long": "shorten it",
    "greater_than_equal": "write a larger number",
    "less_than_equal": "write a smaller number",
    "date_type": "write year, month and day with hyphens, without quotes in a .toml file",
    "date_parsing": "write year, month and day with hyphens",
    "date_from_datetime_parsing": "write year, month and day with hyphens",
    "date_from_datetime_inexact": "leave the time out",
}
_ANY_REMEDY = "docs/formats.md shows how it is written; without need of it, take it out"
_PATTERN_HINTS = {
    "email": "an address such as podcast@example.org",
    "language": "a language tag such as en, es or en-US",
    "geo": "geo:latitude,longitude such as geo:35.373,-119.019",
    "osm": "an OpenStreetMap id such as R112014",
    "country": "a country code of two capitals such as US",
    "url": "file:FOLDER or s3://BUCKET/PREFIX",
}


def validate(model: type[_Model], document: Document) -> _Model:
    """Check a document against its shape.

    Raises:
        SourceError: every problem of the document.
    """
    value, problems = validate_in_part(model, document, {})
    if problems or value is None:
        raise SourceError(problems)
    return value


def validate_in_part(
    model: type[_Model], document: Document, stand_ins: Mapping[str, Any]
) -> tuple[_Model | None, tuple[Problem, ...]]:
    """Check a document, and return what can be used of it along with every problem.

    What is wrong is left out, and where it is needed a stand-in takes its place, so that the rest can be
    checked further; without a stand-in for a needed key there is no value.
    """
    if not isinstance(document.data, Mapping):
        hint = "write `key: value` pairs below it, two spaces further in"
        return None, (Problem("nothing is said here", document.place_of(()), hint),)
    data = _without_empty(document.data)
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        details = error.errors(include_url=False)
    wrong = {detail["loc"][0] for detail in details}
    usable = {**stand_ins, **{key: value for key, value in data.items() if key not in wrong}}
    try:
        value = model.model_validate(usable)
    except ValidationError:
        value = None
    return value, _problems(details, model, document)


def _problems(details: list[ErrorDetails], model: type[BaseModel], document: Document) -> tuple[Problem, ...]:
    """Say every error in plain words; a misspelt key is not reported as missing besides."""
    misspelt = {_suggestion(detail, model) for detail in details if detail["type"] == "extra_forbidden"}
    problems = [
        _problem(detail, model, document)
        for detail in details
        if detail["type"] != "missing" or detail["loc"] not in misspelt
    ]
    return tuple(sorted(problems, key=by_place))


def by_place(problem: Problem) -> Place:
    """Sort key: problems in the order in which an author meets them."""
    return problem.place or Place("")


def _without_empty(data: Mapping[str, Any]) -> dict[str, Any]:
    """Treat `key:` with nothing behind it as if the key were not there."""
    return {key: value for key, value in data.items() if value is not None}


def _loc(detail: ErrorDetails) -> Loc:
    return tuple(detail["loc"])


def _suggestion(detail: ErrorDetails, model: type[BaseModel]) -> Loc:
    """Return the place in the tree that a misspelt key was probably meant for."""
    loc = _loc(detail)
    near = difflib.get_close_matches(str(loc[-1]), _keys_around(model, loc), n=1)
    return (*loc[:-1], *near)


def _problem(detail: ErrorDetails, model: type[BaseModel], document: Document) -> Problem:
    loc = _loc(detail)
    name = ".".join(str(part) for part in loc if isinstance(part, str))
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = _keys_around(model, loc)
        hint = (
            did_you_mean(str(loc[-1]), known) or "take it out; docs/formats.md lists the keys that there are"
        )
        near = difflib.get_close_matches(str(loc[-1]), known, n=1, cutoff=0.8)
        return Problem(
            f"unknown key `{loc[-1]}`",
            document.place_of(loc, key=True),
            hint,
            written=str(loc[-1]),
            instead=near[0] if near else "",
        )
    if kind == "missing":
        key = str(loc[-1])
        minted = FRESH_GUID if loc == ("guid",) else ""
        return Problem(
            f"`{name}` is missing", document.place_of(loc[:-1]), _missing_hint(key), instead=minted, key=key
        )
    if kind == "value_error":
        message, _, hint = str(detail["ctx"]["error"]).partition(" | ")
        meant = _MEANT.fullmatch(hint) if isinstance(detail["input"], str) else None
        return Problem(
            f"`{name}`: {message}",
            document.place_of(loc),
            hint or _ANY_REMEDY,
            written=str(detail["input"]) if meant else "",
            instead=meant[1] if meant else "",
        )
    words = _WORDS.get(kind, detail["msg"][:1].lower() + detail["msg"][1:])
    context = {"input": _shown(detail["input"]), **detail.get("ctx", {})}
    written, instead = _meant(detail)
    place = document.place_of(loc)
    return Problem(f"`{name}` {words.format(**context)}", place, _remedy(detail), written, instead)


def _meant(detail: ErrorDetails) -> tuple[str, str]:
    """Return what is written and what was meant, where they differ only by case."""
    if detail["type"] != "literal_error" or not isinstance(detail["input"], str):
        return "", ""
    choices = re.findall(r"'([^']+)'", str(detail["ctx"]["expected"]))
    same = [choice for choice in choices if choice == detail["input"].strip().casefold()]
    return (detail["input"], same[0]) if same else ("", "")


def _remedy(detail: ErrorDetails) -> str:
    """Say what to do about an error; there is always something."""
    kind = detail["type"]
    if kind == "string_pattern_mismatch" and (form := _PATTERN_HINTS.get(str(detail["loc"][-1]))):
        return f"write {form}"
    if kind == "string_type" and not isinstance(detail["input"], (dict, list)):
        return 'put it in "double quotes"'
    if kind == "literal_error":
        expected = str(detail["ctx"]["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        return did_you_mean(str(detail["input"]), expected) or "write one of these"
    return _REMEDIES.get(kind, _ANY_REMEDY)


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


def _missing_hint(key: str) -> str:
    if key == "guid":
        return "`publisher new` mints one; a new UUID will do, and it must never change afterwards"
    if key == "date":
        return "add the day and time of publication, such as `date: 2026-01-31 06:00`"
    return f"add a line for `{key}`"


def _keys_around(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """Return the keys that the table around `loc` knows."""
    current: Any = model
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part)
        if field is None:
            continue  # the name of a feed or target, already stepped into
        current = _table_in(field.annotation) or current
    return tuple(current.model_fields)


def _table_in(annotation: object) -> type[BaseModel] | None:
    """Find the table type inside `list[...]`, `dict[...]`, `... | None` or `Annotated[...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _table_in(inner)
        if found:
            return found
    return None
