"""A TOML text and one value that shall be another into the change of its characters that does just that."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from publisher.source.document import Loc
from publisher.source.edits import EditError, Span, index_of, value_with
from publisher.source.tomlplaces import TomlSpans, scan_toml

_BARE = re.compile(r"true|false|[0-9]{1,9}|\d{4}-\d\d-\d\d")


def edit_toml(text: str, line: int, column: int, old: str, new: str, key: str = "") -> Span:
    """Return the change by which the value `old` at a place is `new`; "" stands for one that is not there.

    Raises:
        EditError: something else stands there, or no way of writing it keeps all else as it is.
    """
    if ":" in key or "@" in key:  # the name of an element, which the sources do not know
        if not old:
            raise EditError("it is not clear under which key it belongs")
        key = ""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise EditError("the file cannot be read as it is") from error
    spans = scan_toml(text)
    at = index_of(text, line, column)
    if not key:
        renamed = next((loc for loc, start in spans.keys.items() if start == at and loc[-1] == old), None)
        if renamed is not None:
            return _renamed(text, at, renamed, new, data)
    loc = _find(spans, data, at, key)
    known = _at(data, loc)
    if isinstance(known, dict):
        if old or not key:
            raise EditError("there is no single value at this place")
        return _added(text, spans, (*loc, key), new, data)
    if isinstance(known, list):
        raise EditError("there is a list at this place")
    if loc[-1:] == ("guid",) and known:
        raise EditError("a guid never changes")
    start, end = spans.values[loc]
    raw = text[start:end]
    written = known if isinstance(known, str) else raw
    if not old and written:
        raise EditError(f"`{key}` is there already")
    wanted = value_with(written, old, new)
    for way, value in _ways(raw, old, new, wanted):
        span = Span(start, end, way)
        if _gives(text, span, _set(data, loc, value)):
            return span
    raise EditError("it cannot be written there without changing something else")


def _find(spans: TomlSpans, data: dict[str, Any], at: int, key: str) -> Loc:
    """Return the way to the value at an index, or to the one of `key` in the table there."""
    here = [loc for loc, (start, _) in spans.values.items() if start == at]
    here += [loc for loc, start in spans.keys.items() if start == at and loc in spans.values]
    if key:
        tables = [loc for loc in here if isinstance(_at(data, loc), dict)]
        named = [loc for loc in here if loc[-1:] == (key,)]
        inside = [(*loc, key) for loc in (tables or [()]) if (*loc, key) in spans.values]
        return (named or inside or tables[-1:] or [()])[0]
    scalars = [loc for loc in here if not isinstance(_at(data, loc), dict | list)]
    if not scalars:
        raise EditError("there is no value at this place")
    return scalars[0]


def _ways(raw: str, old: str, new: str, wanted: str) -> Iterator[tuple[str, Any]]:
    """Yield how the value could be written, and what it then is; the nearest to what stands there first."""
    if {old.casefold(), new} & {"yes", "no", "on", "off"} and new in {"true", "false"}:
        yield new, new == "true"
    if raw[:1] in {'"', "'"}:
        if old and old in raw:
            yield raw.replace(old, new), wanted
        if raw.startswith("'") and not raw.startswith("'''"):
            yield f"'{wanted}'", wanted
    elif _BARE.fullmatch(new):
        yield new, tomllib.loads(f"x = {new}")["x"]
    yield json.dumps(wanted, ensure_ascii=False), wanted


def _added(text: str, spans: TomlSpans, loc: Loc, new: str, data: dict[str, Any]) -> Span:
    """Add a key to a table: behind the last of its own lines."""
    if not loc[:-1]:
        raise EditError("it is not clear in which table it belongs")
    written = new if _BARE.fullmatch(new) and not new[:1].isdigit() else json.dumps(new, ensure_ascii=False)
    value = tomllib.loads(f"x = {written}")["x"]
    start = spans.values[loc[:-1]][0]
    own = [end for way, (_, end) in spans.values.items() if way[:-1] == loc[:-1] and way not in spans.tables]
    if text.startswith("{", start):
        around = _at(data, loc[:-1])
        span = Span(start + 1, start + 1, f" {loc[-1]} = {written}" + ("," if around else " "))
    else:
        end = text.find("\n", max(own, default=start))
        end = len(text) if end < 0 else end
        span = Span(end, end, f"\n{loc[-1]} = {written}")
    if not _gives(text, span, _set(data, loc, value)):
        raise EditError(f"`{loc[-1]}` cannot be added without changing something else")
    return span


def _renamed(text: str, at: int, loc: Loc, new: str, data: dict[str, Any]) -> Span:
    """Give a key another name; it may not be there already."""
    around = _at(data, loc[:-1])
    old = str(loc[-1])
    if new in around or old == "guid" or not text.startswith(old, at):
        raise EditError("it cannot be named so without changing something else")
    expected = copy.deepcopy(data)
    inner = _at(expected, loc[:-1])
    inner[new] = inner.pop(old)
    span = Span(at, at + len(old), new)
    if not _gives(text, span, expected):
        raise EditError("it cannot be named so without changing something else")
    return span


def _at(data: Any, loc: Loc) -> Any:  # noqa: ANN401 - nested dicts, lists and plain values
    for part in loc:
        data = data[part]
    return data


def _set(data: dict[str, Any], loc: Loc, value: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    changed = copy.deepcopy(data)
    _at(changed, loc[:-1])[loc[-1]] = value
    return changed


def _gives(text: str, span: Span, expected: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(text[: span.start] + span.text + text[span.end :]) == expected
    except tomllib.TOMLDecodeError:
        return False
