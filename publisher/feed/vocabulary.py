"""Namespaces and names of elements into the one spelling by which rules know them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

ADDRESSES: Mapping[str, str] = MappingProxyType(
    {prefix: uri for uri, prefix in reversed([*PREFIXES.items()])}
)
"""The usual prefixes, each with the address that it stands for."""

HOSTS = frozenset(
    {
        "com-wordpress:feed-additions:1",
        "http://fireside.fm/modules/rss/fireside",
        "http://madskills.com/public/xml/rss/module/pingback/",
        "http://madskills.com/public/xml/rss/module/trackback/",
        "http://webns.net/mvcb/",
        "http://www.google.com/schemas/play-podcasts/1.0/",
        "http://www.rssboard.org/media-rss",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/2001/XMLSchema-instance",
        "https://anchor.fm/xmlns",
        "https://art19.com/xmlns/rss-extensions/1.0",
        "https://feed.press/xmlns",
        "https://fyyd.de/fyyd-ns/",
        "https://omny.fm/rss-extensions",
        "https://schema.acast.com/1.0/",
        "https://www.npr.org/rss/",
    }
)
"""Further namespaces, of hosts and of the web; nobody but they themselves read them."""

LICENCES = ("ARR", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "POD-V4V-1.0")
"""The identifiers of the namespace's licenses.json, spelt as there; every other licence is a custom one."""

_CHANNEL = (
    "title link description language copyright managingEditor webMaster pubDate lastBuildDate category "
    "generator docs cloud ttl image rating textInput skipHours skipDays item"
)
_ITEM = "title link description author category comments enclosure guid pubDate source"
_ITUNES = (
    "author block category complete duration email episode episodeType explicit image keywords name "
    "new-feed-url owner season subtitle summary title type isClosedCaptioned order applepodcastsverify"
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
RSS_CHILDREN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "channel": RSS_CHANNEL,
        "item": RSS_ITEM,
        "podcast:liveItem": RSS_ITEM,
        "image": frozenset({"url", "title", "link", "width", "height", "description"}),
        "textInput": frozenset({"title", "description", "name", "link"}),
        "skipHours": frozenset({"hour"}),
        "skipDays": frozenset({"day"}),
    }
)
"""Which elements of RSS itself stand under which."""

ITUNES_NAMES = frozenset(_ITUNES.split())
PODCAST_NAMES = frozenset(_PODCAST.split())
ITUNES_PARENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        f"itunes:{name}": frozenset(parents.split())
        for names, parents in (
            ("complete new-feed-url owner type applepodcastsverify", "channel"),
            ("name email", "itunes:owner"),
            ("category", "channel itunes:category"),
            ("duration episode episodeType season isClosedCaptioned order", "item podcast:liveItem"),
            ("author block explicit image keywords subtitle summary title", "channel item podcast:liveItem"),
        )
        for name in names.split()
    }
)
"""Under which elements Apple's stand."""


@dataclass(frozen=True, slots=True)
class PodcastElement:
    """What the Podcasting 2.0 namespace says of an element: where it stands, how often, its attributes."""

    parents: frozenset[str]
    is_single: bool
    required: tuple[str, ...]
    optional: tuple[str, ...]


_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "c": "channel",
        "i": "item",
        "l": "podcast:liveItem",
        "a": "podcast:alternateEnclosure",
        "v": "podcast:value",
        "t": "podcast:valueTimeSplit",
        "p": "podcast:podroll",
        "b": "podcast:publisher",
    }
)
_PODCAST_TABLE = """
transcript           il   url type                [language rel]
locked               c  1                         [owner]
funding              cil  url
chapters             il 1 url type
soundbite            i    startTime duration
person               cil                          [role group img href]
location             cil                          [rel geo osm country]
season               il 1                         [name]
episode              il 1                         [display]
trailer              c    url pubdate             [length type season]
license              cil 1                        [url]
alternateEnclosure   il   type                    [length bitrate height lang title rel codecs default]
source               a    uri                     [contentType]
integrity            a  1 type value
guid                 c  1
value                cil  type method             [suggested]
valueRecipient       vt   type address split      [name customKey customValue fee]
medium               c  1
images               cil 1 srcset
liveItem             c    status start            [end]
contentLink          il   href
socialInteract       cil  protocol                [uri accountId accountUrl priority]
block                c                            [id]
txt                  cil                          [purpose]
remoteItem           cptb feedGuid                [feedUrl itemGuid medium title]
podroll              c  1
updateFrequency      c  1                         [complete dtstart rrule]
podping              c  1 usesPodping
valueTimeSplit       v    startTime duration      [remoteStartTime remotePercentage]
publisher            c  1
chat                 cil 1 server protocol        [accountId space]
image                cil  href                    [alt aspect-ratio width height type purpose]
"""


def _podcast_elements() -> Iterator[tuple[str, PodcastElement]]:
    for line in _PODCAST_TABLE.strip().splitlines():
        needed, _, rest = line.partition("[")
        name, places, *required = needed.split()
        is_single = required[:1] == ["1"]
        yield (
            f"podcast:{name}",
            PodcastElement(
                frozenset(_PLACES[letter] for letter in places),
                is_single,
                tuple(required[is_single:]),
                tuple(rest.rstrip("]").split()),
            ),
        )


PODCAST_ELEMENTS: Mapping[str, PodcastElement] = MappingProxyType(dict(_podcast_elements()))
"""The table of the Podcasting 2.0 namespace (podcastindex.org/namespace/1.0), by name with prefix."""

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
    if prefix in {"itunes", "podcast", "atom", "content", "psc"}:
        return prefix  # bound to something else: one rule says so, and the others read on
    return f"{{{uri}}}"


def usual_name(prefix: str, local: str) -> str:
    """Return the spelling that a name would have had, were its case right; others stay as they are."""
    spelt = _USUAL.get(prefix, {}).get(local.casefold(), local)
    if not prefix:
        return spelt
    return f"{prefix}{spelt}" if prefix.endswith("}") else f"{prefix}:{spelt}"
