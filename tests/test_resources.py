"""The catalogue: every field at its place, and readers sent to the archived copy once the original is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import Place, SourceError
from publisher.model import Author, Catalogue, Episode, Resource
from publisher.notes import mail_html, plain_text, render_notes
from publisher.notes.resources import reader_marks
from publisher.resources import in_a_sentence, load_catalogue
from publisher.resources.record import RECORD_FILE, LinkRecord, read_record, write_record
from publisher.source.identifiers import read_doi, read_isbn
from publisher.templates import read_templates

ROOT = Path(__file__).resolve().parent.parent
FULL = """\
guide:
  title: "Guía para familias: <b>“todo”</b> & más"
  url: https://example.org/guía.pdf
  by: [{family: Peña Ruiz, given: María}, Example Coalition]
  publisher: Example Press
  kind: book
  languages: [es, en]
  description: A sample.
  format: PDF
  licence: CC-BY-4.0
  isbn: 978-0-306-40615-7
  doi: https://doi.org/10.1000/182
  verified_on: 2026-02-03
  archived_url: https://archive.example.org/1
short:
  title: Short
  url: https://example.org/short
  by: Department of Examples, Office of Samples
  languages: es
"""
EPISODE = Episode(
    slug="one",
    title="One",
    guid="g",
    date=datetime(2026, 1, 1, tzinfo=UTC),
    summary="",
    notes="",
    notes_line=1,
    source=Place("episodes/one/episode.md"),
)
GUIDE = Resource(
    "guide", "Guide", "https://example.org/guide.pdf", by="A", archived_url="https://w.example.org/1"
)
TEMPLATES = read_templates()


def outputs(notes: str, catalogue: Catalogue, *resources: Resource) -> dict[str, str]:
    episode = replace(EPISODE, notes=notes, resources=resources)
    rendered = render_notes(episode, catalogue, TEMPLATES, page_url="https://example.org/one")
    return {
        "feed": rendered.feed_html,
        "page": rendered.page_html,
        "text": plain_text(episode, catalogue, TEMPLATES),
        "mail": mail_html(episode, catalogue, TEMPLATES),
    }


def test_every_field_of_the_catalogue_is_read(tmp_path: Path) -> None:
    (tmp_path / "episodes").mkdir()
    (tmp_path / "episodes/resources.yaml").write_text(FULL, encoding="utf-8")
    catalogue = load_catalogue(tmp_path)
    assert list(catalogue) == ["guide", "short"]
    assert catalogue["guide"] == Resource(
        id="guide",
        title="Guía para familias: <b>“todo”</b> & más",
        url="https://example.org/guía.pdf",
        by="María Peña Ruiz and Example Coalition",
        publisher="Example Press",
        kind="book",
        languages=("es", "en"),
        description="A sample.",
        format="PDF",
        verified_on=date(2026, 2, 3),
        archived_url="https://archive.example.org/1",
        authors=(Author("Peña Ruiz", "María"), Author("Example Coalition")),
        licence="CC-BY-4.0",
        isbn="978-0-306-40615-7",
        doi="10.1000/182",
    )
    assert catalogue["short"].by == "Department of Examples, Office of Samples"
    assert catalogue["short"].languages == ("es",)


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("isbn: 978-0-306-40615-8", "4:9", "`isbn`: '978-0-306-40615-8' has a wrong digit: its last one does not fit"),
        ("isbn: 12345", "4:9", "`isbn`: '12345' is no ISBN"),
        ("doi: 11.1/x", "4:8", "`doi`: '11.1/x' is no DOI"),
        ("by: [{given: Ana}]", "4:8", "`by`: nobody is named, or twice"),
        ("by: {family: Ruiz, name: R}", "4:7", "`by`: nobody is named, or twice"),
        ("verified_on: soon", "4:16", "`verified_on` must be a day such as 2026-01-31, not soon"),
        ("archived_url: archive", "4:17", "`archived_url`: 'archive' is no web address"),
        ("archived_url: https://example.org/a b", "4:17", "`archived_url`: 'https://example.org/a b' is no web address: it holds a blank"),
        ("languages: [spanish]", "4:15", "`languages` spanish has the wrong form"),
        ("license: CC0", "4:3", "unknown key `license`"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_at_its_place(tmp_path: Path, line: str, place: str, message: str) -> None:
    (tmp_path / "episodes").mkdir()
    text = f"guide:\n  title: T\n  url: https://example.org\n  {line}\n"
    (tmp_path / "episodes/resources.yaml").write_text(text)
    with pytest.raises(SourceError) as caught:
        load_catalogue(tmp_path)
    found = [(str(problem.place), problem.message) for problem in caught.value.problems]
    assert found == [(f"episodes/resources.yaml:{place}", message)]


@pytest.mark.parametrize("isbn", ["0-306-40615-2", "080442957X", "ISBN 978 0 306 40615 7", "9791234567896"])
def test_isbns_are_taken_as_books_print_them(isbn: str) -> None:
    assert read_isbn(isbn) == isbn.removeprefix("ISBN ")


@given(st.integers(0, 10**12 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_of_an_isbn_is_found(number: int, at: int, off: int) -> None:
    digits = f"978{number % 10**9:09d}"
    total = sum((1, 3)[place % 2] * int(digit) for place, digit in enumerate(digits))
    right = f"{digits}{-total % 10}"
    assert read_isbn(right) == right
    at = max(at, 3)
    wrong = f"{right[:at]}{(int(right[at]) + off) % 10}{right[at + 1 :]}"
    with pytest.raises(ValueError, match="wrong digit"):
        read_isbn(wrong)


@pytest.mark.parametrize("doi", ["10.1000/182", "doi:10.1000/182", "http://dx.doi.org/10.1000/182"])
def test_dois_are_taken_as_papers_print_them(doi: str) -> None:
    assert read_doi(doi) == "10.1000/182"


@pytest.mark.parametrize(
    ("names", "shown"), [((), None), (("A",), "A"), (("A", "B"), "A and B"), (("A", "B", "C"), "A, B, and C")]
)
def test_authors_are_named_as_in_a_sentence(names: tuple[str, ...], shown: str | None) -> None:
    assert in_a_sentence([Author(name) for name in names]) == shown


def test_a_resource_that_works_is_linked_itself_in_every_output() -> None:
    for text in outputs("See [it][guide].", Catalogue({"guide": GUIDE}), GUIDE).values():
        assert text.count("https://example.org/guide.pdf") == 2
        assert "archive" not in text
        assert text.count("(PDF)") == 2


def test_a_resource_that_is_gone_leads_to_its_copy_in_every_output() -> None:
    gone = replace(GUIDE, is_gone=True)
    for name, text in outputs("See [it][guide].", Catalogue({"guide": gone}), gone).items():
        assert "https://example.org/guide.pdf" not in text, name
        assert text.count("https://w.example.org/1") == 2, name
        assert text.count("PDF, archived copy") == 2, name


def test_a_resource_that_is_gone_without_a_copy_stays_as_it_is() -> None:
    gone = replace(GUIDE, is_gone=True, archived_url=None)
    for text in outputs("See [it][guide].", Catalogue({"guide": gone}), gone).values():
        assert text.count("https://example.org/guide.pdf") == 2


def test_a_link_of_the_notes_that_is_gone_leads_to_its_copy_in_every_output() -> None:
    copies = {"https://example.org/ü?a=1&b=2": "https://w.example.org/2?x=1&y=2"}
    notes = "See [the **study**](https://example.org/ü?a=1&b=2) and [more](https://example.org/u)."
    for name, text in outputs(notes, Catalogue({}, copies)).items():
        assert "example.org/ü" not in text, name
        assert "example.org/%C3%BC" not in text, name
        assert text.count("https://w.example.org/2?x=1&") == 1, name
        assert text.count("archived copy") == 1, name
        assert "https://example.org/u" in text, name


@pytest.mark.parametrize(
    ("known", "is_gone"),
    [
        (LinkRecord("works", "works"), False),
        (LinkRecord("unsure", "refuses programs"), False),
        (LinkRecord("dead", "not there"), True),
        (LinkRecord("failed", "down", None, date(2026, 3, 1), date(2026, 3, 7)), False),
        (LinkRecord("failed", "down", None, date(2026, 3, 1), date(2026, 3, 8)), True),
    ],
)
def test_readers_are_sent_elsewhere_only_when_the_link_is_gone_for_good(
    tmp_path: Path, known: LinkRecord, is_gone: bool
) -> None:
    (tmp_path / "episodes").mkdir()
    (tmp_path / "episodes/resources.yaml").write_text(FULL, encoding="utf-8")
    write_record(
        tmp_path,
        {
            "https://example.org/short": known,
            "https://example.org/in-notes": replace(known, archived_url="https://w.example.org/3"),
        },
    )
    catalogue = load_catalogue(tmp_path)
    assert catalogue["short"].is_gone == is_gone
    assert not catalogue["guide"].is_gone
    assert bool(catalogue.copies) == is_gone


DAYS = st.none() | st.dates()
RECORDS = st.builds(
    LinkRecord, st.sampled_from(["works", "moved", "unsure", "failed", "dead"]), st.text(), DAYS, DAYS, DAYS,
    st.none() | st.text(), st.none() | st.text().map("https://example.org/{}".format),
)  # fmt: skip


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"])), RECORDS, max_size=4))
def test_the_record_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, record: dict[str, LinkRecord]
) -> None:
    root = tmp_path_factory.mktemp("record")
    (root / "episodes").mkdir()
    write_record(root, record)
    lines = (root / RECORD_FILE).read_text(encoding="utf-8").split("\n")
    assert len(lines) == (len(record) + 3 if record else 2)
    read = read_record(root)
    write_record(root, read)
    assert (root / RECORD_FILE).read_text(encoding="utf-8").split("\n") == lines
    assert len(read) == len(record)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", "[" * 100_000, '{"https://e.org": 1}',
        '{"https://e.org": {"state": "odd", "says": "x"}}',
        '{"https://e.org": {"state": "dead", "says": "x", "failed_on": "soon"}}',
        '{"https://e.org": {"state": "dead", "says": "x", "archived_url": "javascript:1"}}',
    ],
)  # fmt: skip
def test_a_damaged_record_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "episodes").mkdir()
    (tmp_path / RECORD_FILE).write_text(text)
    with pytest.raises(SourceError) as caught:
        load_catalogue(tmp_path)
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.file == RECORD_FILE
    assert "links check" in problem.hint


def test_the_shows_own_catalogue_says_only_what_is_known() -> None:
    catalogue = load_catalogue(ROOT)
    assert len(catalogue) == 11
    assert catalogue["colorin-colorado"].title == "Colorín Colorado, family engagement for English Learners"
    assert catalogue["changing-the-discourse"].by == "Eubanks, Parish, and Smith"
    assert [
        each.id for each in catalogue.values() if each.verified_on or each.isbn or each.archived_url
    ] == []


def test_readers_of_spanish_are_told_in_spanish_where_a_link_leads() -> None:
    words = TEMPLATES.words("es")
    gone = replace(GUIDE, is_gone=True, by=None, authors=(Author("A"), Author("B"), Author("C")))
    film = Resource("film", "Película", "https://example.org/film", kind="video")
    copies = {"https://example.org/x": "https://w.example.org/x"}
    catalogue = Catalogue({"guide": gone, "film": film}, copies, reader_marks(words))
    episode = replace(
        EPISODE, notes="[Guía][guide], [][film], [x](https://example.org/x).", resources=(gone, film)
    )
    rendered = render_notes(episode, catalogue, TEMPLATES, page_url="https://example.org/one", language="es")
    text = plain_text(episode, catalogue, TEMPLATES, language="es")
    for shown in (rendered.feed_html, rendered.page_html, text):
        assert shown.count("PDF, copia archivada") == 2
        assert shown.count("copia archivada") == 3
        assert shown.count("video") == 2
        assert "de A, B y C" in shown
        assert "archived" not in shown
