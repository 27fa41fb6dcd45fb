"""Templates: overriding file by file, escaping, strictness, and mistakes told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.errors import SourceError
from publisher.notes.framing import frame_of
from publisher.templates import Templates, read_templates
from publisher.theme import built_in_folder


def own(folder: Path, **files: str) -> Templates:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_templates(folder)


def test_the_built_in_templates_are_found_in_a_checkout() -> None:
    assert (built_in_folder() / "episode.html").is_file()
    assert "episode.html" in read_templates().sources


def test_a_folder_that_is_missing_is_an_empty_one(tmp_path: Path) -> None:
    assert read_templates(tmp_path / "nowhere").digest() == read_templates().digest()


def test_own_templates_override_file_by_file(tmp_path: Path) -> None:
    templates = own(tmp_path, notes_html="mine")
    assert templates.render("notes.html") == "mine"
    assert templates.text("episode.html") == read_templates().text("episode.html")


def test_own_templates_may_use_parts_of_their_own_and_the_built_in_ones(tmp_path: Path) -> None:
    templates = own(
        tmp_path,
        a_html="{% include 'parts/b.html' %}",
        parts__b_html="{{ text('Resources and tools') }}",
    )
    assert templates.render("a.html") == "Resources and tools"


def test_html_is_escaped_and_text_is_not(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="{{ t }}", a_txt="{{ t }}")
    assert templates.render("a.html", t="<b> & \"'") == "&lt;b&gt; &amp; &#34;&#39;"
    assert templates.render("a.txt", t="<b> & \"'") == "<b> & \"'"


@pytest.mark.parametrize(
    "payload",
    ["{{ 7 * 7 }}", "{% raw %}", "{{ ''.__class__ }}", "{# x #}", "${7*7}", "<%= 7*7 %>", "{{config}}"],
)
def test_values_are_never_compiled(payload: str) -> None:
    text = read_templates().render("notes.txt", corrections=(), body=payload, resources=())
    assert payload in text


def test_a_missing_value_is_told_with_file_and_line(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="one\ntwo\n{{ nothing }}\n")
    with pytest.raises(SourceError) as caught:
        templates.render("a.html")
    (problem,) = caught.value.problems
    assert str(problem.place) == f"{tmp_path / 'a.html'}:3"
    assert "nothing" in problem.message


def test_a_mistake_in_an_included_template_is_told_there(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="{% include 'b.html' %}", b_html="\n{{ 1 / 0 }}")
    with pytest.raises(SourceError) as caught:
        templates.render("a.html")
    assert str(caught.value.place) == f"{tmp_path / 'b.html'}:2"


def test_a_syntax_mistake_is_told_with_file_and_line(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="\n{% if %}")
    with pytest.raises(SourceError) as caught:
        templates.render("a.html")
    assert str(caught.value.place) == f"{tmp_path / 'a.html'}:2"


def test_an_unknown_template_is_named(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="\n\n{% include '../secret.html' %}")
    (tmp_path.parent / "secret.html").write_text("secret")
    with pytest.raises(SourceError, match=r"no template “\.\./secret\.html”") as caught:
        templates.render("a.html")
    assert str(caught.value.place) == f"{tmp_path / 'a.html'}:3"


def test_templates_cannot_reach_python(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="{{ ''.__class__.__mro__ }}")
    with pytest.raises(SourceError):
        templates.render("a.html")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(SourceError, match="leads out of its folder"):
        read_templates(folder)


def test_all_unreadable_templates_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"\xff\xfe")
    (tmp_path / "b.html").write_bytes(b"x" * 1_000_001)
    with pytest.raises(SourceError) as caught:
        read_templates(tmp_path)
    assert [problem.message for problem in caught.value.problems] == [
        "this template is not UTF-8 text",
        "this template is larger than 1 MB",
    ]


def test_hidden_files_backups_and_pictures_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.html", "notes.html~", "logo.png", "README"):
        (tmp_path / name).write_bytes(b"\xff")
    assert read_templates(tmp_path).digest() == read_templates().digest()


def test_the_digest_follows_every_byte_and_name_and_no_folder(tmp_path: Path) -> None:
    one = own(tmp_path / "one", a_html="x")
    assert own(tmp_path / "two", a_html="x").digest() == one.digest()
    assert own(tmp_path / "three", a_html="y").digest() != one.digest()
    assert own(tmp_path / "four", b_html="x").digest() != one.digest()


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"\xef\xbb\xbfone\r\ntwo\r\n")
    assert read_templates(tmp_path).render("a.html") == "one\ntwo\n"


def test_what_stands_around_a_value_is_rendered_once_for_all(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="<p>{{ other }}</p>\n{{ body|safe }}\n{%- if other %}!{% endif %}")
    assert templates.surround("a.html", "body", other="<") == ("<p>&lt;</p>\n", "!")
    assert templates.render("a.html", body="<b>", other="<") == "<p>&lt;</p>\n<b>!"
    before, after = read_templates().surround("notes.html", "body", corrections=(), resources=()) or (
        "?",
        "?",
    )
    assert (before, after.strip()) == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "{{ body }}",
        "{{ body|upper|safe }}",
        "{{ body|safe }}{{ body|safe }}",
        "{% if body %}a{% endif %}{{ body|safe }}",
        "{% if other %}{{ body|safe }}{% endif %}",
        "{% for each in 'ab' %}{{ body|safe }}{% endfor %}",
        "{% filter upper %}{{ body|safe }}{% endfilter %}",
        "{% set x = body|length %}{{ body|safe }}{{ x }}",
        "{% block a %}{% endblock %}{{ body|safe }}",
        "{{ body|safe }}{% include 'more.html' %}",
        "{% macro a() %}{{ body|safe }}{% endmacro %}{{ a() }}",
        "{{ body|safe }}{{ other }}",
        "no value at all",
        "{{ a mistake",
    ],
)
def test_a_template_that_does_more_with_a_value_has_to_see_it(tmp_path: Path, text: str) -> None:
    assert own(tmp_path, a_html=text).surround("a.html", "body", other="\0hole\0") is None


def test_own_frames_of_notes_that_look_at_them_are_rendered_with_each(tmp_path: Path) -> None:
    templates = own(tmp_path, notes_html="{{ body|length }} letters: {{ body|safe }}")
    frame = frame_of(templates, "en", (), ())
    assert frame.around("<p>a</p>") == "8 letters: <p>a</p>"
    assert frame.around("<p>ab</p>") == "9 letters: <p>ab</p>"
    assert frame_of(own(tmp_path, notes_html="<script>{{ body|safe }}"), "en", (), ()).plain is None
