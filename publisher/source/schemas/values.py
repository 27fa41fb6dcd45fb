"""What an author wrote into single checked values: texts, addresses, times, flags."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
)

from publisher.timecodes import parse_timecode


def shown(value: object) -> str:
    """Return what somebody wrote as a message quotes it, cut when it is long."""
    text = str(value)
    return repr(text if len(text) <= 40 else f"{text[:37]}…")


def _true_or_false(value: object) -> object:
    if isinstance(value, str):
        word = value.lower()
        if word in {"true", "false"}:
            return word == "true"
        meant = {"yes": "true", "no": "false", "on": "true", "off": "false", "clean": "false"}.get(word)
        raise ValueError(f"{shown(value)} is neither true nor false | write {meant or 'true or false'}")
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if usable and re.search(r"\s", value):
        raise ValueError(f"{shown(value)} is no web address: it holds a blank | write %20 for each blank")
    if not usable:
        raise ValueError(
            f"{shown(value)} is no web address | write all of it, such as https://example.org/page"
        )
    if parts.username or parts.password:
        raise ValueError("the address holds a name or password | leave them out: everybody can read the feed")
    return value


def _picture(value: str) -> str:
    return _web_address(value) if ":" in value else value


def _guid(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", value):
        raise ValueError(
            f"{shown(value)} cannot be a guid | use at most 255 plain characters without spaces, best a UUID"
        )
    return value


def is_identifier(value: str) -> bool:
    """Tell whether a text can be the id of a person, a resource, a feed or a target."""
    return re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value) is not None


def _identifier(value: str) -> str:
    if not is_identifier(value):
        raise ValueError(
            f"{shown(value)} cannot be an id | use lower-case letters, digits and dashes, such as mark-luque"
        )
    return value


def _time(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_timecode(value)
    except ValueError as error:
        raise ValueError(f"{error} | write minutes and seconds, such as 01:10, or 1:08:22") from error


def _bitrate(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{2,3}k|V[0-9]", value):
        return value
    hint = 'write kilobits a second, such as "128k", or for an MP3 a quality from "V0" to "V9"'
    raise ValueError(f"{shown(value)} is no bit rate | {hint}")


def _bookend(value: object) -> object:
    if value is False or (isinstance(value, str) and value.strip().lower() == "false"):
        return ""
    if value is True or (
        isinstance(value, str) and value.strip().lower() in {"true", "yes", "no", "off", "on"}
    ):
        raise ValueError(f"{shown(value)} is no file | write false for none, or leave the line out")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]


NamespaceText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]


Url = Annotated[Text, AfterValidator(_web_address)]


Picture = Annotated[Text, AfterValidator(_picture)]


Guid = Annotated[Text, AfterValidator(_guid)]


Identifier = Annotated[Text, AfterValidator(_identifier)]


Flag = Annotated[bool, BeforeValidator(_true_or_false)]


Time = Annotated[int, BeforeValidator(_time), Field(ge=0, json_schema_extra={"type": "string"})]


Bitrate = Annotated[str, BeforeValidator(_bitrate)]


Bookend = Annotated[
    str,
    BeforeValidator(_bookend),
    StringConstraints(strip_whitespace=True),
    Field(json_schema_extra={"type": ["string", "boolean"]}),
]


Crossfade = Annotated[float, Field(ge=0, le=60)]


Language = Annotated[Text, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


Positive = Annotated[int, Field(ge=1, le=1_000_000)]


def as_list(value: object) -> object:
    """Let a single text stand for a list of one."""
    return [value] if isinstance(value, str | dict) else value


Languages = Annotated[list[Language], BeforeValidator(as_list, json_schema_input_type=str | list[str])]
