"""A YAML text and one value that shall be another into the change of its characters that does just that."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from publisher.errors import SourceError
from publisher.source.document import Loc
from publisher.source.edits import EditError, Span, index_of, value_with
from publisher.source.frontmatter import parse_yaml


@dataclass(frozen=True, slots=True)
class _Spot:
    """A value with its key (None in a list) and the way to it."""

    loc: Loc
    key: yaml.Node | None
    node: Any  # what PyYAML makes: a scalar, a list or a mapping


def edit_yaml(text: str, line: int, column: int, old: str, new: str, key: str = "") -> Span:
    """Return the change by which the value `old` at a place is `new`; "" stands for one that is not there.

    Whatever way the value is written (plain, in quotes, folded, in a flow), every other value stays the same:
    that is tried out before the change is returned.

    Raises:
        EditError: something else stands there, or no way of writing it keeps all else as it is.
    """
    if ":" in key or "@" in key:  # the name of an element, which the sources do not know
        if not old:
            raise EditError("it is not clear under which key it belongs")
        key = ""
    try:
        data = parse_yaml(text, "").data
        root = yaml.compose(text, Loader=yaml.CBaseLoader)
    except (SourceError, yaml.YAMLError) as error:
        raise EditError("the file cannot be read as it is") from error
    if not isinstance(root, yaml.MappingNode):
        raise EditError("the file holds no `key: value` pairs yet")
    spots = [*_walk(root, ())]
    at = (line - 1, max(column, 1) - 1)
    for spot in spots:
        if spot.key is not None and old == spot.key.value and _start(spot.key) == at and not key:
            return _renamed(text, spot, new, data)
    found = _find(spots, at, key)
    if isinstance(found.node, yaml.MappingNode):
        if old or not key:
            raise EditError("there is no single value at this place")
        return _added(text, found, key, new, data)
    if not isinstance(found.node, yaml.ScalarNode):
        raise EditError("there is a list at this place")
    if found.loc[-1:] == ("guid",) and found.node.value:
        raise EditError("a guid never changes")
    if not old and found.node.value:
        raise EditError(f"`{key}` is there already")
    wanted = value_with(found.node.value, old, new)
    expected = _set(data, found.loc, wanted)
    start, end = _bounds(text, found.node)
    for way in _ways(text[start:end], found, old, new, wanted):
        span = Span(start, end, way)
        if _gives(text, span, expected):
            return _narrow(text, span)
    raise EditError("it cannot be written there without changing something else")


def _walk(node: yaml.Node, loc: Loc, key: yaml.Node | None = None) -> Iterator[_Spot]:
    yield _Spot(loc, key, node)
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            yield from _walk(value, (*loc, key_node.value), key_node)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _walk(value, (*loc, number))


def _start(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line, node.start_mark.column


def _find(spots: list[_Spot], at: tuple[int, int], key: str) -> _Spot:
    """Return the value at a place, or the one of `key` in the mapping there; the first line is the whole."""
    maps = [spot for spot in spots if isinstance(spot.node, yaml.MappingNode)]
    here = [spot for spot in maps if _start(spot.node) == at]
    scalars = [
        spot
        for spot in spots
        if isinstance(spot.node, yaml.ScalarNode)
        and (_start(spot.node) == at or (spot.key is not None and _start(spot.key) == at))
    ]
    if key:
        named = [spot for spot in scalars if spot.loc[-1:] == (key,)]
        inside = [spot for spot in spots for own in (here or maps[:1]) if spot.loc == (*own.loc, key)]
        return (named or inside or here or maps[:1])[0]
    if not scalars:
        raise EditError("there is no value at this place")
    return scalars[0]


def _bounds(text: str, node: Any) -> tuple[int, int]:  # noqa: ANN401 - a scalar
    start = index_of(text, node.start_mark.line + 1, node.start_mark.column + 1)
    end = index_of(text, node.end_mark.line + 1, node.end_mark.column + 1) if node.end_mark else start
    raw = text[start:end]
    return start, start + len(raw.rstrip(" \n")) if node.style not in {"'", '"'} else end


def _ways(raw: str, spot: _Spot, old: str, new: str, wanted: str) -> Iterator[str]:
    """Yield how the value could be written, the one nearest to what stands there first."""
    style = spot.node.style or None
    if old and old in raw:
        yield raw.replace(old, new)
    before, after = re.split(r"(\s+)", raw), wanted.split()
    words = raw.split()
    head = 1 if style in {"|", ">"} else 0  # what stands behind the sign of a block
    if style in {"|", ">", None} and len(words) - head == len(after):
        numbers = [number for number, part in enumerate(before) if part and not part.isspace()][head:]
        for number, word in zip(numbers, after, strict=True):
            before[number] = word
        yield "".join(before)
    if style == "'":
        yield "'" + wanted.replace("'", "''") + "'"
    elif style in {"|", ">"}:
        header, _, body = raw.partition("\n")
        indent = re.match(r"[ ]*", body)
        margin = indent[0] if indent else "  "
        folded = "\n" + margin if header.startswith(">") else ""
        yield header + "".join(
            f"\n{margin}{line}" if line else "\n" for line in wanted.strip("\n").split("\n")
        )
        if folded:
            yield header + "".join(f"\n{margin}{line}\n" for line in wanted.strip("\n").split("\n"))
    elif style is None and "\n" not in wanted:
        yield wanted if raw else f" {wanted}"
    quoted = json.dumps(wanted, ensure_ascii=False)
    yield quoted if raw else f" {quoted}"


def _added(text: str, spot: _Spot, key: str, new: str, data: dict[str, Any]) -> Span:
    """Add a key to a mapping: at the end of the whole file, else before the first of its keys."""
    expected = _set(data, (*spot.loc, key), new)
    start = index_of(text, spot.node.start_mark.line + 1, spot.node.start_mark.column + 1)
    ways = [new] if "\n" not in new else []
    for written in (*ways, json.dumps(new, ensure_ascii=False)):
        if text.startswith("{", start):
            spans = [Span(start + 1, start + 1, f"{key}: {written}" + (", " if spot.node.value else ""))]
        elif not spot.loc:
            end = len(text.rstrip("\n"))
            spans = [Span(end, end, f"\n{key}: {written}")]
        else:
            spans = [Span(start, start, f"{key}: {written}\n" + " " * spot.node.start_mark.column)]
        for span in spans:
            if _gives(text, span, expected):
                return span
    raise EditError(f"`{key}` cannot be added without changing something else")


def _renamed(text: str, spot: _Spot, new: str, data: dict[str, Any]) -> Span:
    """Give a key another name; it may not be there already."""
    assert spot.key is not None
    start, end = _bounds(text, spot.key)
    around = _at(data, spot.loc[:-1])
    if new in around or spot.key.value == "guid":
        raise EditError(f"`{new}` is there already")
    items = {(new if name == spot.loc[-1] else name): value for name, value in around.items()}
    expected = _set(data, spot.loc[:-1], items)
    span = Span(start, end, new)
    if not _gives(text, span, expected):
        raise EditError("it cannot be named so without changing something else")
    return span


def _at(data: Any, loc: Loc) -> Any:  # noqa: ANN401 - nested dicts, lists and text
    for part in loc:
        data = data[part]
    return data


def _set(data: dict[str, Any], loc: Loc, value: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    if not loc:
        return dict(value)
    changed = copy.deepcopy(data)
    _at(changed, loc[:-1])[loc[-1]] = value
    return changed


def _gives(text: str, span: Span, expected: dict[str, Any]) -> bool:
    try:
        found = parse_yaml(text[: span.start] + span.text + text[span.end :], "").data
    except SourceError:
        return False
    return bool(found == expected)


def _narrow(text: str, span: Span) -> Span:
    """Leave out what stays the same at both ends, so that two changes of one value can both be made."""
    old, new = text[span.start : span.end], span.text
    most = min(len(old), len(new))
    front = next((number for number in range(most) if old[number] != new[number]), most)
    most -= front
    back = next((number for number in range(most) if old[-1 - number] != new[-1 - number]), most)
    return Span(span.start + front, span.end - back, new[front : len(new) - back])
