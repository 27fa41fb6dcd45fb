"""Namespaces and names of elements into the one spelling by which rules know them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
PODCAST_ALIAS = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        ITUNES: "itunes",
        PODCAST: "podcast",
        PODCAST_ALIAS: "podcast",
        ATOM: "atom",
        CONTENT: "content",
        "http://podlove.org/simple-chapters": "psc",
        "http://search.yahoo.com/mrss/": "media",
        "http://purl.org/dc/elements/1.1/": "dc",
        "http://purl.org/dc/terms/": "dcterms",
        "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
        "http://www.spotify.com/ns/rss": "spotify",
        "http://purl.org/rss/1.0/modules/syndication/": "sy",
        "http://purl.org/rss/1.0/modules/slash/": "slash",
        "http://wellformedweb.org/CommentAPI/": "wfw",
        "http://www.rawvoice.com/rawvoiceRssModule/": "rawvoice",
        "http://blubrry.com/developer/rawvoice-rss/": "rawvoice",
        "https://blubrry.com/developer/rawvoice-rss/": "rawvoice",
        "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
        "http://backend.userland.com/creativeCommonsRssModule": "creativeCommons",
        "http://purl.org/syndication/history/1.0": "fh",
        "http://bitlove.org": "bitlove",
        "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
        "http://www.georss.org/georss": "georss",
        "http://www.w3.org/XML/1998/namespace": "xml",
    }
)
"""The namespaces that podcast feeds use, each with its usual prefix."""

LICENCES = ("ARR", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "POD-V4V-1.0")
"""The identifiers of the namespace's licenses.json, spelt as there; every other licence is a custom one."""

_CHANNEL = (
    "title link description language copyright managingEditor webMaster pubDate lastBuildDate category "
    "generator docs cloud ttl image rating textInput skipHours skipDays item"
)
_ITEM = "title link description author category comments enclosure guid pubDate source"
_ITUNES = (
    "author block category complete duration email episode episodeType explicit image keywords name "
    "new-feed-url owner season subtitle summary title type isClosedCaptioned order"
)
_PODCAST = (
    "transcript locked funding chapters soundbite person location season episode trailer license "
    "alternateEnclosure source integrity guid value valueRecipient medium images liveItem contentLink "
    "socialInteract block txt remoteItem podroll updateFrequency podping valueTimeSplit publisher chat image"
)

RSS_CHANNEL = frozenset(_CHANNEL.split())
RSS_ITEM = frozenset(_ITEM.split())
RSS_NESTED = frozenset(
    ("rss", "channel", "url", "title", "link", "width", "height", "description", "name", "hour", "day")
)
ITUNES_NAMES = frozenset(_ITUNES.split())
PODCAST_NAMES = frozenset(_PODCAST.split())

_USUAL: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "": {name.casefold(): name for name in sorted(RSS_CHANNEL | RSS_ITEM | RSS_NESTED)},
        "itunes": {name.casefold(): name for name in sorted(ITUNES_NAMES)},
        "podcast": {name.casefold(): name for name in sorted(PODCAST_NAMES)},
        "content": {"encoded": "encoded"},
        "atom": {"link": "link"},
        "psc": {"chapters": "chapters", "chapter": "chapter"},
    }
)


def usual_prefix(uri: str, prefix: str) -> str:
    """Return the prefix by which rules know a namespace; a misspelt address is taken for what it means.

    What nobody knows is named by its address in braces, after James Clark.
    """
    if known := PREFIXES.get(uri):
        return known
    plain = uri.strip().casefold().removeprefix("https://").removeprefix("http://").rstrip("/")
    if "itunes.com/dtds" in plain or (prefix == "itunes" and "itunes" in plain):
        return "itunes"
    if "podcastindex.org/namespace" in plain or "podcastindex-org/podcast-namespace" in plain:
        return "podcast"
    for address, name in PREFIXES.items():
        if address.casefold().partition("://")[2].rstrip("/") == plain:
            return name
    return f"{{{uri}}}"


def usual_name(prefix: str, local: str) -> str:
    """Return the spelling that a name would have had, were its case right; others stay as they are."""
    spelt = _USUAL.get(prefix, {}).get(local.casefold(), local)
    if not prefix:
        return spelt
    return f"{prefix}{spelt}" if prefix.endswith("}") else f"{prefix}:{spelt}"
