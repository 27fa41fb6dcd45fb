"""Samples of the groups SEC and PL."""

from __future__ import annotations

from rules.histories import at, past
from rules.samples import bad, bad_subject, good, good_subject

TITLE = "<title>Reading it out</title>"
WHO = "<p>Who reads what"
AUDIO = "https://media.example.org/ink/audio/trailer-11cc.mp3"
SPOTIFY = (" xmlns:atom=", ' xmlns:spotify="http://www.spotify.com/ns/rss" xmlns:atom=')
DCTERMS = (" xmlns:atom=", ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:atom=')
VALID = "<dcterms:valid>start=2026-01-20T14:00:00Z; end=2027-01-20T14:00:00Z</dcterms:valid>"
OWNER = """    <itunes:owner>
      <itunes:name>The Sample Office</itunes:name>
      <itunes:email>podcast@example.org</itunes:email>
    </itunes:owner>
"""

SAMPLES = (
    bad("SEC-001", (AUDIO, AUDIO.replace("://", "://editor:secret@")), at="editor:secret"),
    bad("SEC-001", ("https://www.example.org/ink/trailer", "https://192.168.1.4/trailer"), at="192.168"),
    bad("SEC-001", ("https://www.example.org/study", "https://files.office.internal/study"), at="files.office"),
    good("SEC-001", ("https://www.example.org/study", "https://localhost.example.org/10.0.0.1")),
    bad("SEC-002", (WHO, f"<p>AKIA{'Q' * 16} {WHO[3:]}"), at="AKIA"),
    good("SEC-002", (WHO, f"<p>AKIA {WHO[3:]}")),
    bad("SEC-003", (WHO, f"<p>some.body@gmail.com {WHO[3:]}"), at="some.body"),
    bad("SEC-003", (WHO, f"<p>Call (555) 234-5678. {WHO[3:]}"), at="(555)"),
    good("SEC-003", (WHO, f"<p>podcast@example.org, (800) 234-5678, 2024-2025, 10.1000/182-3456. {WHO[3:]}")),
    bad("SEC-006", (AUDIO, f"https://dts.podtrac.com/redirect.mp3/{AUDIO[8:]}"), at="dts.podtrac"),
    good("SEC-006", (AUDIO, "https://media.example.org/podtrac.com.mp3"), also=("MED-013",)),
    bad("PL-001", ("20 Jan 2026", "20 Feb 2026"), ("Tue, 20 Jan 2026", "Fri, 20 Feb 2026"), ("Tue, 13 Jan 2026", "Fri, 13 Feb 2026"), ("Tue, 06 Jan 2026", "Fri, 06 Feb 2026"), at="Fri, 06 Feb", also=("IT-023", "IT-024", "CH-016", "CH-018", "IT-022", "CH-015", "CH-017")),
    good("PL-001"),
    bad("PL-002", ("trailer-11cc.mp3", "trailer-11cc.m4a"), ('length="1920789" type="audio/mpeg"', 'length="1920789" type="audio/x-m4a"'), at="audio/x-m4a"),
    good("PL-002"),
    bad_subject("PL-004", lambda: past((("<title>Reading it out<", "<title>Read it out<"),)), at=at("<title>Reading")),
    good_subject("PL-004", past),
    bad("PL-005", (TITLE, "<title>Fear &lt; hope</title>"), at="<title>Fear"),
    good("PL-005", (TITLE, "<title>Fear and hope</title>")),
    bad("PL-006", (OWNER, ""), (' owner="podcast@example.org"', ""), at="<channel>", profiles=("amazon",)),
    good("PL-006", (OWNER, "")),
    bad("PL-008", SPOTIFY, ("<language>", "<spotify:countryOfOrigin>United States</spotify:countryOfOrigin><language>"), at="<spotify:"),
    bad("PL-008", DCTERMS, ("<guid", f"{VALID.replace('start=', 'from ').replace('end=', '')}<guid"), at="<dcterms:"),
    good("PL-008", SPOTIFY, DCTERMS, ("<guid", f"{VALID}<guid"), ("<language>", "<spotify:countryOfOrigin>us mx</spotify:countryOfOrigin><language>")),
)  # fmt: skip
