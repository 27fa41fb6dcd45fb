"""Samples of the group P20: numbers, further formats, live items, money and what ties feeds together."""

from __future__ import annotations

from rules.podcasting20 import OTHER, history, in_show
from rules.samples import bad, bad_subject, good, good_subject

MPEG = '<enclosure url="https://media.example.org/ink/audio/reading-it-out-33aa.mp3" length="14400123" type="audio/mpeg"/>'
DIGEST = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
URL = "https://media.example.org/ink/audio/reading-it-out-33aa.mp3"
THIRD = "8a4c1f0e-2f43-5d1a-9a53-7f0a5a7c1b2d"
TRAILER = 'url="https://media.example.org/t.mp3" length="1000" type="audio/mpeg" pubdate="Tue, 06 Jan 2026 14:00:00 +0000"'
NODE = "02" * 33
SHARES = (
    f'<podcast:valueRecipient name="A" type="node" address="{NODE}" split="60"/>'
    '<podcast:valueRecipient type="lnaddress" address="show@example.org" split="40"/>'
)
LINK = '<podcast:contentLink href="https://www.example.org/live">Watch on our page</podcast:contentLink>'
LIVE = (
    '<podcast:liveItem status="pending" start="2026-02-03T20:00:00-08:00" end="2026-02-03T21:00:00-08:00">'
    '<title>Live</title><guid isPermaLink="false">2f4be4a2-6ef5-4d5b-8f0a-4f1de5a1b001</guid>'
    f'<enclosure url="https://media.example.org/live.mp3" length="1" type="audio/mpeg"/>{LINK}</podcast:liveItem>'
)


def alternate(
    inside: str = f'<podcast:source uri="{URL}"/>', more: str = "", length: str = ' length="14400123"'
) -> tuple[str, str]:
    """Return the change that adds a format to the first item."""
    attributes = f'type="audio/mpeg"{length} bitrate="128000"{more}'
    return MPEG, f"{MPEG}\n<podcast:alternateEnclosure {attributes}>\n{inside}</podcast:alternateEnclosure>"


def in_item(tag: str) -> tuple[str, str]:
    """Return the change that puts a tag into the first item, on a line of its own."""
    return MPEG, f"{MPEG}\n{tag}"


def value(inside: str, head: str = 'type="lightning" method="keysend"') -> tuple[str, str]:
    """Return the change that adds payments to the first item."""
    return in_item(f"<podcast:value {head}>\n{inside}\n</podcast:value>")


def split(inside: str, head: str = 'startTime="60" duration="30"') -> str:
    """Return a time split."""
    return f"<podcast:valueTimeSplit {head}>{inside}</podcast:valueTimeSplit>"


REMOTE = f'<podcast:remoteItem feedGuid="{OTHER}"/>'
PUBLIC = ("P20-182",)

SAMPLES = (
    bad("P20-020", in_show('<podcast:funding url="www.example.org/give">Give</podcast:funding>'), at="<podcast:funding", also=("P20-021",)),
    bad("P20-020", in_show('<podcast:funding url="https://www.example.org/give"/>'), at="<podcast:funding", also=("P20-021",)),
    good("P20-020", in_show('<podcast:funding url="https://www.example.org/give">Give</podcast:funding>'), also=("P20-021",)),
    bad("P20-021", in_show('<podcast:funding url="https://www.example.org/give">Give</podcast:funding>'), at="<podcast:funding"),
    good("P20-021"),
    bad("P20-050", ("<podcast:season name=\"Paper\">1", "<podcast:season name=\"Paper\">2"), at="<podcast:season"),
    bad("P20-050", ("<podcast:season name=\"Paper\">1", "<podcast:season name=\"Paper\">one"), at="<podcast:season"),
    good("P20-050", ("<podcast:season name=\"Paper\">1</podcast:season>", "")),
    bad("P20-051", ("<podcast:episode>2<", "<podcast:episode>3<"), at="<podcast:episode>3"),
    bad("P20-051", ("<podcast:episode>2<", "<podcast:episode>Two<"), at="<podcast:episode>Two"),
    good("P20-051", ("<podcast:episode>2<", "<podcast:episode>2.5<")),
    bad("P20-052", ('name="Paper"', 'name="Ink"'), at='name="Ink"'),
    good("P20-052"),
    bad("P20-060", in_show(f"<podcast:trailer {TRAILER.replace('Tue, 06 Jan 2026 14:00:00 +0000', '2026-01-06')}>Hello</podcast:trailer>"), at="<podcast:trailer"),
    bad("P20-060", in_show(f"<podcast:trailer {TRAILER}/>"), at="<podcast:trailer"),
    bad("P20-060", in_show(f"<podcast:trailer season='one' {TRAILER}>Hello</podcast:trailer>"), at="<podcast:trailer"),
    good("P20-060", in_show(f"<podcast:trailer season='1' {TRAILER}>Hello</podcast:trailer>")),
    bad("P20-061", in_show(f"<podcast:trailer {TRAILER.replace('audio/mpeg', 'audio/mp3')}>Hello</podcast:trailer>"), at="<podcast:trailer"),
    bad("P20-061", in_show(f"<podcast:trailer {TRAILER.replace('1000', '0')}>Hello</podcast:trailer>"), at="<podcast:trailer"),
    good("P20-061", in_show(f"<podcast:trailer {TRAILER}>Hello</podcast:trailer>")),
    bad("P20-080", alternate(""), at="<podcast:alternateEnclosure"),
    bad("P20-080", alternate('<podcast:source uri="/audio/one.mp3"/>'), at="<podcast:source"),
    bad("P20-080", alternate('<podcast:source uri="magnet:?xt=urn:btih:0"/>'), at="<podcast:alternateEnclosure"),
    good("P20-080", alternate()),
    bad("P20-081", alternate(length=""), at="<podcast:alternateEnclosure"),
    bad("P20-081", (alternate()[0], alternate()[1].replace('"128000"', '"128"')), at="<podcast:alternateEnclosure"),
    bad("P20-081", alternate(more=f' title="{"x" * 33}"'), at="<podcast:alternateEnclosure"),
    good("P20-081", alternate(more=f' title="{"x" * 32}"')),
    bad("P20-082", alternate('<podcast:source uri="https://media.example.org/other.mp3"/>', ' default="true"', ' length="5"'), at="<podcast:alternateEnclosure"),
    good("P20-082", alternate(more=' default="true"')),
    bad("P20-083", alternate(f'<podcast:source uri="{URL}"/><podcast:integrity type="sha256" value="{DIGEST}"/>'), at="<podcast:source"),
    bad("P20-083", alternate(f'<podcast:source uri="{URL}"/><podcast:integrity type="sri" value="{DIGEST[:-5]}"/>'), at="<podcast:source"),
    good("P20-083", alternate(f'<podcast:source uri="{URL}"/><podcast:integrity type="sri" value="{DIGEST}"/>')),
    bad("P20-084", alternate(more=' codecs="AAC (LC)"'), at="<podcast:alternateEnclosure"),
    good("P20-084", alternate(more=' codecs="mp4a.40.2, opus"')),
    bad("P20-091", (">podcast</podcast:medium>", ">podcastL</podcast:medium>"), at="<podcast:medium>"),
    good("P20-091", (">podcast</podcast:medium>", f">podcastL</podcast:medium>{REMOTE}")),
    bad("P20-100", in_show(LIVE.replace('"pending"', '"soon"')), at="<podcast:liveItem"),
    bad("P20-100", in_show(LIVE.replace("T20:00:00-08:00", "T20:00:00")), at="<podcast:liveItem"),
    bad("P20-100", in_show(LIVE.replace("T21:00:00-08:00", "T19:00:00-08:00")), at="<podcast:liveItem"),
    good("P20-100", in_show(LIVE)),
    bad("P20-101", in_show(LIVE.replace(LINK, "")), at="<podcast:liveItem"),
    bad("P20-101", in_show(LIVE.replace("<title>Live</title>", "")), at="<podcast:liveItem"),
    good("P20-101", in_show(LIVE)),
    bad("P20-102", in_show(LIVE.replace("-02-03T", "-01-30T")), at="<podcast:liveItem"),
    bad("P20-102", in_show(LIVE.replace("-02-03T", "-01-30T").replace('"pending"', '"live"')), at="<podcast:liveItem"),
    good("P20-102", in_show(LIVE.replace("-02-03T", "-01-30T").replace('"pending"', '"ended"'))),
    bad("P20-110", in_item('<podcast:socialInteract protocol="mastodon" uri="https://social.example.org/@show/1"/>'), at="<podcast:socialInteract"),
    bad("P20-110", in_item('<podcast:socialInteract protocol="activitypub"/>'), at="<podcast:socialInteract"),
    bad("P20-110", in_item('<podcast:socialInteract protocol="disabled" uri="https://social.example.org/@show/1"/>'), at="<podcast:socialInteract"),
    good("P20-110", in_item('<podcast:socialInteract protocol="disabled"/>')),
    bad("P20-111", in_item('<podcast:socialInteract protocol="activitypub" uri="https://social.example.org/@show/1"/>\n<podcast:socialInteract protocol="nostr" uri="nostr:note1"/>'), at='<podcast:socialInteract protocol="nostr"'),
    good("P20-111", in_item('<podcast:socialInteract priority="1" protocol="activitypub" uri="https://social.example.org/@show/1"/><podcast:socialInteract priority="2" protocol="nostr" uri="nostr:note1"/>')),
    bad("P20-130", in_show(f"<podcast:txt>{'x' * 4001}</podcast:txt>"), at="<podcast:txt>xxx"),
    bad_subject("P20-130", lambda: history(in_show('<podcast:txt purpose="verify">a</podcast:txt>'), in_show('<podcast:txt purpose="verify">a</podcast:txt>')), at="clean.xml:32"),
    good("P20-130", in_show(f"<podcast:txt>{'x' * 4000}</podcast:txt>")),
    good_subject("P20-130", lambda: history(("Ink", "Ink"), in_show('<podcast:txt purpose="verify">a</podcast:txt>'))),
    bad("P20-131", ('<podcast:txt purpose="ai-content">false', '<podcast:txt purpose="ai-content">partly'), at="<podcast:txt"),
    bad("P20-131", in_item('<podcast:txt purpose="ai-content">true</podcast:txt>'), at='<podcast:txt purpose="ai-content">true'),
    bad("P20-131", ('<podcast:txt purpose="ai-content">false</podcast:txt>', ""), in_item('<podcast:txt purpose="ai-content">true</podcast:txt>'), at='<podcast:txt purpose="ai-content">true'),
    good("P20-131", in_item('<podcast:txt purpose="ai-content">false</podcast:txt>')),
    bad("P20-140", in_show('<podcast:remoteItem feedGuid="our-other-show"/>'), at="<podcast:remoteItem"),
    bad("P20-140", in_show(f'<podcast:remoteItem feedGuid="{OTHER}" feedUrl="http://example.org/f.xml"/>'), at="<podcast:remoteItem"),
    good("P20-140", in_show(f'<podcast:remoteItem feedGuid="{OTHER}" feedUrl="https://example.org/f.xml" medium="music"/>')),
    bad("P20-141", in_show("<podcast:podroll></podcast:podroll>"), at="<podcast:podroll"),
    bad("P20-141", in_show('<podcast:podroll><podcast:remoteItem feedGuid="6f0517b6-0da9-545b-b087-624b9306221f"/></podcast:podroll>'), at="<podcast:podroll"),
    bad("P20-141", in_show(f"<podcast:podroll>{REMOTE}{REMOTE}</podcast:podroll>"), at="<podcast:podroll"),
    good("P20-141", in_show(f"<podcast:podroll>{REMOTE}{REMOTE.replace(OTHER, THIRD)}</podcast:podroll>")),
    bad("P20-142", in_show("<podcast:publisher></podcast:publisher>"), at="<podcast:publisher"),
    bad("P20-142", in_show(f'<podcast:publisher><podcast:remoteItem feedGuid="{OTHER}" feedUrl="https://example.org/f.xml"/></podcast:publisher>'), at="<podcast:publisher"),
    good("P20-142", in_show(f'<podcast:publisher><podcast:remoteItem feedGuid="{OTHER}" feedUrl="https://example.org/f.xml" medium="publisher"/></podcast:publisher>')),
    bad("P20-150", in_show('<podcast:updateFrequency rrule="WEEKLY">Weekly</podcast:updateFrequency>'), at="<podcast:updateF"),
    bad("P20-150", in_show('<podcast:updateFrequency rrule="FREQ=WEEKLY;COUNT=3">Weekly</podcast:updateFrequency>'), at="<podcast:updateF"),
    bad("P20-150", in_show('<podcast:updateFrequency rrule="FREQ=WEEKLY;BYDAY=XX">Weekly</podcast:updateFrequency>'), at="<podcast:updateF"),
    good("P20-150", in_show('<podcast:updateFrequency dtstart="2026-01-06T14:00:00Z" rrule="FREQ=MONTHLY;BYDAY=2TU;COUNT=9">Monthly</podcast:updateFrequency>')),
    bad("P20-151", in_show('<podcast:updateFrequency complete="true">Done</podcast:updateFrequency>'), at="<podcast:updateF"),
    good("P20-151", in_show('<podcast:updateFrequency rrule="FREQ=DAILY">Daily</podcast:updateFrequency>')),
    bad("P20-170", ('startTime="60" duration="30"', 'startTime="880" duration="30"'), at="<podcast:soundbite"),
    bad("P20-170", ('startTime="60" duration="30"', 'startTime="1:00" duration="30"'), at="<podcast:soundbite"),
    good("P20-170", ('startTime="60" duration="30"', 'startTime="870" duration="30"')),
    bad("P20-171", ('duration="30">', 'duration="14">'), at="<podcast:soundbite"),
    good("P20-171", ('duration="30">', 'duration="15">')),
    bad("P20-180", value(""), at="<podcast:value ", also=PUBLIC),
    bad("P20-180", value(SHARES, 'type="paypal" method="keysend"'), at="<podcast:value ", also=PUBLIC),
    bad("P20-180", value(SHARES.replace('"60"', '"60%"')), at="<podcast:valueRecipient", also=PUBLIC),
    bad("P20-180", value(SHARES.replace(NODE, NODE[:-1])), at="<podcast:valueRecipient", also=PUBLIC),
    good("P20-180", value(SHARES), also=PUBLIC),
    bad("P20-181", value(SHARES + "\n" + split("")), at="<podcast:valueTimeSplit", also=PUBLIC),
    bad("P20-181", value(SHARES + "\n" + split(REMOTE, 'startTime="890" duration="30"')), at="<podcast:valueTimeSplit", also=PUBLIC),
    bad("P20-181", value(SHARES + "\n" + split(REMOTE) + "\n" + split(REMOTE, 'startTime="80" duration="30"')), at='<podcast:valueTimeSplit startTime="80"', also=PUBLIC),
    bad("P20-181", value(SHARES + "\n" + split(REMOTE, 'startTime="60" duration="30" remotePercentage="150"')), at="<podcast:valueTimeSplit", also=PUBLIC),
    good("P20-181", value(SHARES + split(REMOTE) + split(REMOTE, 'startTime="90" duration="30"')), also=PUBLIC),
    bad("P20-182", value(SHARES), at="<podcast:value "),
    good("P20-182"),
    bad("P20-190", in_item('<podcast:chat server="https://chat.example.org/" protocol="matrix"/>'), at="<podcast:chat"),
    bad("P20-190", in_item('<podcast:chat server="chat.example.org" protocol="slack"/>'), at="<podcast:chat"),
    good("P20-190", in_item('<podcast:chat server="chat.example.org" protocol="matrix"/>')),
    bad("P20-200", in_item('<podcast:image href="https://media.example.org/b.png"/>'), at="<podcast:image"),
    bad("P20-200", in_item('<podcast:image href="https://media.example.org/b.png" alt="A board" purpose="banner"/>'), at="<podcast:image"),
    bad("P20-200", in_item('<podcast:image href="https://media.example.org/b.webp" alt="A board"/>'), at="<podcast:image"),
    bad("P20-200", in_item('<podcast:image href="https://media.example.org/b.png" alt="A board" purpose="header"/>'), at="<podcast:image"),
    bad("P20-200", in_item('<podcast:image href="https://media.example.org/b.png" alt="A board" aspect-ratio="3/1" width="1920" height="1080"/>'), at="<podcast:image"),
    good("P20-200", in_item('<podcast:image href="https://media.example.org/b.png" alt="A board" aspect-ratio="16/9" width="1366" height="768"/>')),
    good("P20-200", in_item('<podcast:image href="https://media.example.org/b.png" alt="A board" aspect-ratio="16/9" width="1920px" height="0"/>')),
    good("P20-200", in_item('<podcast:image href="https://media.example.org/b.png" alt="A board" purpose="banner" aspect-ratio="3/1"/>')),
    bad("P20-201", in_item('<podcast:images srcset="https://media.example.org/c.jpg 1500w"/>'), at="<podcast:images"),
    good("P20-201"),
    bad("P20-210", in_show(LIVE.replace('href="https://www.example.org/live"', 'href="/live"')), at="<podcast:liveItem"),
    bad("P20-210", in_show(LIVE.replace("Watch on our page", "")), at="<podcast:liveItem"),
    good("P20-210", in_show(LIVE)),
)  # fmt: skip
