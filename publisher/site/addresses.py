"""Public addresses to what a page may write in its links."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from publisher.model import FeedSettings, Show


def feed_address(show: Show, feed: FeedSettings) -> str:
    """Return the address under which a feed is published."""
    return f"{show.base_url}{quote(feed.name)}.xml"


def from_page(show: Show, key: str, address: str) -> str:
    """Return `address` as seen from the page at `key`: relative below the base URL, so that pages can move.

    An address elsewhere stays as it is.
    """
    if not address.startswith(show.base_url):
        return address
    return "../" * key.count("/") + (address[len(show.base_url) :] or "./")


def web_address(address: str | None) -> str | None:
    """Return an address that is safe to link to, or nothing: http and https only."""
    return address if address and address.lower().startswith(("https://", "http://")) else None


def content_policy(show: Show, *addresses: str | None) -> str:
    """Return the page's Content Security Policy: the show's own files only, no inline script or style.

    `addresses` of media that lie elsewhere add their host to what may be loaded as picture or sound.
    """
    elsewhere = {
        f"{parts.scheme}://{parts.netloc}"
        for address in addresses
        if address and not address.startswith(show.base_url) and (parts := urlsplit(address)).netloc
    }
    media = " ".join(("'self'", *sorted(elsewhere)))
    return (
        f"default-src 'none'; style-src 'self'; script-src 'self'; img-src data: {media}; media-src {media}; "
        "base-uri 'none'; form-action 'none'"
    )
