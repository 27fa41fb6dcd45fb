"""Front matter: YAML 1.2 core, strict, with places."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.source.frontmatter import parse_yaml, split_front_matter

EPISODE = """---
title: Part I
people: [{id: mark, role: guest}]
chapters:
  - {at: "00:10", title: Welcome}
---

Hello.
"""


def problems_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(SourceError) as caught:
        parse_yaml(text, "e.md")
    return [(str(problem.place), problem.message) for problem in caught.value.problems]


def test_front_matter_and_notes_part_at_the_second_fence() -> None:
    front, notes, line = split_front_matter(EPISODE, "e.md")
    assert front.startswith("title:")
    assert (notes, line) == ("Hello.", 8)
    assert EPISODE.splitlines()[line - 1] == "Hello."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: x\n", "does not start with ---"),
        ("---\ntitle: x\n", "not closed"),
        ("---\n" + "x" * 70_000 + "\n---\n", "larger than 64 KB"),
    ],
)
def test_a_broken_fence_is_named(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        split_front_matter(text, "e.md")


@pytest.mark.parametrize(
    "written", ["no", "1:08:22", "010", "0x1F", "2026-01-02", "1e3", "on", "True", "=", "<<"]
)
def test_plain_values_stay_what_was_written(written: str) -> None:
    assert parse_yaml(f"title: {written}", "e.md").data == {"title": written}


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_empty_values_are_none_but_quoted_ones_are_text(written: str) -> None:
    document = parse_yaml(f"plain: {written}\nquoted: '{written}'", "e.md")
    assert document.data == {"plain": None, "quoted": written}


def test_every_value_and_key_knows_its_place() -> None:
    front, _, _ = split_front_matter(EPISODE, "e.md")
    document = parse_yaml(front, "e.md", first_line=2)
    assert str(document.place_of(("people", 0, "role"))) == "e.md:3:27"
    assert str(document.place_of(("people", 0, "role"), key=True)) == "e.md:3:21"
    assert str(document.place_of(("chapters", 0, "at"))) == "e.md:5:10"
    assert str(document.place_of(("chapters", 0, "nothing"))) == "e.md:5:5"


def test_repeated_keys_are_all_reported_with_both_lines() -> None:
    assert problems_of("a: 1\nb: 2\na: 3\nb: 4") == [
        ("e.md:3:1", "`a` stands here a second time (first on line 1)"),
        ("e.md:4:1", "`b` stands here a second time (first on line 2)"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: &x 1\nb: *x", "e.md:1:4", "anchor `x` is not allowed"),
        ("a: !!python/object/apply:os.system [ls]", "e.md:1:4", "is not allowed"),
        ("? [a]\n: b", "e.md:1:3", "a key must be one word"),
        ("- a", "e.md:1:1", "not a list of `key: value` pairs"),
        ("a: b: c", "e.md:1:5", "cannot be understood"),
        ("a: 'b", "e.md:1:6", "cannot be understood"),
        ("a: 1\n---\nb: 2", "e.md:2:1", "cannot be understood"),
        ("a: [" + "[" * 20 + "]" * 20 + "]", "e.md:1:15", "levels inside one another"),
    ],
)
def test_what_is_not_allowed_is_refused_at_its_place(text: str, place: str, message: str) -> None:
    found = problems_of(text)
    assert found[0][0] == place
    assert message in found[0][1]


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 60_000,
        "- " * 30_000,
        "{a: " * 15_000,
        "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a,*a,*a,*a]\n" for n in range(2_000)),
        "&" * 60_000,
        "? " * 30_000,
    ],
)
def test_bombs_end_at_once(bomb: str) -> None:
    started = time.process_time()
    assert problems_of(bomb)
    assert time.process_time() - started < 10


_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
_TREES = st.recursive(
    _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_TEXTS, _TREES, min_size=1, max_size=4))
def test_what_a_dumper_writes_is_read_back(data: dict[str, object]) -> None:
    text = yaml.dump(data, allow_unicode=True, default_style='"')
    assert parse_yaml(text, "e.md").data == data


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused_with_a_place(text: str) -> None:
    try:
        parse_yaml(text, "e.md")
    except SourceError as error:
        assert all(problem.place and problem.place.file == "e.md" for problem in error.problems)
