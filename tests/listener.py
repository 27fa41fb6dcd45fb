"""A storage, polled now and then, to what a listener went through: duplicates, missing files, wrong bytes.

It shares no code with what it judges: the feed is read by the standard library, what is published by its address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

Get = Callable[[str], tuple[bytes, str] | None]
"""A key to its bytes and etag, as listeners get them."""


@dataclass(frozen=True)
class Heard:
    """What is on somebody's phone."""

    title: str
    url: str
    sha256: str
    date: datetime


@dataclass
class Listener:
    """One podcast app; `complaints` stays empty as long as all is well."""

    get: Get
    base: str
    feed_key: str = "show.xml"
    heard: dict[str, Heard] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    polls: int = 0
    downloads: int = 0
    _etag: str = ""

    def poll(
        self,
        now: datetime | None = None,
        *,
        removed: frozenset[str] = frozenset(),
        replaced: frozenset[str] = frozenset(),
    ) -> None:
        """Look for news; `removed` and `replaced` are the guids that the publisher took out or remade on purpose."""
        self.polls += 1
        found = self.get(self.feed_key)
        if found is None:
            if self._etag:
                self.complaints.append("the feed is gone")
            return
        data, etag = found
        if etag == self._etag:
            return  # 304
        self._etag = etag
        try:
            entries = [self._entry(item) for item in ElementTree.fromstring(data).iter("item")]
        except (ElementTree.ParseError, AttributeError, ValueError, KeyError) as error:
            self.complaints.append(f"the feed cannot be read: {error}")
            return
        self._compare(entries, now, removed, replaced)

    def _compare(
        self,
        entries: list[tuple[str, str, str, int, datetime]],
        now: datetime | None,
        removed: frozenset[str],
        replaced: frozenset[str],
    ) -> None:
        guids = [entry[0] for entry in entries]
        self.complaints += [f"{guid} is there twice" for guid in set(guids) if guids.count(guid) > 1]
        self.complaints += [
            f"{guid} vanished" for guid in self.heard if guid not in guids and guid not in removed
        ]
        for guid in removed - set(guids):
            self.heard.pop(guid, None)
        for guid, title, url, length, date in entries:
            if now and date > now:
                self.complaints.append(f"{guid} came {date - now} early")
            before = self.heard.get(guid)
            if before and before.url == url:
                self._download(guid, url, length)  # what is on the phone may be deleted and fetched again
                self.heard[guid] = Heard(title, url, before.sha256, date)
                continue
            if before and guid not in replaced:
                self.complaints.append(f"{guid} is downloaded again, from {url}")
            sha256 = self._download(guid, url, length)
            if sha256 and any(heard.sha256 == sha256 for other, heard in self.heard.items() if other != guid):
                self.complaints.append(f"{guid} is a duplicate")
            self.heard[guid] = Heard(title, url, sha256, date)

    def _download(self, guid: str, url: str, length: int) -> str:
        self.downloads += 1
        found = self.get(url.removeprefix(self.base)) if url.startswith(self.base) else None
        if found is None:
            self.complaints.append(f"the file of {guid} is missing: {url}")
            return ""
        if len(found[0]) != length:
            self.complaints.append(f"the file of {guid} has {len(found[0])} bytes instead of {length}")
        sha256 = hashlib.sha256(found[0]).hexdigest()
        before = self.heard.get(guid)
        if before and before.url == url and before.sha256 != sha256:
            self.complaints.append(f"the file of {guid} has other bytes than before")
        return sha256

    def _entry(self, item: ElementTree.Element) -> tuple[str, str, str, int, datetime]:
        enclosure = item.find("enclosure")
        assert enclosure is not None
        return (
            item.findtext("guid", ""),
            item.findtext("title", ""),
            enclosure.attrib["url"],
            int(enclosure.attrib["length"]),
            parsedate_to_datetime(item.findtext("pubDate", "")),
        )
