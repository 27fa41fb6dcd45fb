"""An announcement to its drafts: each a text of one template, the posts inside their networks' limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from publisher.announce.content import Announcement
from publisher.announce.counting import NETWORKS, Network, graphemes, shorten
from publisher.errors import Place, Problem, SourceError
from publisher.notes.mail import inline_styles
from publisher.notes.passages import escape_markdown
from publisher.templates import Templates

MOST_DETAIL = 5
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: under which name it is written, and what it is; posts know their length and limit."""

    name: str
    text: str
    length: int | None = None
    limit: int | None = None


def newsletter(this: Announcement, templates: Templates) -> Draft:
    """Render the newsletter as a whole HTML document, its styles on the elements.

    Raises:
        SourceError: a template of the show has a mistake.
    """
    html = _render(templates, "newsletter.html", this)
    return Draft("newsletter.html", inline_styles(html, templates.text("newsletter.css")))


def newsletter_text(this: Announcement, templates: Templates) -> Draft:
    """Render the newsletter as plain text, every address visible.

    Raises:
        SourceError: as `newsletter`.
    """
    return Draft("newsletter.txt", _tidy(_render(templates, "newsletter.txt", this)))


def blog_post(this: Announcement, templates: Templates, alt: str) -> Draft:
    """Render a blog post in Markdown, with the front matter that site generators read; `alt` tells the card.

    Raises:
        SourceError: as `newsletter`.
    """
    return Draft("blog.md", _tidy(_render(templates, "blog.md", this, alt=alt)))


def press_paragraph(this: Announcement, templates: Templates) -> Draft:
    """Render one paragraph for the press.

    Raises:
        SourceError: as `newsletter`.
    """
    return Draft("press.txt", _tidy(_render(templates, "press.txt", this)))


def guest_page(this: Announcement, templates: Templates, files: tuple[str, ...]) -> Draft:
    """Render what guests get to pass on: links, words, code to embed, and which files lie beside it.

    Raises:
        SourceError: as `newsletter`.
    """
    embed = [
        _tidy(templates.render("embed.html", language=this.language, each=each, this=this)).strip()
        for each in this.episodes
    ]
    return Draft("guest.md", _tidy(_render(templates, "guest.md", this, embed=embed, files=files)))


def embed_code(this: Announcement, templates: Templates) -> Draft:
    """Render the code with which other pages play the episodes.

    Raises:
        SourceError: as `newsletter`.
    """
    codes = [
        templates.render("embed.html", language=this.language, each=each, this=this) for each in this.episodes
    ]
    return Draft("embed.html", _tidy("\n".join(codes)))


def card_alt(this: Announcement, templates: Templates) -> str:
    """Say in words what the card shows.

    Raises:
        SourceError: as `newsletter`.
    """
    return " ".join(_render(templates, "card.txt", this).split())


def posts(this: Announcement, templates: Templates) -> tuple[Draft, ...]:
    """Render a post for each network, as much of it as fits: whole first, then less, at last the title cut.

    Raises:
        SourceError: as `newsletter`; or not even the bare address fits.
    """
    return tuple(_post(this, templates, network) for network in NETWORKS)


def _post(this: Announcement, templates: Templates, network: Network) -> Draft:
    name = f"{network.name}.txt"
    for text in _ever_shorter(this, templates, name):
        if network.takes(text):
            return Draft(name, f"{text}\n", network.length(text), network.limit)
    source = templates.sources[name].path
    raise SourceError(
        (
            Problem(
                f"a post for {network.title} takes {network.limit} characters; this has more without a title",
                Place(str(source)),
                "make the template shorter, or the show's base_url, which every link begins with",
            ),
        )
    )


def _ever_shorter(this: Announcement, templates: Templates, name: str) -> Iterator[str]:
    for detail in range(MOST_DETAIL, -1, -1):
        yield _tidy(_render(templates, name, this, detail=detail)).strip()
    most = sum(1 for _ in graphemes(this.title))
    step = max(1, most // 64)
    for length in range(most - step, -step, -step):
        title = shorten(this.title, max(length, 0))
        yield _tidy(_render(templates, name, this, detail=0, title=title)).strip()


def _render(templates: Templates, name: str, this: Announcement, **values: object) -> str:
    """Render a template of announcements: all that it may print is `this`, and how long the post may be."""
    return templates.render(
        name,
        language=this.language,
        this=this,
        show=this.show,
        escape_markdown=escape_markdown,
        in_yaml=_in_yaml,
        **{"title": this.title, **values},
    )


def _in_yaml(text: str) -> str:
    """Write text as a quoted scalar of YAML, which is JSON's form; line breaks of any kind are escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _tidy(text: str) -> str:
    """Leave one empty line where templates left several."""
    return _EMPTY_LINES.sub("\n\n", text).strip("\n") + "\n"
