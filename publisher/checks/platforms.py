"""Rules of single directories and apps that no other group has (group PL)."""

# ruff: noqa: D205 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.engine import Fault, checklist, rule
from publisher.checks.views import ChannelView, HistoryView, ItemsView, ItemView, path_of
from publisher.feed.dates import parse_date

_COUNTRIES = re.compile(r"[a-z]{2}(?: [a-z]{2})*", re.IGNORECASE)
_PERIOD = re.compile(r"(?:(?:start|end|scheme)=[^;]+;?\s*)+", re.IGNORECASE)


@rule("PL-001", "nothing-out-yet", "error", "spotify")
def nothing_out_yet(subject: ItemsView) -> Iterator[Fault]:
    """Spotify takes a show only with an episode that can be heard now. Its other demands have rules of their
    own: author, date, cover, a guid for each item.

    Bad: a feed whose only episode comes out next month
    Good: a trailer that is out
    Source: Spotify, Show metadata requirements.
    """
    if subject.context.is_own:
        return  # a show that is being prepared is not handed in yet
    dates = [parse_date(item.date) for item in subject.items]
    if dates and all(date is not None and date > subject.context.now for date in dates):
        yield Fault(
            "no episode of the show is out yet",
            subject.at(subject.items[-1], "pubDate"),
            "publish a trailer first",
        )


@rule("PL-002", "main-audio-not-mp3", "warn", "spotify", when=("enclosure",))
def main_audio_not_mp3(subject: ItemView) -> Iterator[Fault]:
    """Spotify prefers MP3, and hosts report that M4A was not taken; other forms belong beside it.

    Bad: `<enclosure … type="audio/x-m4a"/>`
    Good: MP3 in `enclosure`, M4A in `podcast:alternateEnclosure`
    Source: Spotify, as hosts report it; the primary text could not be read again.
    """
    media_type = subject.attribute("enclosure", "type").casefold()
    if path_of(subject.audio_url).casefold().endswith(".mp3"):
        return  # the type is wrong then, which IT-009 says
    if media_type in {"audio/x-m4a", "audio/mp4", "audio/m4a", "audio/aac"}:
        yield Fault(
            f"the audio is {media_type}; Spotify prefers MP3",
            subject.at("enclosure", "type"),
            "offer MP3 as the main file, and the other form as an alternate",
        )


@rule("PL-004", "change-not-taken-over", "warn", "youtube")
def change_not_taken_over(subject: HistoryView) -> Iterator[Fault]:
    """YouTube makes a video of an episode once: what is changed later has to be changed there by hand.

    Bad: a title mended in the feed only
    Good: the same title typed in YouTube Studio, too
    Source: YouTube, as it is documented for feeds; the primary text could not be read again.
    """
    for old, now in subject.pairs:
        if old.guid != now.guid or _is_another(old.title, now.title, old.audio_url, now.audio_url):
            continue
        changed = [
            word
            for word, before, after in (
                ("title", old.title, now.title),
                ("notes", old.description, now.description),
            )
            if before != after
        ]
        if changed:
            words = " and ".join(changed)
            place = subject.at(now, "title" if "title" in changed else "description")
            yield Fault(
                f"the {words} of {now.name!r} changed after it came out", place, "change it on YouTube, too"
            )


def _is_another(title: str, new_title: str, audio: str, new_audio: str) -> bool:
    """Tell whether ID-003 speaks: another episode under a known guid."""
    return title != new_title and audio != new_audio


@rule("PL-005", "title-with-angle", "warn", "youtube")
def title_with_angle(subject: ItemView) -> Iterator[Fault]:
    """YouTube refuses `<` and `>` in titles. Its other bounds are stricter elsewhere: 100 characters of a
    title (TX-006), and 4,000 bytes of notes (IT-028).

    Bad: `title: Fear < hope`
    Good: `title: From fear to hope`
    Source: YouTube, as it is documented for videos; the primary text could not be read again.
    """
    title = subject.title
    found = next((mark for mark in "<>" if mark in title), "")
    if found and not re.search(r"</?[a-zA-Z][^<>]*>|&[a-z]{2,8};", title):
        yield Fault(
            f"the title holds {found!r}, which YouTube refuses", subject.at("title"), "say it in words"
        )


@rule("PL-006", "no-mail-for-amazon", "warn", "amazon", "-youtube", "-spotify")
def no_mail_for_amazon(subject: ChannelView) -> Iterator[Fault]:
    """Amazon sends the code that proves the show is yours to the address in the feed. For several directories
    at once PL-003 says it; category and language have rules of their own.

    Bad: no `owner` key
    Good: `owner = { name = "The Sample Office", email = "podcast@example.org" }`
    Source: Amazon Music, as it is documented for claims; the primary text could not be read again.
    """
    owner = subject.first("itunes:owner")
    mail = owner.first("itunes:email") if owner is not None else None
    if (mail is None or not mail.value) and not subject.attribute("podcast:locked", "owner"):
        yield Fault(
            "the feed has no mail address for Amazon to send its code to",
            subject.at("itunes:owner"),
            'add owner = { name = "…", email = "…" } under [show]; a role address, not a personal one',
        )


@checklist("PL-007", "new-cover-new-address", "warn", kept=True)
def new_cover_new_address() -> None:
    """Apps such as Pocket Casts and Overcast fetch a cover once an address: another picture needs another.
    Here every cover's name holds a digest of its bytes. The order of items is IT-025's.

    Bad: a new picture under `cover.jpg`
    Good: `cover-1a2b3c4d.jpg`
    Source: Pocket Casts and Overcast, as they behave.
    """


@rule("PL-008", "limits-malformed", "warn", "spotify", when=("spotify:countryOfOrigin", "dcterms:valid"))
def limits_malformed(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Spotify reads where a show is from and how long an episode may be heard; a slip can hide it everywhere.

    Bad: `<spotify:countryOfOrigin>United States</spotify:countryOfOrigin>`
    Good: `<spotify:countryOfOrigin>us</spotify:countryOfOrigin>`
    Source: Spotify, Podcast delivery specification; the primary text could not be read again.
    """
    for element in subject.all("spotify:countryOfOrigin"):
        if not _COUNTRIES.fullmatch(element.value):
            hint = "write codes of two letters with a space between them, such as us mx"
            yield Fault(f"{element.value[:40]!r} is no list of countries", subject.at(element), hint)
    for element in subject.all("dcterms:valid"):
        if not _PERIOD.fullmatch(element.value):
            hint = "write start=2026-01-31T06:00:00Z; end=2026-12-31T06:00:00Z"
            yield Fault(f"{element.value[:60]!r} is no period of time", subject.at(element), hint)
