"""TOML: the standard library's values, each with its place."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.source.document import Loc
from publisher.source.tomlplaces import parse_toml

TEXT = '''# a comment
[show]
title = "Rising" # why
owner = { name = "A", email = "a@example.org" }
categories = [
  "Education",  # first
  "Government",
]
text = """
[not.a.table]
key = 1
"""
a.b."c d" = 1

[[people]]
id = "one"
[people.more]
x = 1
[[people]]
id = 'two'

[targets."pro duction"]
url = "s3://x"
'''


def locs(value: Any, loc: Loc = ()) -> list[Loc]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [loc, *(inner for key, child in children for inner in locs(child, (*loc, key)))]


@pytest.mark.parametrize(
    ("loc", "value", "key"),
    [
        (("show", "title"), "3:9", "3:1"),
        (("show", "owner", "email"), "4:31", "4:23"),
        (("show", "categories", 1), "7:3", "7:3"),
        (("show", "a", "b", "c d"), "13:13", "13:1"),
        (("people", 0, "more", "x"), "18:5", "18:1"),
        (("people", 1, "id"), "20:6", "20:1"),
        (("targets", "pro duction", "url"), "23:7", "23:1"),
    ],
)
def test_values_and_keys_know_their_place(loc: Loc, value: str, key: str) -> None:
    document = parse_toml(TEXT, "show.toml")
    assert str(document.place_of(loc)) == f"show.toml:{value}"
    assert str(document.place_of(loc, key=True)) == f"show.toml:{key}"


def test_the_values_are_the_standard_library_s() -> None:
    assert parse_toml(TEXT, "show.toml").data == tomllib.loads(TEXT)


@pytest.mark.parametrize(
    ("text", "place"),
    [("[show]\ntitle = x\n", "show.toml:2:9"), ("a = 1\na = 2", "show.toml:2:6"), ("[show", "show.toml:1:6")],
)
def test_broken_toml_is_refused_at_its_place(text: str, place: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_toml(text, "show.toml")
    assert str(caught.value.place) == place


_KEYS = st.text("abc-_", min_size=1, max_size=4)
_SCALARS = (
    st.integers(-99, 99).map(str)
    | st.booleans().map(lambda flag: str(flag).lower())
    | st.text("ab [#{=.'\u00ed", max_size=6).map(lambda text: f'"{text}"')
)


def _inline(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.dictionaries(_KEYS, children, max_size=3)
    tables = pairs.map(
        lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
    )
    arrays = st.lists(children, max_size=3).map(lambda items: "[" + ",\n ".join(items) + "]")
    return tables | arrays


_VALUES = st.recursive(_SCALARS, _inline, max_leaves=6)


@given(st.dictionaries(_KEYS, st.dictionaries(_KEYS, _VALUES, max_size=3), max_size=3))
def test_every_value_has_a_place(tables: dict[str, dict[str, str]]) -> None:
    lines = [
        f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
        for name, table in tables.items()
    ]
    document = parse_toml("\n".join(lines), "show.toml")
    assert set(locs(document.data)) - {()} <= set(document.values)


@given(st.text(max_size=100))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        parse_toml(text, "show.toml")
    except SourceError as error:
        assert error.place is not None
