"""Samples of the group P20: the show, its people and its places."""

from __future__ import annotations

from publisher.checks.facts import HistoryView, ItemsView, facts_of
from publisher.checks.foreign import ForeignFeed
from rules.samples import CONTEXT, bad, bad_subject, clean_feed, good, good_subject

GUID = "    <podcast:guid>6f0517b6-0da9-545b-b087-624b9306221f</podcast:guid>\n"
LOCKED = '    <podcast:locked owner="podcast@example.org">yes</podcast:locked>\n'
HOST = '<podcast:person role="host" group="cast" href="https://www.example.org/people/host">Sample Host</podcast:person>'
GUEST = '      <podcast:person role="guest" group="cast">Sample Guest</podcast:person>\n'
PLACE = '<podcast:location rel="subject" geo="geo:35.373,-119.019" osm="R112023" country="US">'
OTHER = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
MEDIUM = "<podcast:medium>podcast</podcast:medium>"


def in_show(tag: str) -> tuple[str, str]:
    """Return the change that puts a tag into the channel, on a line of its own."""
    return MEDIUM, f"{MEDIUM}\n{tag}"


def history(before: tuple[str, str], *after: tuple[str, str]) -> HistoryView:
    """Return what was published before beside what there is now."""

    def items(feed: ForeignFeed) -> ItemsView:
        channel = feed.channel()
        assert channel
        return feed.catalogue(channel, tuple(facts_of(view) for view in feed.items()))

    return HistoryView("what was published", items(clean_feed(before)), items(clean_feed(*after)), CONTEXT)


SAMPLES = (
    bad("P20-001", (' duration="30"', ""), at="<podcast:soundbite"),
    bad("P20-001", (' duration="30"', ' duration=""'), at="<podcast:soundbite"),
    bad("P20-001", in_show('<podcast:funding>Give</podcast:funding>'), at="<podcast:funding", also=("P20-021",)),
    good("P20-001"),
    bad("P20-002", (MEDIUM, MEDIUM + "\n    <podcast:medium>video</podcast:medium>"), at="<podcast:medium>video"),
    bad("P20-002", ("<podcast:episode>2<", "<podcast:episode>2</podcast:episode>\n<podcast:episode>2<"), at="<podcast:episode>2</podcast:episode>\n      <podcast:person"),
    good("P20-002"),
    bad("P20-003", ('https://media.example.org/ink/transcripts/reading-it-out-33aa.vtt', 'http://media.example.org/ink/transcripts/reading-it-out-33aa.vtt'), at='"http://media'),
    bad("P20-003", in_show('<podcast:funding url="http://www.example.org/give">Give</podcast:funding>'), at="<podcast:funding", also=("P20-021",)),
    good("P20-003"),
    bad("P20-004", (">Why read aloud?<", f">{'x' * 129}<"), at="<podcast:soundbite"),
    good("P20-004", (">Why read aloud?<", f">{'x' * 128}<")),
    bad("P20-010", (GUID, ""), at="<channel>"),
    good("P20-010"),
    bad("P20-011", (GUID, "<podcast:guid>our-show</podcast:guid>\n"), at="<podcast:guid>"),
    bad("P20-011", ("0da9-545b", "0da9-445b"), at="<podcast:guid>"),
    good("P20-011", ("6f0517b6-0da9", "6F0517B6-0DA9")),
    bad("P20-012", ("6f0517b6-0da9-545b-b087-624b9306221f", OTHER), at="<podcast:guid>", address="https://media.example.org/ink/feed.xml"),
    good("P20-012", ("6f0517b6-0da9-545b-b087-624b9306221f", OTHER), ("Tue, 06 Jan 2026", "Mon, 06 Jan 2025"), address="https://media.example.org/ink/feed.xml"),
    bad_subject("P20-013", lambda: history(("Ink", "Ink"), ("6f0517b6-0da9-545b-b087-624b9306221f", OTHER)), at="clean.xml:29"),
    bad_subject("P20-013", lambda: history(("Ink", "Ink"), (GUID, "")), at="clean.xml:3"),
    good_subject("P20-013", lambda: history((GUID, ""), ("Ink", "Ink"))),
    bad("P20-014", (">yes<", ">true<"), at="<podcast:locked"),
    good("P20-014", (">yes<", ">no<")),
    bad("P20-015", (LOCKED, ""), at="<channel>"),
    good("P20-015"),
    bad("P20-016", ('owner="podcast@example.org"', 'owner="The Sample Office"'), at="<podcast:locked"),
    good("P20-016", (' owner="podcast@example.org"', "")),
    bad("P20-030", (">Sample Guest<", "> <"), at='role="guest"'),
    good("P20-030"),
    bad("P20-031", ('role="guest"', 'role="interviewee"'), at='role="interviewee"'),
    bad("P20-031", ('role="guest" group="cast"', 'role="guest" group="writing"'), at='group="writing"'),
    good("P20-031", ('role="guest" group="cast"', 'role="Guest"')),
    bad("P20-032", (f"      {HOST}\n{GUEST}", GUEST), at=GUEST.strip()),
    good("P20-032", (f"      {HOST}\n{GUEST}", "")),
    bad("P20-033", (HOST, HOST.replace('"host" group="cast"', '"producer" group="creative direction"')), at='role="producer"'),
    good("P20-033", (f"    {HOST}\n", "")),
    bad("P20-034", ('group="cast">Sample Guest', 'group="cast" img="/guest.jpg">Sample Guest'), at='img="/guest'),
    bad("P20-034", (f'{GUEST[:-1]}', GUEST.replace('group', 'href="http://www.example.org/guest" group')), at='"http://www.example.org/guest'),
    good("P20-034", ('group="cast">Sample Guest', 'group="cast" img="https://www.example.org/guest.jpg">Sample Guest')),
    bad("P20-035", (GUEST, GUEST + GUEST.replace("Sample Guest", "sample  guest")), at=">sample  guest"),
    bad("P20-035", (GUEST, GUEST.replace("Sample Guest", "Sample Höst")), at=">Sample Höst"),
    good("P20-035", (GUEST, GUEST + GUEST.replace('"guest"', '"reporter"'))),
    bad("P20-040", (">Bakersfield<", "><"), at="<podcast:location"),
    bad("P20-040", ('rel="subject"', 'rel="topic"'), at="<podcast:location"),
    good("P20-040"),
    bad("P20-041", ("geo:35.373,-119.019", "geo:-119.019,35.373"), at="<podcast:location"),
    bad("P20-041", ("geo:35.373,-119.019", "35.373, -119.019"), at="<podcast:location"),
    bad("P20-041", ("geo:35.373,-119.019", "geo:35.373,119.019"), at="<podcast:location"),
    good("P20-041", ("geo:35.373,-119.019", "geo:35.373,-119.019,12;u=5")),
    bad("P20-042", ('osm="R112023"', 'osm="https://www.openstreetmap.org/relation/112023"'), at="<podcast:location"),
    good("P20-042", ('osm="R112023"', 'osm="W112023#12"')),
    bad("P20-043", ('country="US"', 'country="UK"'), at="<podcast:location"),
    bad("P20-043", ('country="US"', 'country="us"'), at="<podcast:location"),
    good("P20-043", ('country="US"', "")),
    bad("P20-044", (' osm="R112023"', ""), at="<podcast:location"),
    bad("P20-044", ('"subject" geo="geo:35.373,-119.019"', '"creator" geo="geo:35.37329,-119.01871"'), at="<podcast:location"),
    good("P20-044", ("geo:35.373,-119.019", "geo:35.37329,-119.01871")),
    bad("P20-070", (">CC-BY-4.0<", ">our-rules<"), at="<podcast:license"),
    good("P20-070", ("<podcast:license>CC-BY-4.0<", '<podcast:license url="https://www.example.org/rules">our-rules<')),
    bad("P20-071", (">CC-BY-4.0<", ">ARR<"), ("<copyright>The Sample Office", "<copyright>The Sample Office, CC BY 4.0"), at="<copyright>", also=("CH-030",)),
    good("P20-071", (">CC-BY-4.0<", ">ARR<")),
    bad("P20-090", (">podcast</podcast:medium>", ">audio</podcast:medium>"), at="<podcast:medium>"),
    good("P20-090", (">podcast</podcast:medium>", ">audiobook</podcast:medium>")),
    bad("P20-120", in_show('<podcast:block id="appel">yes</podcast:block>'), at="<podcast:block"),
    bad("P20-120", in_show('<podcast:block id="apple">true</podcast:block>'), at="<podcast:block"),
    good("P20-120", in_show('<podcast:block id="apple">yes</podcast:block>')),
    bad("P20-121", in_show("<podcast:block>yes</podcast:block>"), at="<podcast:block"),
    good("P20-121", in_show("<podcast:block>no</podcast:block>")),
    bad("P20-160", in_show('<podcast:podping usesPodping="yes"/>'), at="<podcast:podping"),
    good("P20-160", in_show('<podcast:podping usesPodping="true"/>')),
)  # fmt: skip
