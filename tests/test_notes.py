"""Show notes: catalogue links, problems at their place, the allowlist seen by two parsers, and the limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import Place, SourceError
from publisher.model import Correction, Episode, Resource
from publisher.notes import (
    FEED_LIMIT_BYTES,
    check_notes,
    first_sentence_of,
    mail_html,
    plain_text,
    render_notes,
)
from publisher.notes.allowlist import FEED_TAGS, PAGE_TAGS, clean_for_feed, clean_for_page
from publisher.notes.fitting import fit_blocks, fit_words
from publisher.notes.mail import inline_styles
from publisher.templates import read_templates

TEMPLATES = read_templates()
PAGE_URL = "https://media.example.org/rising/episodes/part-one.html"
CATALOGUE = {
    each.id: each
    for each in (
        Resource("cei-website", "CEI Website", "https://californiaengage.org/"),
        Resource(
            "framework",
            "Dual Capacity-Building “Framework” & <more>",
            "https://www.dualcapacity.org/guide.pdf?a=1&b=2",
            by="Dr. Karen Mapp",
        ),
        Resource("colorin-colorado", "Colorín Colorado", "https://www.colorincolorado.org", format="html"),
    )
}
EPISODE = Episode(
    slug="part-one",
    title="Part One",
    guid="3a0d6d5e-3f0f-4b0e-9a0d-0f7f6f9f2f11",
    date=datetime(2026, 8, 6, 13, tzinfo=UTC),
    summary="How a district brought its families in & its students back.",
    notes="",
    notes_line=20,
    source=Place("episodes/part-one/episode.md"),
)


def episode(notes: str, *resources: str, corrections: tuple[Correction, ...] = ()) -> Episode:
    listed = tuple(CATALOGUE[each] for each in resources)
    return replace(EPISODE, notes=notes, resources=listed, corrections=corrections)


def feed(notes: str, *resources: str) -> str:
    return render_notes(episode(notes, *resources), CATALOGUE, TEMPLATES, page_url=PAGE_URL).feed_html


def page(notes: str, *resources: str) -> str:
    return render_notes(episode(notes, *resources), CATALOGUE, TEMPLATES, page_url=PAGE_URL).page_html


def problems(notes: str) -> list[tuple[str, str, str]]:
    return [(str(each.place), each.message, each.hint) for each in check_notes(episode(notes), CATALOGUE)]


# The catalogue


def test_a_reference_becomes_a_link_with_the_authors_words() -> None:
    assert feed("See [the *site*][cei-website].") == (
        '<p>See <a href="https://californiaengage.org/">the <em>site</em></a>.</p>'
    )


@pytest.mark.parametrize("written", ["[][colorin-colorado]", "[colorin-colorado][]", "[colorin-colorado]"])
def test_a_reference_without_words_takes_the_title(written: str) -> None:
    assert feed(written) == '<p><a href="https://www.colorincolorado.org">Colorín Colorado</a></p>'


def test_a_linked_document_says_its_format_once() -> None:
    url = "https://www.dualcapacity.org/guide.pdf?a=1&amp;b=2"
    assert feed("[the guide][framework], [the PDF][framework]") == (
        f'<p><a href="{url}">the guide (PDF)</a>, <a href="{url}">the PDF</a></p>'
    )


def test_a_definition_of_the_author_wins_over_the_catalogue() -> None:
    assert feed("[a][cei-website]\n\n[CEI-website]: https://own.example.org") == (
        '<p><a href="https://own.example.org">a</a></p>'
    )


def test_labels_match_whatever_their_case_and_spaces() -> None:
    capital = {"CEI": Resource("CEI", "CEI", "https://capital.example.org")}
    made = render_notes(episode("[a][CEI]"), capital, TEMPLATES, page_url=PAGE_URL)
    assert made.feed_html == '<p><a href="https://capital.example.org">a</a></p>'
    assert 'href="https://californiaengage.org/"' in feed("[a][ CEI-Website ]")


def test_listed_resources_follow_the_notes_each_once_and_linked_ones_are_not_added() -> None:
    html = page("See [][cei-website].", "framework", "colorin-colorado", "framework")
    listing = html.partition("<h2>Resources and tools</h2>")[2]
    assert listing.count("<li>") == 2
    assert "cei" not in listing
    assert "&lt;more&gt; (PDF)</a>, by Dr. Karen Mapp</li>" in listing
    assert ">Colorín Colorado</a></li>" in listing


def test_without_resources_there_is_no_heading_for_them() -> None:
    assert "Resources" not in page("Text.")


# Problems


@pytest.mark.parametrize(
    ("notes", "place", "message", "hint"),
    [
        ("é [x][cei-webiste]", "20:7", "there is no resource “cei-webiste”", "did you mean “cei-website”?"),
        ("one\n\ntwo [y][]", "22:6", "there is no resource “y”", "catalogue"),
        ("- a\n  > [two\n  > lines][nope]", "22:12", "there is no resource “nope”", "catalogue"),
        ("![alt][nope]", "20:8", "there is no resource “nope”", "catalogue"),
        ("é <b>bold</b>", "20:3", "HTML such as <b>", "**bold**"),
        ("x\n\n<div>\ny\n</div>", "22:1", "HTML such as <div>", "Markdown"),
        ("<script>alert(1)</script>", "20:1", "HTML such as <script>", "leave it out"),
        ("a <svg onload=x> b", "20:3", "HTML such as <svg>", "leave it out"),
        ("x </p>", "20:3", "HTML such as </p>", "empty line"),
        ("<?php 1 ?>", "20:1", "HTML such as <?php 1 ?>", "Markdown"),
        ("[z](foo.html)", "20:1", "“foo.html”", "https://"),
        ("[z](//host/x)", "20:1", "“//host/x”", "https://"),
        ("[z](JavaScript:alert(1))", "20:1", "“JavaScript:alert(1)”", "https:// or mailto:"),
        ("[z](data:text/html,x)", "20:1", "“data:text/html,x”", "https:// or mailto:"),
        ("[z](https://[bad)", "20:1", "“https://[bad”", "https://"),
        ("[z]()", "20:1", "no address", "https://"),
        ("[](https://x.example.org)", "20:1", "no words", "[words]"),
        ("![](https://x.example.org)", "20:1", "no description", "what it shows"),
        ("a [b](https://x.example.org/c d)", "20:6", "has a space", "%20"),
        ("x <!-- a --> y\n\n<!-- b --> text", "22:12", "a line of a remark", "of its own"),
        ("x\n\n<!-- never closed\n\n# lost", "22:1", "has no end", "-->"),
    ],
)
def test_problems_are_told_at_their_place(notes: str, place: str, message: str, hint: str) -> None:
    ((at, said, advice),) = problems(notes)
    assert at == f"episodes/part-one/episode.md:{place}"
    assert message.replace("a line", "the line") in said
    assert hint in advice


def test_all_problems_are_told_at_once_in_order() -> None:
    with pytest.raises(SourceError) as caught:
        feed("[a][no1] <i>x</i>\n\n[b](rel) [c][no2]")
    assert [str(each.place).split(":", 1)[1] for each in caught.value.problems] == [
        "20:5",
        "20:10",
        "22:1",
        "22:14",
    ]


@pytest.mark.parametrize(
    "notes",
    [
        "`[x][nope]` and `<b>`",
        "    [x][nope] <b>\n",
        "```\n[x][nope] <script>\n```",
        "\\[x][0] and [laughter] and 1 < 2 > 0 and a <- b",
        "<https://x.example.org/a> <a@example.org>",
        "&lt;b&gt; &copy; \\<b>",
        "[x](https://x.example.org/ü?q=%20 'title')",
        "<!-- a remark -->\n\ntext <!-- another --> text",
        "[x](<https://x.example.org/a b>)",
    ],
)
def test_what_is_fine_is_left_alone(notes: str) -> None:
    assert problems(notes) == []


def test_remarks_never_reach_readers() -> None:
    notes = "<!-- secret <b> -->\n\none <!-- secret --> two\n\n<!--\nsecret\n\nsecret\n-->\n\nthree"
    made = render_notes(episode(notes), CATALOGUE, TEMPLATES, page_url=PAGE_URL)
    text = plain_text(episode(notes), CATALOGUE, TEMPLATES)
    for output in (made.feed_html, made.page_html, text, mail_html(episode(notes), CATALOGUE, TEMPLATES)):
        assert "secret" not in output
        assert "one" in output
        assert "three" in output


# Feed and page


def test_the_feed_gets_what_podcast_apps_show() -> None:
    notes = "# A\n\n> quote\n\n---\n\n    a <b>\n      c\n\n`d` ![e](https://x.example.org/e.png)"
    assert feed(notes) == (
        "<p><strong>A</strong></p>\n<p>quote</p>\n<p>* * *</p>\n<p>a &lt;b&gt;<br>  c</p>\n"
        '<p>d <a href="https://x.example.org/e.png">e</a></p>'
    )


def test_headings_of_the_page_start_at_two_and_skip_no_rank() -> None:
    html = page("# A\n\n#### B\n\n###### C\n\n## D\n\n# E")
    assert [(each.tag, each.text) for each in lxml.html.fragments_fromstring(html)] == [
        ("h2", "A"),
        ("h3", "B"),
        ("h4", "C"),
        ("h3", "D"),
        ("h2", "E"),
    ]


def test_a_picture_within_a_link_is_its_description() -> None:
    assert feed("[![logo *x*](https://x.example.org/l.png)](https://y.example.org)") == (
        '<p><a href="https://y.example.org">logo x</a></p>'
    )


def test_corrections_come_first_with_their_date() -> None:
    correction = Correction(date(2026, 3, 4), "30.4 %, not <31>.")
    made = render_notes(episode("Text.", corrections=(correction,)), CATALOGUE, TEMPLATES, page_url=PAGE_URL)
    start = "<p><strong>Correction, March 4, 2026:</strong> 30.4 %, not &lt;31&gt;.</p>\n<p>Text.</p>"
    assert made.feed_html == start
    assert made.page_html == start


def test_an_episode_without_notes_shows_its_summary_in_the_feed() -> None:
    assert feed("") == "<p>How a district brought its families in &amp; its students back.</p>"
    assert page("") == ""


def test_goldens(golden: Callable[[str, bytes], None]) -> None:
    notes = (
        "Superintendent and team on [the framework][framework], and on what *changed*.\n\n"
        "## In this episode\n\n- **Families first.** See [][cei-website].\n"
        "- **Whole child.** `1 < 2` & more.\n\n"
        "> A quotation,\n> of two lines.\n\n1. one\n\n   still one\n   - nested\n"
        "2. two\\\n   broken <https://x.example.org>\n"
    )
    this = episode(
        notes,
        "cei-website",
        "framework",
        "colorin-colorado",
        corrections=(Correction(date(2026, 3, 4), "30.4 %."),),
    )
    made = render_notes(this, CATALOGUE, TEMPLATES, page_url=PAGE_URL)
    outputs = {
        "notes-feed.html": made.feed_html,
        "notes-page.html": made.page_html,
        "notes.txt": plain_text(this, CATALOGUE, TEMPLATES),
        "notes-mail.html": mail_html(this, CATALOGUE, TEMPLATES),
    }
    for name, output in outputs.items():
        golden(name, output.encode())


# Size


def size(html: str) -> int:
    return len(html.encode())


def test_long_notes_are_cut_between_blocks_and_keep_the_resources() -> None:
    notes = "\n\n".join(f"## Part {n}\n\nParagraph é {n} " + "word " * 60 for n in range(40))
    html = feed(notes, "framework", "cei-website")
    assert 3_500 < size(html) <= FEED_LIMIT_BYTES
    tree = lxml.html.fragments_fromstring(html)
    texts = ["".join(map(str, each.itertext())).strip() for each in tree]
    more = texts.index("Read the full notes")
    assert texts[more - 1].endswith("word")
    assert texts[more + 1 :] == ["Resources and tools", texts[-1]]
    assert f'<p><a href="{PAGE_URL}">Read the full notes</a></p>' in html
    assert page(notes).count("<p>") == 40


def test_a_long_list_is_cut_between_its_items() -> None:
    html = feed("\n".join(f"- item {n} [site][cei-website]" for n in range(200)))
    assert 3_800 < size(html) <= FEED_LIMIT_BYTES
    assert html.count("<li>") == html.count("</li>") > 40
    assert "</ul>" in html


def test_one_paragraph_of_a_million_letters_gives_way_to_the_summary() -> None:
    html = feed("x" * 1_000_000, "framework")
    assert html.startswith("<p>How a district brought its families in &amp; its students back.</p>")
    assert "Read the full notes" in html
    assert "dualcapacity" in html


def test_even_the_resources_alone_may_be_too_long() -> None:
    many = tuple(Resource(f"r{n}", "T" * 50, f"https://example.org/{n}") for n in range(100))
    made = render_notes(replace(EPISODE, notes="Text.", resources=many), {}, TEMPLATES, page_url=PAGE_URL)
    assert size(made.feed_html) <= FEED_LIMIT_BYTES
    assert made.feed_html.endswith(f'<p><a href="{PAGE_URL}">Read the full notes</a></p>')
    assert made.page_html.count("<li>") == 100


@given(
    st.lists(
        st.sampled_from(
            ["word ", "**bold** ", "&amp; ", "é😀 ", "- a\n", "\n\n", "## H\n\n", "> q\n\n", "1. b\n   - c\n"]
        ),
        max_size=900,
    ),
    st.booleans(),
)
def test_the_feed_never_gets_more_than_the_limit_and_is_always_whole(parts: list[str], listed: bool) -> None:
    notes = "".join(parts)
    resources = ("framework", "cei-website") if listed else ()
    html = feed(notes, *resources)
    assert size(html) <= FEED_LIMIT_BYTES
    assert html == html.strip()
    assert_only(html, FEED_TAGS, {"href"})
    whole = clean_for_feed(page(notes, *resources)) or f"<p>{EPISODE.summary.replace('&', '&amp;')}</p>"
    assert ("Read the full notes" in html) == (size(whole) > FEED_LIMIT_BYTES)
    if size(whole) <= FEED_LIMIT_BYTES and page(notes):
        assert html == whole


# Very much of one thing


def test_a_hundred_lists_within_one_another_are_whole() -> None:
    notes = "".join("  " * depth + f"- {depth}\n" for depth in range(100))
    assert page(notes).count("<ul>") == page(notes).count("</ul>") == 100
    assert plain_text(episode(notes), CATALOGUE, TEMPLATES).endswith(f"{'  ' * 99}- 99\n")


@pytest.mark.parametrize(
    ("notes", "place"),
    [
        (">" * 300_000, "20:221"),
        ("1. " * 100_000, "20:331"),
        ("<b>x</b>\n\n" + "> " * 1_000, "22:441"),
        ("*" * 1_000 + "a" + "*" * 1_000, "20:439"),
    ],
)
def test_what_lies_too_deep_is_pointed_at_before_it_is_taken_apart(notes: str, place: str) -> None:
    told, message, hint = problems(notes)[-1]
    assert message == "lists, quotations or marks lie more than a hundred deep within one another here"
    assert told == f"episodes/part-one/episode.md:{place}"
    assert hint
    with pytest.raises(SourceError):
        page(notes)


def test_of_very_many_mistakes_the_first_are_told_and_the_others_counted() -> None:
    found = problems("<b> " * 100_000)
    assert len(found) == 201
    assert found[199][0] == f"episodes/part-one/episode.md:20:{199 * 4 + 1}"
    assert found[200][:2] == (
        f"episodes/part-one/episode.md:20:{200 * 4 + 1}",
        "99,800 more of the like are in these notes",
    )


@pytest.mark.parametrize(
    "piece", ["&", "& ", "<", "[", "*a ", "`a", "](", "&amp;", "<!-- ", "[a](", "\\\n", "a\n\n", "(1:1"]
)
def test_very_much_of_anything_comes_out_or_is_refused(piece: str) -> None:
    notes = piece * (300_000 // len(piece))
    if problems(notes):
        return
    made = render_notes(episode(notes), CATALOGUE, TEMPLATES, page_url=PAGE_URL)
    assert size(made.feed_html) <= FEED_LIMIT_BYTES
    seen = "".join(map(str, lxml.html.fragment_fromstring(made.page_html, create_parent="div").itertext()))
    for sign in {"&", "<", "[", "a", "(", "1"} & set(piece.replace("&amp;", "&")):
        assert seen.count(sign) == notes.count(sign)


def test_fitting_by_hand() -> None:
    html = "<p>one</p>\n<ul>\n<li>a<br>b</li>\n<li><p>c</p></li>\n</ul>\n<p>two</p>"
    assert fit_blocks(html, 10_000) == f"{html}\n"
    assert fit_blocks(html, 65) == "<p>one</p>\n<ul>\n<li>a<br>b</li>\n<li><p>c</p></li>\n</ul>\n"
    assert fit_blocks(html, 53) == fit_blocks(html, 45)
    assert fit_blocks(html, 45) == "<p>one</p>\n<ul>\n<li>a<br>b</li></ul>\n"
    assert fit_blocks(html, 5) == ""
    assert fit_words("a & b ccc", 8, before="<", after=">") == "<a…>"
    assert fit_words("a & b ccc", 12, before="<", after=">") == "<a &amp;…>"
    assert fit_words("a & b ccc", 99, before="<", after=">") == "<a &amp; b ccc>"
    assert fit_words("abc", 2) == ""
    assert fit_words("", 99, before="<p>") == ""


# The allowlist, seen by two parsers


class _Seen(HTMLParser):
    """Collect what Python's own parser sees."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def assert_only(html: str, tags: frozenset[str], attributes: set[str]) -> None:
    seen = _Seen()
    seen.feed(html)
    seen.close()
    assert seen.tags <= tags
    assert not seen.comments
    for name, value in seen.attributes:
        assert name in attributes
        assert name != "href" or (value or "").lower().startswith(("http://", "https://", "mailto:"))
    for each in lxml.html.fromstring(f"<div>{html}</div>").iterdescendants():
        assert each.tag in tags
        assert set(each.attrib) <= attributes


def test_each_allowlist_holds_by_itself() -> None:
    html = (
        '<p title="t" lang="l" class="c" style="s" onclick="x"><a href="https://x.example.org" title="t" rel="r">'
        'a</a><a href="ftp://x">b</a><a href="//x">c</a><img src="https://x"><!-- d --></p><ol start="3" type="a">'
        "<li>e</li></ol><script>f</script><h2 id='g'>h</h2>"
    )
    links = '<a href="https://x.example.org">a</a><a>b</a><a>c</a>'
    assert clean_for_page(html) == (f'<p>{links}</p><ol start="3"><li>e</li></ol><h2>h</h2>', False)
    assert clean_for_feed(html) == f"<p>{links}</p><ol><li>e</li></ol><p><strong>h</strong></p>"


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](\tjavascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '<https://x.example.org/"onmouseover=alert(1)>',
    '[x](https://x.example.org/"onmouseover="alert(1))',
    "[x](https://x.example.org 't\" onclick=\"alert(1)')",
    '![a" onerror="alert(1)](https://x.example.org)',
    "<svg><style><!--</style><img src=x onerror=alert(1)>-->",
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "\x1f<b>\x1f",
    "[a](https://x.example.org '\x1f<script>\x1f')",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\u202egnp.exe",
    "e\u0301",
    "> " * 100 + "deep",
    "".join("  " * depth + "- x\n" for depth in range(100)),
]


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=30), max_size=6).map("\n\n".join))
def test_nothing_outside_the_allowlist_is_left(notes: str) -> None:
    try:
        made = render_notes(episode(notes, "framework"), CATALOGUE, TEMPLATES, page_url=PAGE_URL)
    except SourceError as error:
        unplaced = [
            each for each in error.problems if not (each.place and each.place.line >= 20 and each.hint)
        ]
        if unplaced:
            raise
        return
    assert_only(made.feed_html, FEED_TAGS, {"href"})
    assert_only(made.page_html, PAGE_TAGS, {"href", "start"})


@pytest.mark.parametrize("payload", HOSTILE)
def test_titles_of_resources_are_text_in_every_output(payload: str) -> None:
    resource = Resource("r", payload, "https://example.org/", by=payload, format=payload)
    this = replace(
        EPISODE, notes="[][r] and [words][r]", resources=(resource,), title=payload, summary=payload
    )
    made = render_notes(this, {"r": resource}, TEMPLATES, page_url=PAGE_URL)
    assert_only(made.feed_html, FEED_TAGS, {"href"})
    assert_only(made.page_html, PAGE_TAGS, {"href"})
    mail = lxml.html.document_fromstring(mail_html(this, {"r": resource}, TEMPLATES))
    assert not mail.xpath("//script | //img | //svg | //@onclick | //@onerror")
    words = " ".join(payload.split())
    if "\x1f" not in payload:
        tree = lxml.html.fromstring(f"<div>{made.page_html}</div>")
        assert words in " ".join("".join(map(str, tree.itertext())).split())
        assert words in " ".join(plain_text(this, {"r": resource}, TEMPLATES).split())


def test_equal_inputs_give_equal_bytes() -> None:
    assert feed("[a][framework]\n\n# B", "framework") == feed("[a][framework]\n\n# B", "framework")


# Text and mail


def test_plain_text_keeps_the_shape_and_shows_every_address() -> None:
    notes = (
        "a\nb [c](https://x.example.org) <https://y.example.org> <d@example.org>\n\n"
        "> q1\n>\n> q2\n\n3. x\n4. y\n   - z\n"
    )
    assert plain_text(episode(notes), CATALOGUE, TEMPLATES) == (
        "a b c (https://x.example.org) https://y.example.org d@example.org\n\n"
        "> q1\n>\n> q2\n\n3. x\n4. y\n   - z\n"
    )


def test_plain_text_refuses_what_the_feed_refuses() -> None:
    with pytest.raises(SourceError, match="nope"):
        plain_text(episode("[a][nope]"), CATALOGUE, TEMPLATES)
    with pytest.raises(SourceError, match="nope"):
        mail_html(episode("[a][nope]"), CATALOGUE, TEMPLATES)


def test_styles_are_written_on_their_elements() -> None:
    css = "/* p { x: y } */ p, li { margin: 0; }\np { color: red; }"
    assert inline_styles('<p>a</p><li id="x">b<p style="z">c</p></li>', css) == (
        '<p style="margin: 0; color: red;">a</p><li id="x" style="margin: 0;">b<p style="z">c</p></li>'
    )


def test_one_sentence_stands_for_the_notes() -> None:
    notes = "Dr. A. Lee *speaks* of [it][framework]. More.\n\nMore."
    assert first_sentence_of(episode(notes), CATALOGUE) == "Dr. A. Lee speaks of it (PDF)."
    assert first_sentence_of(episode(""), CATALOGUE) == EPISODE.summary
    with pytest.raises(SourceError, match="nope"):
        first_sentence_of(episode("[a][nope]"), CATALOGUE)


def test_a_mail_is_in_the_language_of_its_readers() -> None:
    html = mail_html(episode("Texto.", "framework"), CATALOGUE, TEMPLATES, language="es-MX")
    assert '<html lang="es-MX">' in html
    assert ">Recursos y herramientas</h2>" in html
