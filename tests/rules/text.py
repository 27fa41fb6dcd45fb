"""Samples of the group TX."""

from __future__ import annotations

from rules.samples import bad, good

ALIKE = "<p>In two minutes: who speaks here, about what, and why it may matter to your school.</p>"
OTHER = (
    "<p>What happens to a school when somebody starts to write everything down for the others.</p>"
    '<ul><li><a href="https://www.example.org/toolkit">The toolkit for schools</a></li></ul>'
)


def encoded(
    notes: str, about: str = "One description for both of them, though their notes are not alike at all."
) -> tuple[tuple[str, str]]:
    """Move notes to where apps prefer them, and put a plain description in their place."""
    old = f"<description><![CDATA[{notes}]]></description>"
    new = f"<description>{about}</description><content:encoded><![CDATA[{notes}]]></content:encoded>"
    return ((old, new),)


SAMPLES = (
    bad("TX-001", ("<title>Ink and Chalk<", "<title>Ink and Chalk | Schools, Families<"), at="<title>Ink"),
    good("TX-001", ("<title>Ink and Chalk<", "<title>Ink and Chalk: Schools<")),
    bad("TX-002", ("<title>Ink and Chalk<", "<title>Ink and Chalk Podcast<"), at="<title>Ink"),
    good("TX-002"),
    bad("TX-003", ("Reading it out<", "Ep. 2: Reading it out<"), at="Ep. 2"),
    good("TX-003", ("Reading it out<", "Reading 12 letters out<")),
    bad("TX-004", ("Reading it out<", "Ink and chalk, read out<"), at="Ink and chalk,"),
    good("TX-004"),
    bad("TX-005", ("Reading it out<", "Writing: it down!<"), at="Writing: it"),
    good("TX-005"),
    bad("TX-006", ("Reading it out<", "x" * 101 + "<"), at="xxx"),
    good("TX-006", ("Reading it out<", "x" * 100 + "<")),
    bad("TX-007", ("Reading it out<", "Reading &amp;amp; out<"), at="Reading &amp;amp;"),
    good("TX-007", ("Reading it out<", "Reading &amp; out<")),
    bad("TX-008", ("Reading it out<", "READING IT OUT<"), at="READING"),
    good("TX-008", ("Reading it out<", "Reading FACE out<")),
    bad("TX-009", ("Reading it out<", "Reading\u200b it out<"), at="Reading\u200b"),
    good("TX-009"),
    bad("TX-012", (ALIKE, "<p>About it.</p>"), at="About it"),
    good("TX-012", (ALIKE, "<p>Twenty characters it</p>")),
    bad("TX-013", (OTHER, ALIKE), at="In two minutes"),
    bad("TX-013", *encoded(OTHER), *encoded(ALIKE), at="<description>One"),
    bad("TX-013", *encoded(OTHER, ""), (ALIKE, OTHER), at="<description></description>", also=("IT-027",)),
    good(
        "TX-013",
        *encoded(OTHER),
        *encoded(ALIKE, "Another description of one of them for those who only read that much."),
    ),
    good("TX-013"),
)
