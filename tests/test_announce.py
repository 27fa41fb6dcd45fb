"""Announcements: the Bakersfield drafts as goldens, joined titles, limits as networks count, and the card."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from site_samples import EPISODE, ITEM, SHOW

from publisher.announce.card import (
    HEIGHT,
    LEAST_CONTRAST,
    WIDTH,
    Card,
    contrast,
    draw_card,
    readable_background,
)
from publisher.announce.content import Announcement, announce
from publisher.announce.counting import NETWORKS, graphemes, shorten
from publisher.announce.drafts import (
    blog_post,
    card_alt,
    guest_page,
    newsletter,
    newsletter_text,
    posts,
    press_paragraph,
)
from publisher.announce.titles import common_title, hashtag, part_label
from publisher.cli import publisher
from publisher.errors import SourceError
from publisher.model import Chapter, Resource
from publisher.notes.passages import escape_markdown, take_passages
from publisher.notes.sentences import first_sentence
from publisher.templates import read_templates

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = read_templates()
ENGLISH, SPANISH = TEMPLATES.words("en"), TEMPLATES.words("es")
BOTH = ("bakersfield-part-1", "bakersfield-part-2")
CATALOGUE = {"site": Resource("site", "The *site*", "https://example.org/a_(b)", by="A & B")}


def run(*words: str, folder: Path = ROOT, exit_code: int = 0) -> Result:
    done = CliRunner().invoke(publisher, ["-C", str(folder), *words])
    assert done.exit_code == exit_code, done.output + done.stderr
    return done


def announcement(
    title: str = "Part One", notes: str = "", summary: str = "What it is.", base: str = ""
) -> Announcement:
    episode = replace(EPISODE, title=title, notes=notes, summary=summary)
    page = f"{base}/episodes/part-one.html" if base else ITEM.page_url
    item = replace(ITEM, episode=episode, page_url=page)
    return announce(
        SHOW, [item], CATALOGUE, ENGLISH, language="en", content_language="en",
        cover_url="https://media.example.org/c.jpg", feed_url="https://media.example.org/f.xml", quotes={},
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_goldens_of_the_bakersfield_episodes(
    golden: Callable[[str, bytes], None], tmp_path: Path, language: str
) -> None:
    run("announce", *BOTH, "--language", language, "--out", str(tmp_path))
    for name in (
        "newsletter.html", "newsletter.txt", "blog.md", "mastodon.txt", "bluesky.txt", "linkedin.txt",
        "facebook.txt", "press.txt",
    ):  # fmt: skip
        golden(f"announce/{language}/{name}", (tmp_path / name).read_bytes())
    golden(f"announce/{language}/embed.html", (tmp_path / "guest/embed.html").read_bytes())
    guest = (tmp_path / "guest/guest.md").read_text(encoding="utf-8")
    golden(f"announce/{language}/guest.md", re.sub(r"- `bakersfield[^\n]*\n", "", guest).encode())
    card = (tmp_path / "card.png").read_bytes()
    kept = Path(__file__).parent / f"golden/announce/{language}/card.png"
    if not kept.exists() or pixels(kept.read_bytes()) != pixels(card):
        golden(f"announce/{language}/card.png", card)  # the same picture may be packed otherwise


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB").tobytes()


# Titles


@pytest.mark.parametrize(
    ("titles", "joined", "labels"),
    [
        (["Only one"], "Only one", ["Only one"]),
        (["B, Part I", "B, Part II"], "B, Parts I and II", ["Part I", "Part II"]),
        (["B (part 1)", "B (part 2)", "B (part 3)"], "B (parts 1, 2, and 3)", ["part 1", "part 2", "part 3"]),
        (["B: Part 1", "B: Part 2", "B: Part 3"], "B: Parts 1, 2, and 3", ["Part 1", "Part 2", "Part 3"]),
        (["Part One: B", "Part Two: B"], "Parts One and Two: B", ["Part One", "Part Two"]),
        (
            ["B: the parents", "B: the teachers"],
            "B: the parents and the teachers",
            ["the parents", "the teachers"],
        ),
        (["The school", "The home"], "“The school” and “The home”", ["The school", "The home"]),
        (["Same", "Same"], "“Same” and “Same”", ["Same", "Same"]),
        (["Talk 7", "Talk 8"], "Talk 7 and 8", ["Talk 7", "Talk 8"]),
        (["A", "B", "C", "D"], "“A”, “B”, and 2 more", ["A", "B", "C", "D"]),
        (["Episode 7", "Episode 8"], "Episodes 7 and 8", ["Episode 7", "Episode 8"]),
    ],
)
def test_titles_are_joined_by_what_they_share(
    titles: list[str], joined: str, labels: list[str] | None
) -> None:
    assert common_title(titles, ENGLISH) == joined
    assert [part_label(title, titles, ENGLISH) for title in titles] == (labels or titles)


def test_titles_are_joined_in_the_readers_language() -> None:
    assert common_title(["B, Parte I", "B, Parte II"], SPANISH) == "B, Partes I y II"
    assert common_title(["B, Part I", "B, Part II"], SPANISH) == "B, Parts I y II"


@given(st.lists(st.text(alphabet="Part I: X,", min_size=1, max_size=20), min_size=1, max_size=5))
def test_any_titles_can_be_joined(titles: list[str]) -> None:
    assert common_title(titles, ENGLISH)
    assert all(part_label(title, titles, ENGLISH) for title in titles)


def test_a_hashtag_can_be_read_aloud() -> None:
    assert hashtag("Rising from the Margins") == "#RisingFromTheMargins"
    assert hashtag("L’école & moi") == "#LécoleMoi"
    assert hashtag("東京の声") == "#東京の声"
    assert (hashtag("!?"), hashtag("2026"), hashtag("word " * 30)) == ("", "", "")


# Passages and sentences


def test_passages_stand_by_themselves_in_every_form() -> None:
    notes = (
        "Who [speaks][site], and\nwhy. <!-- a remark -->\n\nIt fell to **30.4 %**.\n\nThree things:\n\n"
        "- **First, `this`.** See [][site].\n- ![A plan](https://example.org/p.png)\n  goes on\n\n  and on\n"
        "- **Third**\n  - nested\n\nCome and [join](https://example.org/join).\n\nNever shown.\n\n- no point\n"
    )
    passages = take_passages(notes, CATALOGUE)
    assert [each.words for each in passages.opening] == ["Who speaks, and why.", "It fell to 30.4 %."]
    assert passages.opening[0].markdown == "Who [speaks](<https://example.org/a_(b)>), and\nwhy."
    assert passages.opening[0].html == 'Who <a href="https://example.org/a_(b)">speaks</a>, and\nwhy.'
    assert passages.opening[0].text == "Who speaks (https://example.org/a_(b)), and why."
    assert [each.words for each in passages.points] == [
        "First, this. See The *site*.",
        "A plan goes on",
        "Third",
    ]
    assert [each.lead for each in passages.points] == ["First, this.", "", "Third"]
    assert (
        passages.points[0].markdown == "**First, `this`.** See [The \\*site\\*](<https://example.org/a_(b)>)."
    )
    assert passages.points[1].markdown == "[A plan](https://example.org/p.png)\ngoes on"
    assert [each.words for each in passages.closing] == ["Come and join."]


def test_a_list_of_links_holds_no_points_and_headings_end_the_opening() -> None:
    passages = take_passages(
        "One.\n\n## More\n\nTwo.\n\n- [a](https://a.example.org)\n\n## B\n\n1. point\n", {}
    )
    assert [each.words for each in passages.opening] == ["One."]
    assert [each.words for each in passages.points] == ["point"]


@given(st.text(alphabet="*_[]<>`#&-+1. \\()ab~=:", max_size=40))
@example("1. a")
@example("&amp;")
def test_escaped_text_is_read_as_itself(text: str) -> None:
    from publisher.notes.markdown import render_html

    html = render_html(escape_markdown(text), {}).html
    shown = re.sub(r"<[^>]*>", "", html).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    assert shown.replace("&amp;", "&").split() == text.split()
    assert set(re.findall(r"<(/?\w+)", html)) <= {"p", "/p"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dr. Karen Mapp speaks. Then more.", "Dr. Karen Mapp speaks."),
        ("It is J. R. Smith (Ph.D.)! And?", "It is J. R. Smith (Ph.D.)!"),
        ("From 51.6 to 30.4 percent. More.", "From 51.6 to 30.4 percent."),
        ("He said “so.” Then left.", "He said “so.”"),
        ("¿Qué cambió? Todo.", "¿Qué cambió?"),
        ("東京の声。次。", "東京の声。"),
        ("no end at all", "no end at all"),
        ("", ""),
        ("word " * 100, "word " * 59 + "word…"),
    ],
)
def test_the_first_sentence(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


# Posts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("abc", 3), ("e\u0301", 1), ("👨‍👩‍👧‍👦", 1), ("👍🏽", 1), ("🇺🇸🇲🇽", 2), ("❤️", 1), ("1️⃣", 1), ("각", 1), ("\u1112\u1161\u11ab", 1),
        ("नि", 1), ("🏴\U000e0067\U000e0062\U000e007f", 1), ("a\r\nb", 3), ("a\u200d👩", 2), ("กำ", 1), ("🏳️‍🌈!", 2),
    ],
)  # fmt: skip
def test_graphemes_are_what_people_count(text: str, count: int) -> None:
    assert len(list(graphemes(text))) == count
    assert "".join(graphemes(text)) == text


def test_networks_count_in_their_own_way() -> None:
    mastodon, bluesky, linkedin, facebook = NETWORKS
    text = "👍🏽 https://media.example.org/a/very/long/address.html?with=much&more=in+it"
    assert mastodon.length(text) == 2 + 23
    assert bluesky.length(text) == 2 + len(text) - 3
    assert linkedin.length(text) == 4 + len(text) - 2
    assert mastodon.takes("x" * 500)
    assert not mastodon.takes("x" * 501)
    assert bluesky.takes("é" * 300)
    assert not bluesky.takes("x" * 301)
    assert not bluesky.takes("👨‍👩‍👧‍👦" * 150)  # 150 graphemes, but more than 3,000 bytes
    assert linkedin.takes("😀" * 1500)
    assert not linkedin.takes("😀" * 1501)
    assert facebook.limit == 63_206


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=700),
    st.text(max_size=900).map(lambda text: text.replace("\r", " ")),
    st.integers(0, 60),
)
@settings(max_examples=40)
@example("👨‍👩‍👧‍👦" * 400, "", 60)
@example("title " * 200, "- **point.** text\n" * 7, 60)
@example("e\u0301" * 600, "Word. " * 2000, 0)
def test_posts_are_inside_their_limits_and_keep_the_address(title: str, notes: str, more: int) -> None:
    base = "https://media.example.org/" + "x" * more
    for made, network in zip(posts(announcement(title, notes, base=base), TEMPLATES), NETWORKS, strict=True):
        assert network.takes(made.text.rstrip("\n")), network.name
        assert made.length == network.length(made.text.rstrip("\n"))
        assert f"{base}/episodes/part-one.html" in made.text.split()
        assert made.text.startswith(title.strip()[:3].split("\n")[0]) or not title.strip()


def test_a_post_says_as_much_as_fits() -> None:
    notes = "He speaks.\n\nIt fell to **30 %**.\n\n- **One.** More.\n- **Two.** More.\n\nJoin us.\n"
    mastodon, bluesky, *_ = posts(announcement(notes=notes), TEMPLATES)
    assert mastodon.text == (
        "Part One\n\nHe speaks.\n\nIt fell to 30 %.\n\nIn this episode:\n• One. More.\n• Two. More.\n\nJoin us.\n\n"
        f"{ITEM.page_url}\n\n#RisingMargins\n"
    )
    longer = notes.replace("More.", "More " * 40)
    mastodon, bluesky, *_ = posts(announcement(notes=longer), TEMPLATES)
    assert "It fell to 30 %." in mastodon.text
    assert "• One.\n• Two.\n" in mastodon.text
    assert "• One.\n• Two.\n" in bluesky.text


def test_an_address_that_no_network_takes_is_told() -> None:
    with pytest.raises(SourceError, match="Bluesky takes 300 characters") as caught:
        posts(announcement(base="https://media.example.org/" + "x" * 400), TEMPLATES)
    assert "base_url" in caught.value.hint


def test_shortened_text_ends_at_a_word_when_one_is_near() -> None:
    assert shorten("one two three", 10) == "one two…"
    assert shorten("onetwothree", 5) == "onet…"
    assert shorten("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2) == "👨‍👩‍👧‍👦…"


# Newsletter, blog, press, guests


class Outline(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_newsletter_has_its_styles_on_it_and_fits_narrow_screens() -> None:
    html = newsletter(announcement(notes="Text.\n\n- **A.** b"), TEMPLATES).text
    outline = Outline(html)
    assert {"style", "script", "link"}.isdisjoint(tag for tag, _ in outline.tags)
    assert not any("class" in attributes for _, attributes in outline.tags)
    for tag, attributes in outline.tags:
        for width in re.findall(r"(?<![\w-])width: (\d+)px", attributes.get("style", "")):
            assert int(width) <= 64, tag
        if int(attributes.get("width", "0")) > 64:
            assert "width: 100%" in attributes["style"]
    cells = [
        attributes["style"]
        for tag, attributes in outline.tags
        if tag == "td" and "padding: 30px" in str(attributes)
    ]
    assert cells
    assert all("overflow-wrap: anywhere" in style for style in cells)


HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "{% raw %}", "</title><svg onload=1>",
    "a & b < c > d \" e ' f", "\u202eevil\u202c", "e\u0301 \u00e9", "💥 👨‍👩‍👧‍👦", "مرحبا", "two  spaces\u00a0and more", "`code` *x* [y](z)",
)  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_survives_every_draft(title: str) -> None:
    this = announcement(title)
    outline = Outline(newsletter(this, TEMPLATES).text)
    assert title in outline.text
    assert {"script", "svg"}.isdisjoint(tag for tag, _ in outline.tags)
    assert newsletter_text(this, TEMPLATES).text.startswith(f"{title}\n")
    assert title in press_paragraph(this, TEMPLATES).text
    assert all(title in post.text for post in posts(this, TEMPLATES))
    front = blog_post(this, TEMPLATES, alt=title).text.split("---\n")[1]
    read = yaml.safe_load(front)
    assert (read["title"], read["image_alt"], read["episodes"][0]["title"]) == (title, title, title)
    guest = guest_page(this, TEMPLATES, ()).text
    assert escape_markdown(title) in guest


@pytest.mark.parametrize("payload", HOSTILE)
def test_what_the_notes_say_is_only_text_in_the_drafts(payload: str) -> None:
    this = announcement(notes=f"Text {payload}\n\n- **{payload}** x\n", summary=payload)
    for html in (newsletter(this, TEMPLATES).text,):
        tags = {tag for tag, _ in Outline(html).tags}
        assert {"script", "svg", "iframe"}.isdisjoint(tags)
        assert not any(name.startswith("on") for _, attributes in Outline(html).tags for name in attributes)
    assert "49" not in newsletter_text(this, TEMPLATES).text


def test_without_a_list_the_chapters_say_what_is_in_it() -> None:
    item = replace(
        ITEM,
        episode=replace(EPISODE, notes="Text.", chapters=(Chapter(0, "Welcome"), Chapter(70_000, "More"))),
    )
    this = announce(
        SHOW, [item], {}, ENGLISH, language="en", content_language="en", cover_url="", feed_url="", quotes={}
    )
    assert [each.words for each in this.points] == ["00:00 Welcome", "01:10 More"]


def test_words_of_another_language_are_marked_as_such() -> None:
    this = replace(announcement(notes="Text."), language="es")
    html = newsletter(this, TEMPLATES).text
    assert '<html lang="es">' in html
    assert re.search(r'<div lang="en">\s*<h1', html)


# The card


def test_the_card_is_readable_whatever_the_cover() -> None:
    for colour in ((255, 255, 255), (0, 0, 0), (255, 196, 87), (0, 255, 0), (120, 120, 120)):
        assert contrast((255, 255, 255), readable_background(colour)) > LEAST_CONTRAST
    assert readable_background((32, 29, 77)) == (32, 29, 77)
    assert round(contrast((255, 255, 255), (0, 0, 0)), 2) == 21
    assert round(contrast((119, 119, 119), (255, 255, 255)), 2) == 4.48


@pytest.mark.parametrize(
    "title",
    ["Short", "word " * 80, "w" * 400, "Donaudampfschifffahrtsgesellschaft " * 3, "Árbol ñandú Łódź", "I"],
)
def test_a_title_never_runs_off_the_card(title: str) -> None:
    data = draw_card(
        Card(
            title,
            "A show with a title that is rather long " * 3,
            ("Name " * 60, "Me"),
            ROOT / "episodes/cover.jpg",
        )
    )
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        image = picture.convert("RGB")
    background = image.getpixel((WIDTH - 1, HEIGHT - 1))
    edges = [
        (0, 0, WIDTH, 40),
        (0, HEIGHT - 40, WIDTH, HEIGHT),
        (WIDTH - 50, 0, WIDTH, HEIGHT),
        (430, 0, 470, HEIGHT),
    ]
    for edge in edges:
        colours = image.crop(edge).getcolors()
        assert colours is not None
        assert [colour for _, colour in colours] == [background], edge
    assert len(image.crop((470, 40, WIDTH - 50, HEIGHT - 40)).getcolors(100_000) or ()) > 10
    assert draw_card(Card("A", "B", (), ROOT / "episodes/cover.jpg")) == draw_card(
        Card("A", "B", (), ROOT / "episodes/cover.jpg")
    )


# The command


def test_one_form_is_printed_and_nothing_is_written(minimal: Path) -> None:
    before = sorted(minimal.rglob("*"))
    assert "Pilot" in run("announce", "pilot", "--to", "press", folder=minimal).stdout
    social = run("announce", "pilot", "--to", "social", folder=minimal).stdout
    assert re.findall(r"^(\w+\.txt)  [\d,]+ of [\d,]+ characters$", social, re.MULTILINE) == [
        "mastodon.txt", "bluesky.txt", "linkedin.txt", "facebook.txt",
    ]  # fmt: skip
    assert sorted(minimal.rglob("*")) == before


def test_everything_goes_to_a_folder_below_build(minimal: Path) -> None:
    done = run("announce", "pilot", "--json", folder=minimal)
    told = json.loads(done.stdout)
    assert told["schema"] == "publisher/announce/1"
    paths = [draft["path"] for draft in told["drafts"]]
    assert all(path.startswith("build/announcements/pilot/") and (minimal / path).is_file() for path in paths)
    assert {Path(path).name for path in paths} >= {"newsletter.html", "card.png", "guest.md", "blog.md"}
    again = {path: (minimal / path).read_bytes() for path in paths}
    shutil.rmtree(minimal / "build")
    run("announce", "pilot", folder=minimal)
    assert {path: (minimal / path).read_bytes() for path in paths} == again


def test_what_no_font_can_write_leaves_out_the_card_alone(minimal: Path) -> None:
    source = minimal / "episodes/pilot/episode.md"
    source.write_text(source.read_text("utf-8").replace("title: Pilot", "title: Pilot \ue123", 1), "utf-8")
    done = run("announce", "pilot", folder=minimal)
    folder = next((minimal / "build/announcements").glob("pilot/*"))
    assert "no card: no font was found with letters that the picture needs: \ue123" in done.stderr
    assert "--font FILE" in done.stderr
    assert not list(folder.rglob("card.png"))
    assert (folder / "newsletter.html").is_file()
    assert "card.png" not in (folder / "blog.md").read_text("utf-8")
    assert "card.png" not in (folder / "guest/guest.md").read_text("utf-8")
    shutil.rmtree(folder)
    assert "no font was found" in run("announce", "pilot", "--to", "card", folder=minimal, exit_code=2).stderr
    named = run("announce", "pilot", "--font", "nothing.ttf", folder=minimal, exit_code=2)
    assert "is no font" in named.stderr
    assert not folder.exists()


def test_the_words_for_the_card_nest_no_quotes() -> None:
    for language, words in (("en", ENGLISH), ("es", SPANISH)):
        this = replace(announcement(), language=language)
        title = common_title(["Ink", "Chalk", "Paper", "Wood"], words)
        opens, closes = title[0], words.text("“%(title)s”")[-1]
        assert f"{opens}Families{closes}." in card_alt(replace(this, title="Families"), TEMPLATES)
        assert card_alt(replace(this, title=title), TEMPLATES).endswith(f": {title}")


def test_an_unknown_language_is_told_with_those_there_are(minimal: Path) -> None:
    done = run("announce", "pilot", "--language", "xx", folder=minimal, exit_code=2)
    assert "there are no words in `xx`" in done.stderr
    assert "en, es" in done.stderr
    assert "announce" in run("--help").stdout


def test_an_own_template_replaces_one_draft(minimal: Path) -> None:
    (minimal / "templates").mkdir(exist_ok=True)
    (minimal / "templates/press.txt").write_text("{{ title }} by {{ show.author }}: {{ nothing }}")
    done = run("announce", "pilot", "--to", "press", folder=minimal, exit_code=2)
    assert "templates/press.txt:1" in done.stderr
    (minimal / "templates/press.txt").write_text("Ours: {{ title }}")
    assert run("announce", "pilot", "--to", "press", folder=minimal).stdout == "Ours: Pilot\n"


def test_episodes_that_nobody_can_hear_yet_are_told(minimal: Path) -> None:
    path = minimal / "episodes/pilot/episode.md"
    path.write_text(path.read_text().replace("title:", "draft: true\ntitle:", 1))
    done = run("announce", "pilot", "--to", "press", folder=minimal)
    assert "pilot is draft" in done.stderr


def test_what_is_translated_is_announced_in_that_language(own_show: Path) -> None:
    shutil.copytree(ROOT / "episodes", own_show / "episodes", dirs_exist_ok=True)
    for path in own_show.glob("episodes/*/episode.es.md"):
        path.unlink()
    translation = (
        "---\ntitle: Distrito Escolar, Parte I\nsummary: Un resumen.\n---\n"
        "Habla el superintendente.\n\n- **Cambió a los docentes.** Más.\n"
    )
    (own_show / "episodes/bakersfield-part-1/episode.es.md").write_text(translation, encoding="utf-8")
    done = run("announce", BOTH[0], "--language", "es", "--to", "mail", folder=own_show)
    assert "Distrito Escolar, Parte I</h1>" in done.stdout
    assert "<strong>Cambió a los docentes.</strong>" in done.stdout
    assert 'lang="en"' not in done.stdout
