"""Files against their shape: every problem, at its place, in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.source.frontmatter import parse_yaml
from publisher.source.schemas import FILES, json_schema
from publisher.source.schemas.episode import EpisodeFile
from publisher.source.schemas.show import ShowFile
from publisher.source.suggesting import did_you_mean
from publisher.source.tomlplaces import parse_toml
from publisher.source.validation import validate

GOOD = "title: x\nguid: g\ndate: 2026-01-01 06:00\n"


def episode_problems(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(SourceError) as caught:
        validate(EpisodeFile, parse_yaml(text, "e.md"))
    return [(str(problem.place), problem.message, problem.hint) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("line", "place", "message", "hint"),
    [
        ("explicit: no", "4:11", "`explicit`: 'no' is neither true nor false", "write false"),
        ("explicit: maybe", "4:11", "`explicit`: 'maybe' is neither true nor false", "write true or false"),
        ("explicit: Clean", "4:11", "`explicit`: 'Clean' is neither true nor false", "write false"),
        ("sumary: x", "4:1", "unknown key `sumary`", "did you mean `summary`?"),
        ("season: one", "4:9", "`season` must be a whole number, not one", "write a whole number such as 2"),
        ("season: 0", "4:9", "`season` must be 1 or more, not 0", "write a larger number"),
        ("type: fulll", "4:7", "`type` must be 'full', 'trailer' or 'bonus', not fulll", "did you mean `full`?"),
        ("people: x", "4:9", "`people` must be a list", "write it as a list, also when there is only one"),
        ("people: [{id: a, rol: b}]", "4:18", "unknown key `rol`", "did you mean `role`?"),
        ("people: [{role: guest}]", "4:10", "`people.id` is missing", "add a line for `id`"),
        ("chapters: [{at: 1:75, title: x}]", "4:17", "`chapters.at`: '1:75' has more than 59 minutes or seconds", "write minutes and seconds, such as 01:10, or 1:08:22"),
        ("corrections: [{date: 2026-02-30, text: x}]", "4:22", "`corrections.date` must be a day such as 2026-01-31, not 2026-02-30", "write year, month and day with hyphens"),
        ("location: {name: x, geo: here}", "4:26", "`location.geo` here has the wrong form", "write geo:latitude,longitude such as geo:35.373,-119.019"),
    ],
)  # fmt: skip
def test_one_mistake_gives_one_problem_at_its_place(line: str, place: str, message: str, hint: str) -> None:
    assert episode_problems(f"{GOOD}{line}\n") == [(f"e.md:{place}", message, hint)]


def test_a_misspelt_required_key_is_one_problem_not_two() -> None:
    found = episode_problems(GOOD.replace("title", "titel"))
    assert found == [("e.md:1:1", "unknown key `titel`", "did you mean `title`?")]


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    found = episode_problems("guid: a b\ndate: 2026-01-01 06:00\nseason: x\nexplicit: no\n")
    assert [place for place, _, _ in found] == ["e.md:1:1", "e.md:1:7", "e.md:3:9", "e.md:4:11"]


def test_empty_keys_count_as_absent() -> None:
    file = validate(EpisodeFile, parse_yaml(f"{GOOD}season:\nresources:\nsummary: null\n", "e.md"))
    assert (file.season, file.resources, file.summary) == (None, [], None)


def test_toml_values_must_have_the_right_type() -> None:
    text = '[show]\ntitle = 3\nbase_url = "ftp://x"\n[audio]\nbitrate = 128\n[targets.x]\nurl = "gs://y"\nkey = "k"\n'
    with pytest.raises(SourceError) as caught:
        validate(ShowFile, parse_toml(text, "show.toml"))
    found = {
        str(problem.place): problem for problem in caught.value.problems if "missing" not in problem.message
    }
    assert found["show.toml:2:9"].hint == 'put it in "double quotes"'
    assert "no web address" in found["show.toml:3:12"].message
    assert "kilobits" in found["show.toml:5:11"].hint
    assert found["show.toml:7:7"].hint == "write file:FOLDER or s3://BUCKET/PREFIX"
    assert found["show.toml:8:1"].message == "unknown key `key`"


@pytest.mark.parametrize(
    "url", ["https://user:pass@example.org/", "https://exa mple.org/", "//example.org", "x", "https://[::1"]
)
def test_addresses_that_apps_cannot_open_are_refused(url: str) -> None:
    found = episode_problems(f'{GOOD}chapters: [{{at: "0", title: x, url: "{url}"}}]')
    assert "chapters.url" in found[0][1]


def test_did_you_mean_names_the_nearest_or_the_few_there_are() -> None:
    assert did_you_mean("mark-luqe", ["mark-luque", "ana"]) == "did you mean `mark-luque`?"
    assert did_you_mean("zzz", ["a", "b"]) == "known are: a, b"
    assert did_you_mean("zzz", [str(number) for number in range(20)]) == ""


@pytest.mark.parametrize("name", FILES)
def test_every_format_has_a_json_schema(name: str) -> None:
    schema = json_schema(name)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["type"] == "object"


@given(st.dictionaries(st.sampled_from(sorted(EpisodeFile.model_fields)), st.text(max_size=30), max_size=6))
def test_any_values_are_taken_or_refused_with_a_place(values: dict[str, str]) -> None:
    text = "".join(f"{key}: {value!r}\n" for key, value in values.items())
    try:
        validate(EpisodeFile, parse_yaml(text, "e.md"))
    except SourceError as error:
        assert all(problem.place and problem.message for problem in error.problems)
