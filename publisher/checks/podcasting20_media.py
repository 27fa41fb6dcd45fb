"""Rules on further formats and pictures that a feed names: the group P20."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.checks.engine import Fault, rule
from publisher.checks.podcasting20_table import is_whole, tags
from publisher.checks.views import ChannelView, ItemView, path_of
from publisher.model import Edit, Fix

_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_CODEC = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,15}(?:\.[A-Za-z0-9_-]+)*")
_PURPOSES = frozenset({"artwork", "social", "canvas", "banner", "publisher", "circular", "poster"})
_ROUNDING = 0.02
_RATIO = re.compile(r"[1-9]\d{0,4}/[1-9]\d{0,4}")
_STREAMS = ("mpegurl", "dash+xml")


@rule("P20-080", "alternate-without-source", "error", when=("podcast:alternateEnclosure", "podcast:liveItem"))
def alternate_without_source(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A further format without an address that can be opened is none.

    Bad: `<podcast:source uri="/audio/one.opus"/>`
    Good: `<podcast:source uri="https://media.example.org/audio/one.opus"/>`
    Source: Podcast namespace, alternateEnclosure.
    """
    for _, element in tags(subject):
        if element.name != "podcast:alternateEnclosure":
            continue
        sources = element.all("podcast:source")
        for source in sources:
            uri = source.get("uri")
            if uri and (not _scheme(uri) or (uri.lower().startswith("http") and not is_whole(uri))):
                place = subject.at(source, "uri")
                yield Fault(f"the source {uri!r} is no whole address", place, "write the whole https address")
        web = [each for each in sources if _scheme(each.get("uri")) in {"", "http", "https"}]
        if not web:
            message = "this format has no source" if not sources else "no source of this format is on the web"
            yield Fault(message, subject.at(element), "add a <podcast:source> with an https address")


@rule("P20-081", "alternate-facts", "warn", when=("podcast:alternateEnclosure", "podcast:liveItem"))
def alternate_facts(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Apps choose a format by size and rate; the rate is in bits per second. A live stream has no size.

    Bad: `bitrate="128"`
    Good: `length="14400123" bitrate="128000"`
    Source: Podcast namespace, alternateEnclosure.
    """
    for parent, element in tags(subject):
        if element.name != "podcast:alternateEnclosure":
            continue
        length, bitrate = element.get("length"), element.get("bitrate")
        is_stream = parent == "podcast:liveItem" or any(
            kind in element.get("type").lower() for kind in _STREAMS
        )
        if not is_stream and (not length.isdecimal() or int(length[:15]) == 0):
            message = f"the length of this format is {length!r}" if length else "this format has no length"
            yield Fault(message, subject.at(element, "length"), "write the size of the file in bytes")
        if bitrate and (not re.fullmatch(r"\d{1,12}(?:\.\d+)?", bitrate) or float(bitrate) < 1000):
            place = subject.at(element, "bitrate")
            is_small = bitrate.isdecimal() and 8 <= int(bitrate) < 1000
            edits = (Edit(place, bitrate, f"{bitrate}000", "podcast:alternateEnclosure@bitrate"),)
            hint = f"write bits per second: {bitrate}000" if is_small else "write bits per second"
            yield Fault(f"the bitrate is {bitrate}", place, hint, Fix(hint, edits) if is_small else None)
        if len(element.get("title")) > 32:
            message = f"the title of this format has {len(element.get('title'))} characters; apps show 32"
            yield Fault(message, subject.at(element, "title"), "shorten it")


@rule("P20-082", "alternate-default", "error", when=("podcast:alternateEnclosure",))
def alternate_default(subject: ItemView) -> Iterator[Fault]:
    """The default is the file of the enclosure, once more: apps leave it out when they list the others.

    Bad: two formats with `default="true"`
    Good: one, with the enclosure's address
    Source: Podcast namespace, alternateEnclosure.
    """
    defaults = [each for each in subject.all("podcast:alternateEnclosure") if each.get("default") == "true"]
    for element in defaults[1:]:
        yield Fault("a second format is the default", subject.at(element, "default"), "keep one")
    if len(defaults) != 1 or not subject.audio_url:
        return
    names = {path_of(source.get("uri")).rpartition("/")[2] for source in defaults[0].all("podcast:source")}
    length = subject.attribute("enclosure", "length")
    is_same = path_of(subject.audio_url).rpartition("/")[2] in names or defaults[0].get("length") == length
    if names and not is_same:
        place = subject.at(defaults[0], "default")
        yield Fault("the default is another file than the enclosure", place, "mark the enclosure's own file")


@rule("P20-083", "integrity-value", "error", when=("podcast:alternateEnclosure", "podcast:liveItem"))
def integrity_value(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """With its digest an app proves that a file arrived whole; a digest of another form proves nothing.
    This tool writes the digests of its own files from `audio.lock`, where they are measured.

    Bad: `<podcast:integrity type="sha256" value="9a0d…"/>`
    Good: `<podcast:integrity type="sri" value="sha256-…"/>`, the digest in Base64
    Source: Podcast namespace, integrity; W3C Subresource Integrity.
    """
    for _, element in tags(subject):
        if element.name != "podcast:integrity":
            continue
        kind, value = element.get("type"), element.get("value")
        if kind and kind not in {"sri", "pgp-signature"}:
            place = subject.at(element, "type")
            yield Fault(f"no app knows integrity of type {kind!r}", place, "write sri or pgp-signature")
        elif kind == "sri" and value and not all(_is_digest(each) for each in value.split()):
            hint = "write sha256-, sha384- or sha512- and the digest in Base64"
            yield Fault(f"this is no digest: {value[:40]}", subject.at(element, "value"), hint)


@rule("P20-084", "codecs-form", "warn", when=("podcast:alternateEnclosure", "podcast:liveItem"))
def codecs_form(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Players ask by the codec whether they can play a file at all.

    Bad: `codecs="AAC (LC)"`
    Good: `codecs="mp4a.40.2"`
    Source: RFC 6381.
    """
    for _, element in tags(subject):
        codecs = element.get("codecs") if element.name == "podcast:alternateEnclosure" else ""
        if codecs and not all(_CODEC.fullmatch(each.strip()) for each in codecs.split(",")):
            place = subject.at(element, "codecs")
            yield Fault(f"{codecs!r} names no codec", place, "write it like mp4a.40.2 or opus")


@rule("P20-200", "image-facts", "warn", when=("podcast:image", "podcast:liveItem"))
def image_facts(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A picture says in words what it shows, and for what and in which shape it is meant. Whether the
    ratio is that of the file can only be seen in the file. The tag is in its open phase.

    Bad: `<podcast:image href="https://media.example.org/b.webp" purpose="Header"/>`
    Good: `<podcast:image href="…/b.webp" alt="A board" type="image/webp" aspect-ratio="3/1"/>`
    Source: Podcast namespace, image; WCAG 2.1, 1.1.1.
    """
    for _, element in tags(subject):
        if element.name != "podcast:image":
            continue
        if not element.get("alt"):
            yield Fault("the picture has no alt", subject.at(element, "alt"), "say in words what it shows")
        purposes = element.get("purpose").split()
        for purpose in purposes:
            if purpose.casefold() not in _PURPOSES and not re.fullmatch(r"[\w.-]+/[\w.-]+", purpose):
                hint = f"write one of {', '.join(sorted(_PURPOSES))}, or vendor/word"
                yield Fault(f"no app knows the purpose {purpose!r}", subject.at(element, "purpose"), hint)
        ratio = element.get("aspect-ratio")
        if ratio and not _RATIO.fullmatch(ratio.replace(" ", "")):
            yield Fault(f"{ratio!r} is no ratio", subject.at(element, "aspect-ratio"), "write it like 16/9")
        width, height = element.get("width"), element.get("height")
        if _contradicts(ratio, width, height):
            message = f"{width} × {height} is not {ratio}"
            yield Fault(message, subject.at(element, "aspect-ratio"), "write the ratio of width and height")
        is_wide = {"social", "canvas", "banner", "poster"} & {purpose.casefold() for purpose in purposes}
        if is_wide and not (ratio or (width and height)):
            place = subject.at(element, "aspect-ratio")
            yield Fault(
                "the shape of this picture is not said", place, "add aspect-ratio, or width and height"
            )
        ending = path_of(element.get("href")).casefold().rpartition(".")[2]
        if not element.get("type") and ending in {"webp", "avif", "gif", "svg", "heic", "mp4"}:
            place = subject.at(element, "type")
            yield Fault(f"the type of this .{ending} is not said", place, "add type")


@rule("P20-201", "images-deprecated", "warn", when=("podcast:images",))
def images_deprecated(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """The tag was given up: newer apps read podcast:image, older ones itunes:image.

    Bad: `<podcast:images srcset="https://media.example.org/c.jpg 1500w"/>`
    Good: `<podcast:image href="https://media.example.org/c.jpg" width="1500" height="1500" alt="…"/>`
    Source: Podcast namespace, images.
    """
    for element in subject.all("podcast:images"):
        hint = "write podcast:image, one for each picture"
        yield Fault("podcast:images is deprecated", subject.at(element), hint)
        for candidate in element.get("srcset").split(","):
            address, _, width = candidate.strip().partition(" ")
            if candidate.strip() and not (is_whole(address) and re.fullmatch(r"[1-9]\d*w", width.strip())):
                message = f"this is no address with a width: {candidate.strip()[:80]}"
                yield Fault(message, subject.at(element, "srcset"), "write it like https://… 1500w")


def _contradicts(ratio: str, width: str, height: str) -> bool:
    """Tell whether a ratio is another than that of width and height, by more than rounding makes of it."""
    sizes = [size for size in (width, height) if size.isascii() and size.isdigit() and int(size[:6])]
    ratio = ratio.replace(" ", "")
    if len(sizes) < len((width, height)) or not _RATIO.fullmatch(ratio):
        return False
    across, _, down = ratio.partition("/")
    return abs(int(sizes[0]) * int(down) / (int(sizes[1]) * int(across)) - 1) > _ROUNDING


def _scheme(address: str) -> str:
    """Return the scheme of an address."""
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""


def _is_digest(written: str) -> bool:
    name, dash, digest = written.partition("?")[0].partition("-")
    try:
        return bool(dash) and len(b64decode(digest, validate=True)) == _DIGESTS.get(name, -1)
    except (binascii.Error, ValueError):
        return False
