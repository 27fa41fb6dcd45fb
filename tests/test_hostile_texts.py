"""Hundreds of hostile texts in every field: two HTML parsers find nothing but what the templates say."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from xml.etree.ElementTree import Element

import html5lib
import lxml.html
import pytest
from lxml import etree
from mutagen import id3
from site_samples import ITEM, SHOW, hostile

from publisher.announce.content import announce
from publisher.announce.drafts import blog_post, embed_code, guest_page, newsletter, newsletter_text, posts
from publisher.audio.tags.content import Tags
from publisher.audio.tags.write import render_tag
from publisher.errors import SourceError
from publisher.feed.rss import render
from publisher.model import Correction, Item, Person, Resource, Show, Teaser
from publisher.notes import mail_html, plain_text, render_notes
from publisher.notes.allowlist import FEED_TAGS, PAGE_TAGS, clean_for_feed, clean_for_page
from publisher.notes.hearing import link_times
from publisher.site import render_episode_page, render_show_page
from publisher.templates import read_templates

TEMPLATES = read_templates()
_VECTORS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><desc><b>x", "<svg/onload=alert(1)//",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<iframe srcdoc='<script>1</script>'>",
    "<a href=javascript:alert(1)>x</a>", "<a href='java\tscript:alert(1)'>x</a>", "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>1</script>>x</a>", "<a href='vbscript:msgbox(1)'>x</a>", "<a href=//evil.example.org>x</a>",
    "<form action=//x><input name=a autofocus onfocus=alert(1)>", "<style>*{background:url(//x)}</style>", "<base href=//x>",
    "<meta http-equiv=refresh content='0;url=//x'>", "<object data=x></object>", "<embed src=x>", "<link rel=stylesheet href=//x>",
    "<template><script>1</script></template>", "<noscript><p title='</noscript><img src=x onerror=1>'>", "<!--><script>1</script>-->",
    "<![CDATA[<script>1</script>]]>", "<?php echo 1 ?>", "]]><script>1</script>", "</title><script>1</script>", "</textarea><script>1</script>",
    "</style></script><script>1</script>", "<details open ontoggle=alert(1)>", "<p style='position:fixed;inset:0'>x</p>", "<b onclick=alert(1)>x</b>",
    "<xmp><p title='</xmp><script>1</script>'>", "<video><source onerror=alert(1)>", "<plaintext>", "<a id=x name=y class=z target=_blank>x</a>",
    "{{ 7 * 7 }}", "{% include 'show.html' %}", "{{ ''.__class__.__mro__ }}", "${7*7}#{7*7}", "\u202e<script>1</script>\u202c",
    "e\u0301 \u00e9 \ufb01 \u212b", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd", "a  b\u00a0c\u2003d\u3000e",
)  # fmt: skip
_DISGUISES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.swapcase(),
    lambda text: f"\"'>{text}",
    lambda text: f"`{text}",
    lambda text: f"<<{text}>",
    lambda text: text.replace("<", "&lt;").replace(">", "&gt;"),
    lambda text: text.replace("<", "&#60;").replace("j", "&#x6A;"),
    lambda text: f"<p>{text}<div><p>{text}",
)
PAYLOADS = tuple(dict.fromkeys(disguise(vector) for disguise in _DISGUISES for vector in _VECTORS))
TITLES = tuple(payload for payload in PAYLOADS if payload.isprintable() or "\u202e" in payload)

Skeleton = set[tuple[str, str]]


def by_lxml(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    for element in lxml.html.document_fromstring(
        f"<div>{html}</div>" if "<html" not in html else html
    ).iter():
        yield str(element.tag), {str(name): str(value) for name, value in element.attrib.items()}


def by_html5lib(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
    for element in tree.iter():
        yield str(element.tag), {str(name): value for name, value in element.attrib.items()}


PARSERS = (by_lxml, by_html5lib)
_FRAME = {"html", "head", "body", "div"}


def skeleton(parse: Callable[[str], Iterator[tuple[str, dict[str, str]]]], html: str) -> Skeleton:
    """Return every tag, and every tag with each of its attributes; values that lead elsewhere count, too."""
    found: Skeleton = set()
    for tag, attributes in parse(html):
        found.add((tag, ""))
        for name, value in attributes.items():
            found.add((tag, name))
            scheme = value.strip().partition(":")[0].casefold()
            if name in ("href", "src") and "script" in scheme:
                found.add((tag, f"{name}={value}"))
    return found


def test_there_are_more_than_three_hundred() -> None:
    assert len(PAYLOADS) >= 300
    assert len(TITLES) >= 300


def outputs(payload: str) -> dict[str, str]:
    """Render everything that people read, the payload in every text field there is."""
    show, item, transcript = hostile(payload)
    show = replace(show, copyright=payload, owner_email="podcast@example.org")
    resource = Resource(
        "r", payload, "https://example.org/", by=payload, publisher=payload, description=payload
    )
    person = Person("p", payload, payload, href=payload)
    episode = replace(
        item.episode,
        notes="Text [words][r], [][r].\n\n- **A point.** (00:01)\n",
        resources=(resource,),
        people=(person,),
        corrections=(Correction(date(2026, 3, 4), payload),),
    )
    catalogue = {"r": resource}
    notes = render_notes(episode, catalogue, TEMPLATES, page_url=item.page_url)
    item = replace(item, episode=episode, notes=link_times(notes, "a.mp3", 9_000_000))
    this = announce(
        show, [item, item], catalogue, TEMPLATES.words("en"), language="en", content_language="es",
        cover_url="https://media.example.org/c.jpg", feed_url="https://media.example.org/f.xml", quotes={},
    )  # fmt: skip
    teaser = Teaser(payload, episode.date, payload, item.page_url, 9_000, "full", 1, 1)
    return {
        "page": render_episode_page(show, item, TEMPLATES, transcript=transcript, earlier=teaser).decode(),
        "show page": render_show_page(show, show.feeds[0], [teaser], TEMPLATES).decode(),
        "mail": mail_html(episode, catalogue, TEMPLATES),
        "newsletter": newsletter(this, TEMPLATES).text,
        "embed": embed_code(this, TEMPLATES).text,
        "feed notes": notes.feed_html,
        "page notes": notes.page_html,
    }


BENIGN = {
    (name, parse): skeleton(parse, html) for name, html in outputs("some words").items() for parse in PARSERS
}


@pytest.mark.parametrize("start", range(0, len(TITLES), 40))
def test_every_field_is_text_in_every_output(start: int) -> None:
    for payload in TITLES[start : start + 40]:
        for name, html in outputs(payload).items():
            for parse in PARSERS:
                more = skeleton(parse, html) - BENIGN[name, parse]
                assert more == set(), (payload, name, parse.__name__)


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 80))
def test_what_authors_write_in_notes_is_allowed_or_refused(start: int) -> None:
    page_allowed = {(tag, "") for tag in PAGE_TAGS | _FRAME} | {("a", "href"), ("ol", "start")}
    feed_allowed = {(tag, "") for tag in FEED_TAGS | _FRAME} | {("a", "href")}
    rendered = 0
    for payload in PAYLOADS[start : start + 80]:
        pairs = [(clean_for_page(payload)[0], page_allowed), (clean_for_feed(payload), feed_allowed)]
        for notes in (
            payload,
            f"[{payload}](https://example.org)",
            f"[x]({payload})",
            f"- `{payload}`\n\n    {payload}",
        ):
            episode = replace(ITEM.episode, notes=notes)
            try:
                made = render_notes(episode, {}, TEMPLATES, page_url=ITEM.page_url)
            except SourceError as error:
                assert all(each.place and each.place.line and each.hint for each in error.problems)
                continue
            rendered += 1
            pairs += [(made.page_html, page_allowed), (made.feed_html, feed_allowed)]
        for html, allowed in pairs:
            for parse in PARSERS:
                assert skeleton(parse, html) - allowed == set(), (payload, parse.__name__)
    assert rendered or start


def titles_in(show: Show, item: Item, title: str) -> Iterator[tuple[str, str]]:
    """Read an episode's title back out of everything that it is written into."""
    feed = etree.fromstring(render(show, show.feeds[0], [item], cover_url="https://media.example.org/c.jpg"))
    yield "feed", feed.findtext("channel/item/title") or ""
    page = render_episode_page(show, item, TEMPLATES).decode()
    mail = mail_html(item.episode, {}, TEMPLATES)
    this = announce(
        show, [item], {}, TEMPLATES.words("en"), language="en", content_language="en", cover_url="",
        feed_url="https://media.example.org/f.xml", quotes={},
    )  # fmt: skip
    for name, html in (("page", page), ("mail", mail), ("newsletter", newsletter(this, TEMPLATES).text)):
        yield name, str(lxml.html.document_fromstring(html).xpath("string(//h1)"))
        tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
        heading = tree.find(".//h1")
        assert heading is not None
        yield f"{name} again", "".join(heading.itertext())
    yield "text", newsletter_text(this, TEMPLATES).text.partition("\n")[0]
    tags = Tags(title=title, album="x", artist="x", language="en", date=date(2026, 1, 1))
    yield "tags", str(id3.ID3(io.BytesIO(render_tag(tags) + b"\xff\xfb\x90\x64" * 500))["TIT2"])
    assert all(part for part in (blog_post(this, TEMPLATES, "x").text, guest_page(this, TEMPLATES, ()).text))
    assert len(posts(this, TEMPLATES)) == 4


@pytest.mark.parametrize("start", range(0, len(TITLES), 80))
def test_titles_survive_byte_for_byte(start: int) -> None:
    for title in TITLES[start : start + 80]:
        item = replace(ITEM, episode=replace(ITEM.episode, title=title))
        for where, found in titles_in(SHOW, item, title):
            assert found == title, where


# Size and depth


@pytest.mark.parametrize(
    "notes",
    [
        "\n".join(f"{'  ' * depth}- level {depth}" for depth in range(100)),
        "> " * 300 + "deep",
        "x" * 1_000_000,
        "word " * 100_000,
        "[" * 50_000,
        "*_" * 20_000,
        "`" * 200_000,
        "![" * 20_000 + "](https://example.org)" * 20_000,
        "(01:10) " * 20_000,
        "01:10\n" * 20_000,
        "&" * 30_000,
        "a. " * 100_000,
        "\u202e\u2066" * 100_000,
        "e\u0301" * 100_000,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 " * 10_000,
        "- **a** b\n" * 10_000,
    ],
    ids=range(16),
)
def test_huge_and_deep_notes_end_soon_in_a_whole_document(notes: str) -> None:
    episode = replace(ITEM.episode, notes=notes)
    make = partial(render_notes, episode, {}, TEMPLATES, page_url=ITEM.page_url)
    try:
        made = make()
    except SourceError as error:
        assert all(each.place and each.hint for each in error.problems)
        return
    assert len(made.feed_html.encode()) < 4_000
    assert etree.fromstring(f"<div>{made.feed_html}</div>".replace("&nbsp;", " ")) is not None
    link_times(made, "a.mp3", 9_000_000)
    plain_text(episode, {}, TEMPLATES)
    mail_html(episode, {}, TEMPLATES)
    item = replace(ITEM, episode=episode, notes=made)
    this = announce(
        SHOW, [item], {}, TEMPLATES.words("en"), language="en", content_language="en", cover_url="",
        feed_url="https://media.example.org/f.xml", quotes={},
    )  # fmt: skip
    newsletter(this, TEMPLATES)
    assert len(posts(this, TEMPLATES)) == 4
