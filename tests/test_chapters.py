"""Chapters: text and JSON in, JSON Chapters out, and mistakes told with line and column."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.chapters import chapters_json, read_chapters
from publisher.errors import SourceError
from publisher.model import Chapter


def problems(shown: str, text: str) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read_chapters(shown, text)
    assert all(each.hint for each in caught.value.problems)
    return [f"{each.place} {each.message}" for each in caught.value.problems]


def test_lines_are_read() -> None:
    text = """
# a remark
00:00 Welcome
  01:10.5 - What changed: 51.6 % to 30.4 %
(1:02:03) Colorín Colorado <https://www.colorincolorado.org>
1:08:22\tThe end – for now
"""
    assert read_chapters("chapters.txt", text) == (
        Chapter(0, "Welcome"),
        Chapter(70_500, "What changed: 51.6 % to 30.4 %"),
        Chapter(3_723_000, "Colorín Colorado", "https://www.colorincolorado.org"),
        Chapter(4_102_000, "The end – for now"),
    )


def test_every_bad_line_is_told_at_once_in_order() -> None:
    text = "Welcome\n00:00 A\n00:00 B\n  01:75 C\n02:00\n\n01:00 D\n0:99:00 E\n"
    assert problems("e/chapters.txt", text) == [
        "e/chapters.txt:1:1 this line does not start with a time",
        "e/chapters.txt:3:1 the chapter at 00:00 comes after the one at 00:00",
        "e/chapters.txt:4:3 '01:75' has more than 59 minutes or seconds",
        "e/chapters.txt:5:1 the chapter at 02:00 has no title",
        "e/chapters.txt:8:1 '0:99:00' has more than 59 minutes or seconds",
    ]


def test_going_back_is_told() -> None:
    assert problems("c.txt", "00:10 A\n00:05 B\n00:07 C\n00:11 D") == [
        "c.txt:2:1 the chapter at 00:05 comes after the one at 00:10",
        "c.txt:3:1 the chapter at 00:07 comes after the one at 00:10",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n"])
def test_a_file_without_chapters_is_told(text: str) -> None:
    assert problems("c.txt", text) == ["c.txt there are no chapters in this file"]


def test_json_is_read_with_silent_chapters_and_unknown_members() -> None:
    text = json.dumps(
        {
            "waypoints": {"chapters": [1]},
            "version": "1.2.0",
            "chapters": [
                {"startTime": 0, "title": " Welcome  all ", "endTime": 5},
                {"startTime": 0, "toc": False, "img": "https://media.example.org/a.jpg"},
                {
                    "startTime": 73.25,
                    "title": "Two",
                    "url": "https://x.example.org",
                    "location": {"name": "x"},
                },
            ],
        },
        indent=2,
    )
    assert read_chapters("c.JSON", text) == (
        Chapter(0, "Welcome all"),
        Chapter(0, "", None, "https://media.example.org/a.jpg", False),
        Chapter(73_250, "Two", "https://x.example.org"),
    )


def test_every_bad_entry_is_told_where_it_stands() -> None:
    text = """{ "chapters" : 7, "a": [1, {"b": "]"}],
 "chapters": [ {"startTime": "0", "title": "A"}, 5,
   {"startTime": 1, "title": ""}, {"startTime": -1, "title": "x"}, {"startTime": true, "title": "x"},
   {"startTime": NaN, "title": "x"}, {"startTime": 2, "title": 3},
   {"startTime": 2, "title": "x", "toc": 1}, {"startTime": 9, "title": "ok"}, {"startTime": 8, "title": "x"},
   {"startTime": 10, "title": "\\ud800"}] }"""
    assert problems("c.json", text) == [
        "c.json:2:16 this chapter's startTime is not a number of seconds",
        "c.json:2:50 this chapter is no object in braces",
        "c.json:3:4 the chapter at 00:01 has no title",
        "c.json:3:35 this chapter's startTime is not a number of seconds",
        "c.json:3:68 this chapter's startTime is not a number of seconds",
        "c.json:4:4 this chapter's startTime is not a number of seconds",
        "c.json:4:38 this chapter's title is not text",
        "c.json:5:4 this chapter's toc is not true or false",
        "c.json:5:79 the chapter at 00:08 comes after the one at 00:09",
        "c.json:6:4 this chapter's title has a character that no feed can carry",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "c.json:1:1 this is not JSON: expecting value"),
        ('{"chapters": [}', "c.json:1:15 this is not JSON: expecting value"),
        ("[]", "c.json:1:1 this JSON has no list “chapters”"),
        ('{"chapters": {}}', "c.json:1:1 this JSON has no list “chapters”"),
        ("[" * 200_000, "c.json this JSON is nested too deeply, or has a number without end"),
        (
            '{"chapters": [' + "9" * 5_000 + "]}",
            "c.json this JSON is nested too deeply, or has a number without end",
        ),
    ],
)
def test_what_is_no_chapters_json_is_told(text: str, message: str) -> None:
    assert problems("c.json", text) == [message]


def test_json_chapters_are_sorted_with_plain_numbers() -> None:
    chapters = [
        Chapter(73_250, "B", "https://x.example.org", "https://x.example.org/b.jpg"),
        Chapter(0, "Colorín “A”"),
        Chapter(100, "", toc=False),
    ]
    assert chapters_json(chapters, title="T").decode() == (
        '{\n "version": "1.2.0",\n "title": "T",\n "chapters": [\n'
        '  {\n   "startTime": 0,\n   "title": "Colorín “A”"\n  },\n'
        '  {\n   "startTime": 0.1,\n   "toc": false\n  },\n'
        '  {\n   "startTime": 73.25,\n   "title": "B",\n   "img": "https://x.example.org/b.jpg",\n'
        '   "url": "https://x.example.org"\n  }\n ]\n}\n'
    )


TITLES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=40).filter(
    lambda title: title == " ".join(title.split()) and title
)


@given(st.lists(st.tuples(st.integers(0, 100_000_000), TITLES), unique_by=lambda each: each[0], max_size=20))
def test_what_is_written_is_read_again(entries: Sequence[tuple[int, str]]) -> None:
    chapters = tuple(Chapter(start, title) for start, title in sorted(entries))
    assert read_chapters("c.json", chapters_json(chapters).decode()) == chapters


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    for shown in ("c.txt", "c.json"):
        try:
            read_chapters(shown, text)
        except SourceError as error:
            if not all(each.message and each.place for each in error.problems):
                raise
