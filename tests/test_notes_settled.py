"""What is taken for settled without being taken apart is, byte for byte, what the sanitiser makes of it."""

from __future__ import annotations

import re
import time
from typing import Any

import nh3
import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_hostile_texts import PARSERS, PAYLOADS, skeleton

from publisher.notes.allowlist import (
    FEED_TAGS,
    PAGE_TAGS,
    SCHEMES,
    clean_for_feed,
    clean_for_page,
    say_plainly,
)
from publisher.notes.settled import settle

_USUAL: dict[str, Any] = {"url_schemes": set(SCHEMES), "url_relative": "deny", "link_rel": None}
PAGE = nh3.Cleaner(tags=set(PAGE_TAGS), attributes={"a": {"href"}, "ol": {"start"}, "*": set()}, **_USUAL)
FEED = nh3.Cleaner(tags=set(FEED_TAGS), attributes={"a": {"href"}, "*": set()}, **_USUAL)
_FRAME = {(tag, "") for tag in ("html", "head", "body", "div")}
_PAGE_ALLOWED = {(tag, "") for tag in PAGE_TAGS} | _FRAME | {("a", "href"), ("ol", "start")}
_FEED_ALLOWED = {(tag, "") for tag in FEED_TAGS} | _FRAME | {("a", "href")}

_LETTERS = ["a", " ", "\n", "\xa0", "é", "\U0001f600", "\ufeff", "\u2028", "\x01", "\x0c", "\r", "\0", "\x7f", "\x85", "\ufdd0"]  # fmt: skip
_ENTITIES = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#34;", "&nbsp;", "&amp;lt;", "&amp", "&", "<", ">", '"', "'"]  # fmt: skip
_LINKS = [
    '<a href="https://x.example.org/a?b=1&amp;c=%20#d">',
    '<a href="mailto:a@example.org">',
    '<a href="http://x.example.org" title="t">',
    '<a href="http://1.2.3.4/">',
    '<a href="http://a.0x1/">',
    '<a href="https://xn--a.example.org">',
    '<a href="https://x.example.org:99999/">',
    '<a href="https://u@x.example.org/">',
    '<a href="https:x">',
    '<a href="//x.example.org">',
    '<a href="javascript:alert(1)">',
    "<a href='https://x.example.org'>",
    "<a>",
    "<A HREF=x>",
]
_NAMES = [
    "p",
    "h1",
    "h2",
    "h3",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "em",
    "strong",
    "code",
    "pre",
    "a",
    "b",
    "div",
]
_TAGS = [f"<{slash}{name}>" for name in _NAMES for slash in ("", "/")]
_MORE = ["<br>", "<br />", "<hr>", "<hr />", '<ol start="3">', '<ol start="-3">', '<ul start="3">', "<!--", "-->", "<script>", "<p />"]  # fmt: skip
_PIECES = st.sampled_from(_LETTERS + _ENTITIES + _LINKS + _TAGS + _MORE) | st.text(max_size=3)

_WORDS = st.sampled_from(_LETTERS + _ENTITIES[:7])
_PHRASES = st.recursive(
    _WORDS | st.just("<br />"),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(["em", "strong", "code", *(link[1:-1] for link in _LINKS[:3])]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
_BLOCKS = st.recursive(
    st.just("<hr />\n")
    | st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>\n",
        st.sampled_from(["p", "p", "h2", "h4", "h5"]),
        st.lists(_PHRASES, max_size=4),
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"<blockquote>\n{''.join(parts)}</blockquote>\n")
        | st.builds(
            lambda tag, items: (
                f"<{tag}>\n{''.join(f'<li>{a}{b}</li>{chr(10)}' for a, b in items)}</{tag[:2]}>\n"
            ),
            st.sampled_from(["ul", "ol", 'ol start="7"']),
            st.lists(st.tuples(_PHRASES, inner | st.just("")), max_size=3),
        )
    ),
    max_leaves=8,
)
_MARKDOWN = ["# ", "## ", "- ", "1. ", "3. ", "> ", "**", "*", "_", "`", "[a](https://x.example.org)", "[", "](", ")", "\n", "\n\n", "  ", "    ", "word", "&", "<", "\\", "---\n", "<https://y.example.org/é>", "![x](https://z.example.org)", '"', "'"]  # fmt: skip


def holds(html: str) -> bool:
    """Compare with the sanitiser, and with what two parsers see; tell whether there was something to compare."""
    settled = settle(html)
    if settled is None:
        return False
    assert settled == PAGE.clean(html)
    assert settled == settle(settled)
    assert "<a>" not in settled
    assert "<p></p>" not in settled
    plain = clean_for_feed(html)
    assert plain == re.sub(r"\n\n+", "\n", FEED.clean(say_plainly(html))).strip()
    for parse in PARSERS:
        assert skeleton(parse, f"<p>a</p>{settled}") <= _PAGE_ALLOWED
        assert skeleton(parse, f"<p>a</p>{plain}") <= _FEED_ALLOWED
    return True


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_pieces_in_any_order(html: str) -> None:
    holds(html)


@given(st.lists(_BLOCKS, max_size=3).map("".join))
def test_blocks_within_one_another(html: str) -> None:
    holds(html)


@given(_BLOCKS, _PIECES, st.integers(min_value=0))
def test_one_thing_that_does_not_belong_there(html: str, piece: str, at: int) -> None:
    holds(html[: at % len(html)] + piece + html[at % len(html) :])


@given(st.lists(st.sampled_from(_MARKDOWN) | st.text(max_size=3), max_size=40).map("".join))
def test_what_the_renderer_writes(markdown: str) -> None:
    holds(pyromark.html(markdown))


@given(
    st.lists(st.text("aZ0-.xn", max_size=5), max_size=5).map(".".join),
    st.text("/?#:@%20&;\\a[]é|^ ", max_size=6),
)
def test_addresses(host: str, rest: str) -> None:
    for scheme in ("https://", "http://", "mailto:", "mailto:a@"):
        address = f"{scheme}{host}{rest}".replace("&", "&amp;")
        holds(f'<p><a href="{address}">words</a></p>')


def test_hostile_texts() -> None:
    for payload in PAYLOADS:
        for html in (
            payload,
            f"<p>{payload}</p>",
            f'<p><a href="{payload}">x</a></p>',
            pyromark.html(payload),
        ):
            holds(html)


@pytest.mark.parametrize(
    "markdown",
    [
        "Text, *marked* and **strongly**, with `code`, [a *link*](https://x.example.org/a?b=1&c=2) & more.\n\n## H",
        "- one\n- two\n  - nested\n\n1. a\n\n   b\n\n3. c\n",
        "> Quoted.\n>\n> Twice.\n\n---\n\n### H\n\nA line\\\nand another <a@example.org>",
    ],
)
def test_the_usual_needs_only_one_look(markdown: str) -> None:
    assert holds(pyromark.html(markdown))


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="https://x.example.org">a<em>b<a href="https://y.example.org">c</a></em></a></p>',
        '<p><a href="https://x.example.org">a<a href="https://y.example.org">b</a></a></p>',
        '<p><a href="https://xn--a.example.org">a</a></p>',
        '<p><a href="https://x.example.1">a</a></p>',
        '<p><a href="https://x.example.org:99999/">a</a></p>',
        "<p>a<p>b</p></p>",
        "<h2><p>a</p></h2>",
        "<ul><p>a</p></ul>",
        "<li>a</li>",
        '<ul start="3"><li>a</li></ul>',
        '<p><a href="https://x.example.org"> </a></p>',
        "<p></p>",
        "<p>a > b</p>",
        "<p>a &copy b</p>",
        "<p>a\rb</p>",
        "<p>a\0b</p>",
        '<p onclick="x">a</p>',
        '<p><a href="https://x.example.org" onclick="x">a</a></p>',
        "<!-- a -->",
        "text",
    ],
)
def test_what_a_parser_might_change_is_taken_apart(html: str) -> None:
    assert settle(html) is None


def test_very_many_entities_beside_what_has_to_be_taken_apart() -> None:
    few, many = ("<h6>a</h6>\n<p>x &amp; &lt;" + "&gt;&amp;" * times + "</p>\n" for times in (10, 500_000))
    begun = time.process_time()
    page, feed = clean_for_page(many)[0], clean_for_feed(many)
    assert time.process_time() - begun < 12  # less than a second; taken apart one by one they need minutes
    assert page == many
    assert feed.replace("&gt;&amp;" * 499_990, "", 1) == clean_for_feed(few)
    odd = "".join(map(chr, range(0xFDD0, 0xFDF0))) + "&amp;" * 20_000
    assert clean_for_page(f"<h6>{odd}</h6>\n")[0] == f"<h6>{odd}</h6>\n"
