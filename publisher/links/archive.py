"""Links without a copy to the copies that a web archive has of them, written down in the sources."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

from publisher.errors import SourceError
from publisher.fetch import Asking, FetchError, fetch
from publisher.files import write_whole
from publisher.links.asking import Manner
from publisher.links.gathering import Link, gather
from publisher.links.pacing import Again, Done, ask_politely
from publisher.resources import CATALOGUE_FILE, load_catalogue
from publisher.resources.record import LinkRecord, Record, read_record, write_record
from publisher.source.frontmatter import parse_yaml

SERVICE = "https://archive.org/wayback/available"
"""Answers which copy of an address there is; nothing is sent but the address, which is public anyway."""
_LIMIT_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class ArchivedLink:
    """A link with the copy that was found, or why there is none; `written_to` is the file that has it now."""

    address: str
    copy: str | None
    says: str
    written_to: str | None = None


def archive_links(
    root: Path,
    slugs: tuple[str, ...],
    service: str,
    manner: Manner,
    advance: Callable[[int], object] = lambda _count: None,
) -> tuple[ArchivedLink, ...]:
    """Ask the archive for every link that has no copy yet, and write down what it has.

    Copies of resources go into the catalogue, copies of addresses in notes into the record of links.

    Raises:
        SourceError: every problem of the files.
        SurroundingsError: a file cannot be written.
    """
    record, catalogue = read_record(root), load_catalogue(root)
    have = {resource.id for resource in catalogue.values() if resource.archived_url}
    wanted = [link for link in gather(root, slugs) if not _has_copy(link, have, record)]
    found = ask_politely(
        [link.address for link in wanted],
        partial(_ask, service=service, manner=manner),
        lambda _address: urlsplit(service).hostname or "",
        advance,
    )
    copies = {each.address: each for each in found}
    return tuple(_write(root, link, copies[link.address]) for link in wanted)


def _has_copy(link: Link, have: set[str], record: Record) -> bool:
    if link.resources:
        return have.issuperset(link.resources)
    known = record.get(link.address)
    return bool(known and known.archived_url)


def _ask(address: str, *, service: str, manner: Manner) -> Done[ArchivedLink] | Again[str]:
    asking = Asking(limit_bytes=_LIMIT_BYTES, timeout_s=manner.timeout_s, allowed=manner.allowed)
    try:
        answer = fetch(f"{service}?url={quote(address, safe='')}", asking)
    except FetchError as error:
        return Done(ArchivedLink(address, None, f"the archive cannot be asked: {error}"))
    if answer.status != 200:
        return Done(ArchivedLink(address, None, f"the archive answers {answer.status} {answer.reason}"))
    copy = _closest(answer.body)
    return Done(ArchivedLink(address, copy, "has a copy" if copy else "the archive has no copy"))


def _closest(body: bytes) -> str | None:
    """Read the archive's answer; what is no good copy at a web address counts as none."""
    try:
        closest = json.loads(body)["archived_snapshots"]["closest"]
        copy, is_good = closest["url"], closest["available"] is True and str(closest["status"])[:1] == "2"
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not (is_good and isinstance(copy, str) and re.fullmatch(r"https?://[^\s/?#\x00-\x1f\x7f]+/\S*", copy)):
        return None
    is_wayback = urlsplit(copy).hostname == "web.archive.org"
    return f"https://{copy.removeprefix('http://')}" if is_wayback and copy.startswith("http://") else copy


def _write(root: Path, link: Link, found: ArchivedLink) -> ArchivedLink:
    if not found.copy:
        return found
    if not link.resources:
        record = dict(read_record(root))
        known = record.get(link.address) or LinkRecord("unsure", "was not checked yet")
        write_record(root, {**record, link.address: replace(known, archived_url=found.copy)})
        return replace(found, written_to="episodes/links.json")
    path = root / CATALOGUE_FILE
    data = path.read_bytes()
    try:
        for identifier in link.resources:
            data = add_copy(data, identifier, found.copy)
    except ValueError:
        return replace(found, says=f"has a copy; write `archived_url: {found.copy}` for it yourself")
    write_whole(path, data)
    return replace(found, written_to=CATALOGUE_FILE)


def add_copy(catalogue: bytes, identifier: str, copy: str) -> bytes:
    """Add `archived_url` to an entry of the catalogue, on a line of its own before `url`.

    Raises:
        ValueError: the entry is not written one key a line.
    """
    text = catalogue.decode("utf-8-sig")
    before = parse_yaml(text.replace("\r\n", "\n"), CATALOGUE_FILE)
    lines = text.split("\n")
    value = copy if re.fullmatch(r"https?://[\w./:?=&%~+,;@!$()*-]+", copy, re.ASCII) else json.dumps(copy)
    empty = before.keys.get((identifier, "archived_url"))
    place = empty or before.keys[identifier, "url"]
    line = lines[place.line - 1]
    key = "archived_url" if empty else "url"
    if line[: place.column - 1].strip() or not re.match(rf"{key}:(\s|$)", line[place.column - 1 :]):
        raise ValueError("the entry is written on one line")
    end = "\r" if line.endswith("\r") else ""
    written = f"{line[: place.column - 1]}archived_url: {value}"
    if empty:
        remark = re.search(r"\s+#.*", line[place.column - 1 :].rstrip("\r"))
        lines[place.line - 1] = f"{written}{remark[0] if remark else ''}{end}"
    else:
        lines.insert(place.line - 1, written + end)
    changed = "\n".join(lines)
    try:
        after = parse_yaml(changed.replace("\r\n", "\n"), CATALOGUE_FILE).data
    except SourceError as error:
        raise ValueError("the entry cannot be read any more") from error
    if after != {**before.data, identifier: {**before.data[identifier], "archived_url": copy}}:
        raise ValueError("something else would change, too")
    mark = b"\xef\xbb\xbf" if catalogue.startswith(b"\xef\xbb\xbf") else b""
    return mark + changed.encode()
