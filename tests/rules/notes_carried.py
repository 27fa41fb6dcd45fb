"""Samples of the rules on how notes are carried, and of how texts are written (groups NT and TX)."""

from __future__ import annotations

from publisher.checks.files import ResponseView, TranscriptView
from publisher.errors import Place
from rules.samples import CONTEXT, FILE, Sample, bad, bad_subject, clean_feed, good, good_subject

PARAGRAPH = "<p>In two minutes: who speaks here, about what, and why it may matter to your school.</p>"
DESCRIPTION = f"<description><![CDATA[{PARAGRAPH}]]></description>"
TITLE = "<title>What this show is about</title>"
LINKED = (
    '<p>Everything that a school may want to read: <a href="https://www.example.org/a">the study</a>.</p>'
)
ABOUT = "Conversations about how schools write down what they know, for teachers and families."
SPANISH = (
    "<p>En este episodio hablamos de lo que las familias saben y de cómo la escuela puede escucharlas. "
    "Para los que quieren leer más, el estudio está en la página de la oficina, con una lista de preguntas.</p>"
)
LIST = "<p>00:00 Welcome<br>00:40 Why<br>%s Goodbye</p>"


def _notes(html: str) -> tuple[str, str]:
    return (PARAGRAPH, f"{PARAGRAPH}\n{html}")


def _both(description: str, content: str) -> tuple[str, str]:
    wrapped = f"<description><![CDATA[{description}]]></description>"
    return (DESCRIPTION, f"{wrapped}\n<content:encoded><![CDATA[{content}]]></content:encoded>")


def _link(status: int) -> ResponseView:
    return ResponseView("https://www.example.org/a", "link", Place(FILE, 60), CONTEXT, status=status)


def _transcript(speaker: str) -> TranscriptView:
    item = clean_feed().item(0)
    data = (
        f"WEBVTT\n\n00:00.000 --> 00:04.000\n<v {speaker}>Good morning, and welcome to the show.\n".encode()
    )
    view = TranscriptView(
        "https://a.example.org/a.vtt", "text/vtt", "a.vtt", Place(FILE), CONTEXT, lambda: data, item
    )
    view.language = "en-us"
    return view


def _pair(rule: str, wrong: str, right: str, at: str = "") -> tuple[Sample, Sample]:
    return bad(rule, _notes(wrong), at=at or wrong), good(rule, _notes(right))


SAMPLES = (
    bad("NT-001", (DESCRIPTION, f"<description>{PARAGRAPH}</description>"), at=PARAGRAPH),
    bad("NT-001", (DESCRIPTION, "<description>" + PARAGRAPH.replace("<", "&amp;lt;").replace(">", "&amp;gt;") + "</description>"), at="&amp;lt;p"),
    bad("NT-001", (DESCRIPTION, f"<description><![CDATA[{PARAGRAPH}]]>&lt;p&gt;And more.&lt;/p&gt;</description>"), at="And more"),
    bad("NT-001", (PARAGRAPH, PARAGRAPH.replace(",", " &amp;amp;")), at="&amp;amp;"),
    good("NT-001", (DESCRIPTION, "<description>" + PARAGRAPH.replace("<", "&lt;").replace(">", "&gt;") + "</description>")),
    bad("NT-002", (PARAGRAPH, f"{PARAGRAPH}<p>The signs ]]> end it</p>"), at="The signs"),
    good("NT-002", (PARAGRAPH, f"{PARAGRAPH}<p>The signs ]]]]><![CDATA[> end it</p>")),
    *_pair("NT-007", '<a href="http://www.example.org/a">The study</a>', '<a href="https://www.example.org/a">The study</a>'),
    bad_subject("NT-007", lambda: _link(404), at="clean.xml:60"),
    good_subject("NT-007", lambda: _link(200)),
    good_subject("NT-007", lambda: _link(403)),
    bad("NT-011", (PARAGRAPH, f"<p>https://www.example.org/offer</p>{PARAGRAPH}"), at="/offer"),
    bad("NT-011", (PARAGRAPH, f"<p>00:00 Welcome</p>{PARAGRAPH}"), at="00:00 Welcome"),
    good("NT-011", (PARAGRAPH, f"<p>9:30 p.m. in Bakersfield</p>{PARAGRAPH}".replace("9:30 p.m. in", "Late in"))),
    bad("NT-013", _both(LINKED, LINKED.replace("org/a", "org/b")), at="<description><![CDATA[<p>Everything"),
    good("NT-013", _both(LINKED, LINKED)),
    bad("NT-014", _both("Everything that a school may want to read: the study.", LINKED), at="<description><![CDATA[Everything"),
    good("NT-014", _both("Everything that a school may want to read: the study (www.example.org/a).", LINKED)),
    good("NT-014", _both("What a school may want to read, in two minutes.", LINKED)),
    *_pair("NT-015", '<img src="https://www.example.org/a.png">', "<p>A picture</p>"),
    bad("NT-016", _notes(LIST % "02:40"), at="02:40"),
    good("NT-016", _notes(LIST % "01:40")),
    *_pair("NT-018", '<a href="https://www.example.org/a.pdf?v=1">The study</a>', '<a href="https://www.example.org/a.pdf">The study (PDF, 2 MB)</a>'),
    bad("TX-010", (TITLE, "<title>Espan\u0303ol en la escuela</title>"), at="Espan\u0303ol"),
    bad("TX-010", (PARAGRAPH, PARAGRAPH.replace("school", "e\u0301cole")), at="e\u0301cole"),
    good("TX-010", (TITLE, "<title>Español en la escuela</title>")),
    bad("TX-011", (TITLE, "<title>It's \u201cready\u201d now</title>"), at="ready"),
    good("TX-011", (TITLE, "<title>It\u2019s \u201cready\u201d now</title>")),
    good("TX-011", (TITLE, "<title>5\u2019 6\" and \u201cready\u201d</title>")),
    bad("TX-014", (PARAGRAPH, SPANISH), at="En este episodio"),
    bad("TX-014", (ABOUT, SPANISH[3:-4]), at="<language>"),
    good("TX-014", (PARAGRAPH, PARAGRAPH + "<p>Colorín colorado, este cuento se ha acabado.</p>")),
    bad("TX-015", ("Sample Guest", "Sámple Guést"), ("to whom it is read aloud", "to whom Sample Guest reads it aloud"), at="to whom Sample"),
    good("TX-015", ("Sample Guest", "Sámple Guést"), ("to whom it is read aloud", "to whom Sámple Guést reads it aloud")),
    bad_subject("TX-015", lambda: _transcript("Sampłe Guest"), at="a.vtt:4"),
    good_subject("TX-015", lambda: _transcript("Sample Guest")),
)  # fmt: skip
