"""Rules on addresses that will not last: the group HT."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, ItemsView, ItemView, host_of

_NAMES = (
    ("enclosure", "url"),
    ("itunes:image", "href"),
    ("podcast:transcript", "url"),
    ("podcast:chapters", "url"),
    ("atom:link", "href"),
)
_EXPIRING = re.compile(
    r"[?&](x-(?:amz|goog)-(?:signature|credential|expires|security-token)|awsaccesskeyid|key-pair-id"
    r"|signature|expires|access_token|token|sig)=[^&#]",
    re.IGNORECASE,
)
_STORES = re.compile(
    r"(?:^|\.)(?:s3[a-z0-9.-]*\.amazonaws\.com(?:\.cn)?|storage\.googleapis\.com|storage\.cloud\.google\.com"
    r"|blob\.core\.windows\.net|r2\.dev|r2\.cloudflarestorage\.com|digitaloceanspaces\.com"
    r"|backblazeb2\.com|wasabisys\.com|linodeobjects\.com|your-objectstorage\.com|firebasestorage\.app)$"
)


@rule("HT-019", "address-expires", "warn", when=tuple(name for name, _ in _NAMES))
def address_expires(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Signed addresses end after hours or days; the feed and all apps keep them for years.

    Bad: `https://media.example.org/one.mp3?X-Amz-Expires=3600&X-Amz-Signature=…`
    Good: `https://media.example.org/one.mp3`
    Source: practice of object stores.
    """
    for name, attribute in _NAMES:
        for element in subject.all(name):
            address = element.get(attribute)
            if "?" in address and (found := _EXPIRING.search(address)):
                message = (
                    f"an address in the feed holds {found[1]!r}: it will end, or is meant for one person"
                )
                yield Fault(message, subject.at(element, attribute), "publish the file at a lasting address")
                return


@rule("HT-020", "address-of-a-store", "warn")
def address_of_a_store(subject: ItemsView) -> Iterator[Fault]:
    """With the store's own name in all addresses, moving to another one breaks every episode in every app.

    Bad: `https://bucket.s3.amazonaws.com/one.mp3`
    Good: `https://media.example.org/one.mp3`, a name of your own that leads to the store
    Source: practice of publishers who had to move.
    """
    seen: set[str] = set()
    channel = subject.channel
    for address in (channel.context.self_link, channel.attribute("itunes:image", "href")):
        if (host := host_of(address)) and host not in seen and _STORES.search(host):
            seen.add(host)
            name = "atom:link" if address == channel.context.self_link else "itunes:image"
            place = channel.places_in_show("show", "base_url") if channel.context.is_own else channel.at(name)
            yield Fault(f"the feed leads to the store itself: {host}", place, _HINT)
    for item in subject.items:
        if (host := host_of(item.audio_url)) and host not in seen and _STORES.search(host):
            seen.add(host)
            yield Fault(
                f"the audio's address is that of the store itself: {host}",
                subject.at(item, "enclosure", "url"),
                _HINT,
            )


_HINT = "let a domain of your own lead to the store, and write that (base_url in show.toml)"
