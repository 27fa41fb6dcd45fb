"""Samples of the group NT."""

from __future__ import annotations

from rules.samples import Sample, bad, good

NOTES = "<p>In two minutes: who speaks here, about what, and why it may matter to your school.</p>"


def _notes(rule: str, wrong: str, right: str) -> tuple[Sample, Sample]:
    """Make both cases of a rule from what is added to the notes of an item."""
    here = bad(rule, (NOTES, f"{NOTES}\n{wrong}"), at=wrong)
    return here, good(rule, (NOTES, f"{NOTES}\n{right}"))


SAMPLES = (
    bad("NT-003", (NOTES, f"{NOTES}<h2>Resources</h2>"), at=NOTES),
    good("NT-003", (NOTES, f"{NOTES}<p><strong>Resources</strong></p>")),
    *_notes("NT-004", "<script>x</script>", "<p>script</p>"),
    bad("NT-005", (NOTES, f"{NOTES}<p>Why <b>so</p>"), at=NOTES),
    good("NT-005", (NOTES, f"{NOTES}<p>Why <b>so</b></p>")),
    *_notes("NT-006", '<a href="study.pdf">The study (PDF)</a>', '<a href="https://example.org/s.pdf">The study (PDF)</a>'),
    *_notes("NT-008", '<a href="https://example.org/?utm_source=x">The study</a>', '<a href="https://example.org/?autumn=1">The study</a>'),
    bad("NT-009", (NOTES, f'{NOTES}\n<p>Click <a href="https://example.org/">here</a></p>'), at="Click"),
    good("NT-009", (NOTES, f'{NOTES}\n<p>Click <a href="https://example.org/">here and there</a></p>')),
    bad("NT-010", (NOTES, f'{NOTES}<p><a href="https://example.org/a">Toolkit</a>\n<a href="https://example.org/b">Toolkit</a></p>'), at="https://example.org/b"),
    good("NT-010", (NOTES, f'{NOTES}<p><a href="https://example.org/a">Toolkit</a> <a href="https://example.org/a">Toolkit</a></p>')),
    bad("NT-017", (NOTES, f"{NOTES}<p> </p>"), at=NOTES),
    good("NT-017", (NOTES, f"{NOTES}<ul><li><p>One</p></li></ul>")),
)  # fmt: skip
